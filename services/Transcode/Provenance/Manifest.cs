using System.Formats.Cbor;

namespace Platform.Transcode.Provenance;

/// <summary>What a manifest tells.</summary>
/// <param name="Label">Its own name, <c>urn:c2pa:UUID</c>.</param>
/// <param name="InstanceId">Of the file, <c>xmp:iid:UUID</c>.</param>
/// <param name="Generator">Who made it: name and version.</param>
/// <param name="SourceType">How the film came to be: a term of IPTC's "Digital Source Type".</param>
/// <param name="Transcoded">Whether its picture was encoded anew.</param>
internal sealed record Statement(string Label, string InstanceId, (string Name, string Version) Generator, string SourceType, bool Transcoded);

/// <summary>Writes a manifest of C2PA 2.x: what is claimed of a film, bound to its bytes, signed. Pure.</summary>
internal static class Manifest
{
    /// <summary>The term's full name (cv.iptc.org/newscodes/digitalsourcetype).</summary>
    public const string SourceTypes = "http://cv.iptc.org/newscodes/digitalsourcetype/";

    private const string Algorithm = "sha256";
    private const string ActionsLabel = "c2pa.actions.v2", BindingLabel = "c2pa.hash.bmff.v3";
    private const int UuidOffset = 8;

    /// <summary>The manifest store, as it lies in a file's box.</summary>
    /// <param name="statement">What it tells.</param>
    /// <param name="hash">Of the film's bytes, as <see cref="BmffFile"/> counts them.</param>
    /// <param name="sign">Signs the claim: a COSE_Sign1 without its content.</param>
    public static byte[] Write(Statement statement, byte[] hash, Func<byte[], byte[]> sign)
    {
        var actions = Jumbf.Described("cbor", ActionsLabel, Jumbf.Box("cbor", Actions(statement)));
        var binding = Jumbf.Described("cbor", BindingLabel, Jumbf.Box("cbor", Binding(hash)));
        var claim = Claim(statement, [(ActionsLabel, Jumbf.Hash(actions)), (BindingLabel, Jumbf.Hash(binding))]);
        return Jumbf.Described("c2pa", "c2pa", Jumbf.Described(
            "c2ma", statement.Label,
            Jumbf.Described("c2as", "c2pa.assertions", actions, binding),
            Jumbf.Described("c2cl", "c2pa.claim.v2", Jumbf.Box("cbor", claim)),
            Jumbf.Described("c2cs", "c2pa.signature", Jumbf.Box("cbor", sign(claim)))));
    }

    private static byte[] Claim(Statement statement, (string Label, byte[] Hash)[] assertions) => Cbor(writer =>
    {
        writer.WriteStartMap(null);
        Text(writer, "instanceID", statement.InstanceId);
        writer.WriteTextString("claim_generator_info");
        Generator(writer, statement);
        Text(writer, "signature", $"self#jumbf=/c2pa/{statement.Label}/c2pa.signature");
        writer.WriteTextString("created_assertions");
        writer.WriteStartArray(assertions.Length);
        foreach (var (label, hash) in assertions)
        {
            writer.WriteStartMap(null);
            Text(writer, "url", $"self#jumbf=c2pa.assertions/{label}");
            writer.WriteTextString("hash");
            writer.WriteByteString(hash);
            writer.WriteEndMap();
        }

        writer.WriteEndArray();
        Text(writer, "alg", Algorithm);
        writer.WriteEndMap();
    });

    private static byte[] Actions(Statement statement) => Cbor(writer =>
    {
        writer.WriteStartMap(1);
        writer.WriteTextString("actions");
        writer.WriteStartArray(null);
        writer.WriteStartMap(null);
        Text(writer, "action", "c2pa.created");
        Text(writer, "digitalSourceType", SourceTypes + statement.SourceType);
        writer.WriteTextString("softwareAgent");
        Generator(writer, statement);
        writer.WriteEndMap();
        if (statement.Transcoded)
        {
            writer.WriteStartMap(null);
            Text(writer, "action", "c2pa.transcoded");
            writer.WriteEndMap();
        }

        writer.WriteEndArray();
        writer.WriteEndMap();
    });

    // Which boxes are not counted: the manifest's own, and those that a file server may change.
    private static byte[] Binding(byte[] hash) => Cbor(writer =>
    {
        writer.WriteStartMap(null);
        writer.WriteTextString("exclusions");
        writer.WriteStartArray(3);
        Exclusion(writer, "/uuid", () =>
        {
            writer.WriteTextString("data");
            writer.WriteStartArray(1);
            writer.WriteStartMap(null);
            writer.WriteTextString("offset");
            writer.WriteInt32(UuidOffset);
            writer.WriteTextString("value");
            writer.WriteByteString(BmffFile.ManifestUuid);
            writer.WriteEndMap();
            writer.WriteEndArray();
        });
        Exclusion(writer, "/ftyp", () => { });
        Exclusion(writer, "/mfra", () => { });
        writer.WriteEndArray();
        Text(writer, "alg", Algorithm);
        writer.WriteTextString("hash");
        writer.WriteByteString(hash);
        Text(writer, "name", "film");
        writer.WriteEndMap();
    });

    private static void Exclusion(CborWriter writer, string path, Action rest)
    {
        writer.WriteStartMap(null);
        Text(writer, "xpath", path);
        rest();
        writer.WriteEndMap();
    }

    private static void Generator(CborWriter writer, Statement statement)
    {
        writer.WriteStartMap(null);
        Text(writer, "name", statement.Generator.Name);
        Text(writer, "version", statement.Generator.Version);
        writer.WriteEndMap();
    }

    private static void Text(CborWriter writer, string key, string value)
    {
        writer.WriteTextString(key);
        writer.WriteTextString(value);
    }

    private static byte[] Cbor(Action<CborWriter> write)
    {
        var writer = new CborWriter(CborConformanceMode.Canonical, convertIndefiniteLengthEncodings: true);
        write(writer);
        return writer.Encode();
    }
}
