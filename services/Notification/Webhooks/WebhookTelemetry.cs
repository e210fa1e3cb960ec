using System.Diagnostics;
using System.Diagnostics.Metrics;

namespace Platform.Notification.Webhooks;

/// <summary>A span per try, in the trace of the job, and how many tries there were.</summary>
internal static class WebhookTelemetry
{
    private const string Name = "Platform.Notification";

    private static readonly ActivitySource Source = new(Name);
    private static readonly Meter Meter = new(Name);
    private static readonly Counter<long> Attempts = Meter.CreateCounter<long>("platform.webhook.attempts", "{attempt}", "Tries to deliver a webhook.");
    private static readonly Histogram<double> Duration = Meter.CreateHistogram<double>("platform.webhook.duration", "s", "How long endpoints took to answer.");

    public static Activity? Start(TakenDelivery delivery)
    {
        var activity = Source.StartActivity("webhook", ActivityKind.Client, delivery.TraceParent);
        activity?.SetTag("platform.job.id", delivery.JobId);
        activity?.SetTag("platform.webhook.id", delivery.MessageId);
        return activity;
    }

    public static void Record(Activity? activity, Outcome outcome, Verdict verdict, TimeSpan duration)
    {
        var delivered = verdict.State == DeliveryState.Delivered;
        var code = outcome.Code ?? (delivered ? "ok" : "refused");
        Attempts.Add(1, new KeyValuePair<string, object?>("outcome", code));
        Duration.Record(duration.TotalSeconds, new KeyValuePair<string, object?>("outcome", code));
        activity?.SetTag("http.response.status_code", outcome.Status);
        activity?.SetTag("error.type", outcome.Code);
        if (!delivered) activity?.SetStatus(ActivityStatusCode.Error);
    }
}
