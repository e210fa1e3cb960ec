namespace Platform.Browser;

/// <summary>What became of a browser or a page.</summary>
public enum BrowserFault
{
    /// <summary>No Chromium on this machine.</summary>
    NotFound,

    /// <summary>It did not come up: the message holds the end of its standard error.</summary>
    NotStarted,

    /// <summary>The browser's process ended, by itself or by somebody else's hand.</summary>
    Crashed,

    /// <summary>The page's renderer ended; the browser lives.</summary>
    PageCrashed,

    /// <summary>A frame took longer than <see cref="BrowserOptions.FrameTimeout"/>: the page's scripts do not yield.</summary>
    Hung,

    /// <summary>The browser's whole budget of real time is spent.</summary>
    BudgetSpent,

    /// <summary>More memory than <see cref="BrowserOptions.MemoryBytes"/>.</summary>
    OutOfMemory,

    /// <summary>Playwright's driver, between us and the browser, ended or lost it: the browser may live, and nobody can speak to it.</summary>
    DriverEnded,

    /// <summary>The page went elsewhere while it was asked, and did so again whenever the question was repeated.</summary>
    PageLeft,

    /// <summary>An answer of the browser that is none of the above: a script that threw, a command it did not know.</summary>
    Protocol,
}

/// <summary>The browser did not do what it was told. <see cref="Fault"/> says why; the message is for operators, not for clients.</summary>
public sealed class BrowserException(BrowserFault fault, string message, Exception? inner = null) : Exception(message, inner)
{
    public BrowserFault Fault { get; } = fault;
}
