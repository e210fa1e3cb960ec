using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.Extensions.Options;
using Platform.Contracts;

namespace Platform.ServiceDefaults;

/// <summary>Seals the secret parts of stages when a job is accepted, and opens them in the worker: in rows, messages and answers they are one encrypted string.</summary>
public sealed class StageSecrets(IDataProtectionProvider protection, IOptions<SecretsOptions> options)
{
    private const string Field = "secrets";
    private readonly IDataProtector _protector = protection.CreateProtector("stages");
    private readonly MasterKey _master = new(protection, options);

    /// <summary>The stage as a document has it, its <c>secrets</c> sealed; itself when it has none.</summary>
    /// <param name="tenant">Whose they are: the hash of another tenant's same secret is another.</param>
    /// <param name="stage">The stage's parameters.</param>
    public JsonElement Seal(string tenant, JsonElement stage)
    {
        if (!stage.TryGetProperty(Field, out var secrets) || secrets.ValueKind != JsonValueKind.Object) return stage;
        var text = JsonSerializer.Serialize(secrets);
        var sealedStage = JsonObject.Create(stage)!;
        sealedStage[Field] = SealedText.Of(Convert.ToHexStringLower(_master.Hash($"stage secret of {tenant}: {text}")), _protector.Protect(text));
        return JsonSerializer.SerializeToElement(sealedStage);
    }

    /// <summary>What was sealed; as it is when it never was, as in a command that no document was behind.</summary>
    /// <exception cref="CryptographicException">Not ours, changed, or written with a key that the ring no longer holds.</exception>
    public T? Open<T>(Sealed<T>? secret)
        where T : class =>
        secret?.Text is { } text && SealedText.Cipher(text) is { } cipher ? JsonSerializer.Deserialize<T>(_protector.Unprotect(cipher), ContractJson.Options) : secret?.Plain;
}
