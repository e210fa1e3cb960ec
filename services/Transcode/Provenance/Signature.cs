using Microsoft.Extensions.Options;
using Platform.Contracts;
using Platform.Stages;
using Platform.Transcode.Films;

namespace Platform.Transcode.Provenance;

/// <summary>Signs films in the installation's name.</summary>
internal sealed class Signature(IOptions<TranscodeOptions> options, TimeProvider time) : IDisposable
{
    private readonly Credentials? credentials = Credentials.Load(options.Value);

    /// <summary>Asked before the work begins.</summary>
    /// <exception cref="StageException"><c>transcode.no_certificate</c>, <c>transcode.certificate_expired</c>.</exception>
    public void Require()
    {
        if (credentials is null)
        {
            throw new StageException("transcode.no_certificate", FailureKind.Permanent, "This installation signs nothing: its operator has to set Transcode:CertificatePath and Transcode:KeyPath.");
        }

        if (time.GetUtcNow() is var now && (now < credentials.Validity.From || now > credentials.Validity.Until))
        {
            throw new StageException("transcode.certificate_expired", FailureKind.Permanent, FormattableString.Invariant($"The installation's certificate is valid from {credentials.Validity.From:u} until {credentials.Validity.Until:u}."));
        }
    }

    /// <summary>Signs a copy of a film.</summary>
    /// <param name="film">Path of the film.</param>
    /// <param name="signed">Path of the copy.</param>
    /// <param name="plan">How it was made.</param>
    /// <param name="sourceType">How it came to be.</param>
    /// <param name="cancellationToken">Ends it.</param>
    public Task SignAsync(string film, string signed, FilmPlan plan, string sourceType, CancellationToken cancellationToken)
    {
        var version = typeof(Signature).Assembly.GetName().Version!.ToString(3);
        var statement = new Statement($"urn:c2pa:{Guid.NewGuid()}", $"xmp:iid:{Guid.NewGuid()}", ("Platform", version), sourceType, !plan.CopiesPicture);
        return credentials!.SignAsync(film, signed, statement, cancellationToken);
    }

    public void Dispose() => credentials?.Dispose();
}
