using System.Globalization;
using Platform.Ffmpeg;

namespace Platform.Merge.Films;

/// <summary>Says of a file that cannot be used whose it is.</summary>
internal static class SceneErrors
{
    /// <summary>Checks something.</summary>
    /// <param name="scene">Number of the scene, from 0.</param>
    /// <param name="part">What of it, for a person.</param>
    /// <param name="check">Throws a <see cref="MediaException"/> if it is wrong.</param>
    public static void Of(int scene, string part, Action check)
    {
        try
        {
            check();
        }
        catch (MediaException e)
        {
            throw Named(scene, part, e);
        }
    }

    /// <summary>The error with the scene's number.</summary>
    public static MediaException Named(int scene, string part, MediaException e) =>
        new(e.Code, e.Transient, string.Create(CultureInfo.InvariantCulture, $"The {part} of scene {scene + 1}: {e.Message}"), e);
}
