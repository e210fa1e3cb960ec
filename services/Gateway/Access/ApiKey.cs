using System.Buffers;
using System.Numerics;
using System.Security.Cryptography;
using System.Text;

namespace Platform.Gateway.Access;

/// <summary>
/// The form of a key: <c>vp_</c>, 256 random bits in base62 (43 characters), and the CRC-32 of all that in base62 (6 characters), so that a mistyped
/// key, or a text that is none, is told without a lookup, and scanners can find lost keys.
/// </summary>
public static class ApiKey
{
    /// <summary>How every key begins.</summary>
    public const string Prefix = "vp_";

    private const string Digits = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
    private static readonly SearchValues<char> DigitSet = SearchValues.Create(Digits);
    private const int SecretLength = 43;        // 62^43 > 2^256
    private const int ChecksumLength = 6;       // 62^6 > 2^32
    private const int Length = 3 + SecretLength + ChecksumLength;

    /// <summary>Makes a new key. It is shown once; what is kept is <see cref="Hash"/>.</summary>
    public static string Create()
    {
        var secret = Prefix + Base62(new BigInteger(RandomNumberGenerator.GetBytes(32), isUnsigned: true), SecretLength);
        return secret + Checksum(secret);
    }

    /// <summary>Whether a text has the form of a key and its checksum is right.</summary>
    public static bool IsWellFormed(string text) =>
        text.Length == Length
        && text.StartsWith(Prefix, StringComparison.Ordinal)
        && text.AsSpan(Prefix.Length).IndexOfAnyExcept(DigitSet) < 0
        && Checksum(text[..^ChecksumLength]) == text[^ChecksumLength..];

    /// <summary>SHA-256 of a key as it is kept: 64 lower-case hex digits. A key is 256 random bits, so it needs no salt and no slow hash.</summary>
    public static string Hash(string key) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(key)));

    private static string Checksum(string text) => Base62(Crc32(Encoding.ASCII.GetBytes(text)), ChecksumLength);

    // The CRC of zip and PNG (ISO 3309), bit by bit: keys are short, and the framework has none of its own.
    private static uint Crc32(ReadOnlySpan<byte> bytes)
    {
        var crc = uint.MaxValue;
        foreach (var b in bytes)
        {
            crc ^= b;
            for (var bit = 0; bit < 8; bit++) crc = (crc >> 1) ^ (0xEDB88320 & (uint)-(int)(crc & 1));
        }
        return ~crc;
    }

    private static string Base62(BigInteger value, int length)
    {
        var text = new char[length];
        for (var i = length - 1; i >= 0; i--)
        {
            value = BigInteger.DivRem(value, Digits.Length, out var digit);
            text[i] = Digits[(int)digit];
        }
        return new string(text);
    }
}
