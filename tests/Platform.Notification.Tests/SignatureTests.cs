using Platform.Notification.Webhooks;

namespace Platform.Notification.Tests;

public sealed class SignatureTests
{
    private const string Secret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
    private const string Id = "msg_p5jXN8AQM9LWM0D4loKWxJek";
    private const long Timestamp = 1614265330;

    [Fact]
    public void Gives_the_published_signature_of_the_published_example() =>
        Assert.Equal("v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=", Signature.Of(Secret, Id, Timestamp, "{\"test\": 2432232314}"u8));

    [Fact]
    public void Covers_the_id_the_time_the_body_and_the_secret()
    {
        string[] signatures =
        [
            Signature.Of(Secret, Id, Timestamp, "{}"u8),
            Signature.Of(Secret, Id + "x", Timestamp, "{}"u8),
            Signature.Of(Secret, Id, Timestamp + 1, "{}"u8),
            Signature.Of(Secret, Id, Timestamp, "{ }"u8),
            Signature.Of("whsec_" + Convert.ToBase64String(new byte[32]), Id, Timestamp, "{}"u8),
        ];

        Assert.Equal(signatures.Length, signatures.Distinct().Count());
    }
}
