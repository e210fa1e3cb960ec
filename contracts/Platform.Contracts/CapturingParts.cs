namespace Platform.Contracts;

/// <summary>Asks Capture to film some frames of a page's take.</summary>
public sealed record CapturePart
{
    public required StageRun Run { get; init; }
    public required CapturePartParameters Parameters { get; init; }

    /// <inheritdoc cref="CapturePage.Inputs"/>
    public required IReadOnlyDictionary<string, Artifact> Inputs { get; init; }
}

/// <summary>Parameters of a planned <c>capture-part</c> stage.</summary>
public sealed record CapturePartParameters
{
    /// <summary>The capture that it is a part of.</summary>
    public required CaptureParameters Capture { get; init; }

    /// <summary>Its first frame.</summary>
    public required int From { get; init; }

    /// <summary>The frame after its last one.</summary>
    public required int To { get; init; }

    /// <summary>What the page takes the time for when it is opened: the same for all parts.</summary>
    public required DateTimeOffset Clock { get; init; }
}

/// <summary>Asks Capture to join the parts of a take, and to make its films.</summary>
public sealed record JoinTake
{
    public required StageRun Run { get; init; }
    public required JoinTakeParameters Parameters { get; init; }

    /// <inheritdoc cref="CapturePage.Inputs"/>
    public required IReadOnlyDictionary<string, Artifact> Inputs { get; init; }

    /// <inheritdoc cref="CapturePage.Encode"/>
    public FinalEncode? Encode { get; init; }
}

/// <summary>Parameters of a planned <c>capture-join</c> stage.</summary>
public sealed record JoinTakeParameters
{
    /// <summary>The capture that the parts are of.</summary>
    public required CaptureParameters Capture { get; init; }

    /// <summary>In order.</summary>
    public required IReadOnlyList<TakePartFiles> Parts { get; init; }
}

/// <summary>What a part of a take left.</summary>
public sealed record TakePartFiles
{
    /// <summary>Its frames.</summary>
    public required Media Frames { get; init; }

    /// <summary>What they show.</summary>
    public required Media Timeline { get; init; }

    /// <summary>The frame before its first one, as it drew it: what the part before ends with. Null for the first part.</summary>
    public Media? Lead { get; init; }

    /// <summary>Its last frame.</summary>
    public required Media Last { get; init; }
}
