namespace LoopOrchestrator.Core.Git;

/// <summary>How <c>git diff-* --raw --no-abbrev</c> says that one file differs; its path comes after it.</summary>
/// <param name="OldMode">Its mode on the first side; zeros where it is not there.</param>
/// <param name="Mode">Its mode on the second side, likewise.</param>
/// <param name="OldId">Its object on the first side, likewise.</param>
/// <param name="Id">Its object on the second side, likewise.</param>
/// <remarks>
/// The form is that of <see href="https://git-scm.com/docs/diff-format">git's documentation</see>, under "Raw output format".
/// </remarks>
internal readonly record struct RawDiffLine(string OldMode, string Mode, string OldId, string Id)
{
    /// <summary>Whether a part of a list stands for such a line; the others are paths and numbers.</summary>
    public static bool Is(string part) => part.StartsWith(':');

    /// <summary>Reads <c>:mode mode object object status</c>.</summary>
    public static RawDiffLine Parse(string part)
    {
        var fields = part.TrimStart(':').Split(' ');
        return new RawDiffLine(fields[0], fields[1], fields[2], fields[3]);
    }

    /// <summary>Whether a mode or an object stands for nothing.</summary>
    public static bool IsNothing(string modeOrId) => modeOrId.All(static digit => digit == '0');
}
