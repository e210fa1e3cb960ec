using System.Buffers.Binary;
using System.Text;

namespace Platform.Ffmpeg;

/// <summary>Looks at a file's bytes before any parser of ffmpeg does.</summary>
internal static class FileShape
{
    private const int Head = 512;

    // What users rename to .mp4. ZIP at the start only: an MP4 with a ZIP behind it is an MP4.
    private static readonly (byte[] Signature, string What)[] Foreign =
    [
        ([.. "%PDF"u8], "a PDF document"),
        ([.. "PK"u8, 3, 4], "a ZIP archive"),
        ([.. "MZ"u8], "a program"),
        ([0x7f, .. "ELF"u8], "a program"),
    ];

    // By name ffmpeg would open these as the first of a sequence of pictures.
    private static readonly (byte[] Signature, string Demuxer)[] Pictures =
    [
        ([0x89, .. "PNG\r\n"u8, 0x1a], "png_pipe"),
        ([0xff, 0xd8, 0xff], "jpeg_pipe"),
    ];

    private static readonly byte[][] EncryptionSchemes = [.. from scheme in (string[])["cenc", "cbc1", "cens", "cbcs"] select (byte[])[.. "schm"u8, 0, 0, 0, 0, .. Encoding.ASCII.GetBytes(scheme)]];

    /// <summary>Refuses what is no media, and names the demuxer where that depends on nothing but the first bytes; null: ffmpeg finds it.</summary>
    /// <exception cref="MediaException"><c>media.unreadable</c>, <c>media.unsupported_container</c>, <c>media.truncated</c> or <c>media.encrypted</c>.</exception>
    public static string? Check(string path)
    {
        var file = new FileInfo(path);
        if (!file.Exists || file.LinkTarget is not null || file.Length == 0)
        {
            throw new MediaException("media.unreadable", false, file.Exists && file.LinkTarget is null ? "The file is empty." : "There is no such file."); // pipes and devices have no length
        }

        using var stream = file.OpenRead();
        var head = new byte[Math.Min(Head, file.Length)];
        stream.ReadExactly(head);
        if (Recognise(head) is { } what)
        {
            throw new MediaException("media.unsupported_container", false, $"The file is {what}, not media.");
        }

        if (IsMp4(head))
        {
            CheckMp4(stream);
        }

        return head.AsSpan() is var start && start.StartsWith("RIFF"u8) && start.Length >= 12 && start[8..12].SequenceEqual("WEBP"u8)
            ? "webp_pipe"
            : Pictures.FirstOrDefault(picture => head.AsSpan().StartsWith(picture.Signature)).Demuxer;
    }

    /// <summary>What a file that is no media is, or null. Text is never media here: playlists, manifests and drawings are text.</summary>
    public static string? Recognise(ReadOnlySpan<byte> head)
    {
        foreach (var (signature, what) in Foreign)
        {
            if (head.StartsWith(signature))
            {
                return what;
            }
        }

        return IsText(head) ? "text" : null;
    }

    private static bool IsText(ReadOnlySpan<byte> head)
    {
        if (head.StartsWith(Encoding.UTF8.Preamble))
        {
            head = head[3..];
        }

        foreach (var b in head)
        {
            if (b is < 0x20 and not ((byte)'\t' or (byte)'\n' or (byte)'\r' or 0x1b) or 0x7f or >= 0xf8)
            {
                return false;
            }
        }

        return head.Length > 15;
    }

    private static bool IsMp4(ReadOnlySpan<byte> head) => head.Length >= 12 && head[4..8].SequenceEqual("ftyp"u8);

    /// <summary>Walks the boxes. ISO/IEC 14496-12, 4.2: size, type, large size when size is 1, to the end when 0.</summary>
    private static void CheckMp4(FileStream stream)
    {
        Span<byte> header = stackalloc byte[16];
        for (long at = 0, size; at + 8 <= stream.Length; at += size)
        {
            stream.Position = at;
            var read = stream.ReadAtLeast(header, 16, throwOnEndOfStream: false);
            size = BinaryPrimitives.ReadUInt32BigEndian(header);
            if (size == 1 && read == 16)
            {
                size = BinaryPrimitives.ReadInt64BigEndian(header[8..]);
            }

            if (size < 8)
            {
                return; // to the end of the file, or no box: what follows is not ours to judge
            }

            var (isMovie, isData, missing) = (header[4..8].SequenceEqual("moov"u8), header[4..8].SequenceEqual("mdat"u8), size - (stream.Length - at));
            if ((isMovie || isData) && missing > 0)
            {
                throw new MediaException("media.truncated", false, FormattableString.Invariant($"The file lacks its last {missing} bytes."));
            }

            if (isMovie && IsEncrypted(stream, at, size))
            {
                throw new MediaException("media.encrypted", false, "The file is encrypted.");
            }
        }
    }

    /// <summary>Looks for a protection scheme (ISO/IEC 23001-7), which ffprobe keeps silent about: it reports the codec beneath, and then decodes noise.</summary>
    private static bool IsEncrypted(FileStream stream, long at, long size)
    {
        const long longest = 64 << 20;
        var movie = new byte[Math.Min(size, longest)];
        stream.Position = at;
        var read = stream.ReadAtLeast(movie, movie.Length, throwOnEndOfStream: false);
        return EncryptionSchemes.Any(scheme => movie.AsSpan(0, read).IndexOf(scheme) >= 0);
    }
}
