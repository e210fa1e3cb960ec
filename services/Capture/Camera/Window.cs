using Platform.Capture.Takes;

namespace Platform.Capture.Camera;

/// <summary>What stands around the page in the film. Lengths in CSS pixels.</summary>
/// <param name="Bar">Height of a browser's bar above the page; 0 for none.</param>
/// <param name="Padding">Background around the window, where the camera sees all of it.</param>
internal readonly record struct Window(double Bar, double Padding)
{
    /// <summary>Height of a desktop browser's bar at 100 %.</summary>
    public const double BarHeight = 44;

    /// <summary>Radius of the window's corners: what desktops draw.</summary>
    public const double Radius = 12;

    /// <summary>The page alone.</summary>
    public static readonly Window None = new(0, 0);

    public bool IsNone => this == None;

    /// <summary>The page with its bar, in CSS pixels of the viewport: what lies above the page is negative.</summary>
    public Box Around(double width, double height) => new(0, -Bar, width, height + Bar);

    /// <summary>The same with the background that belongs to it.</summary>
    public Box Outer(double width, double height) => new(-Padding, -Bar - Padding, width + 2 * Padding, height + Bar + 2 * Padding);
}
