namespace LoopOrchestrator.Core.Processes;

/// <summary>What looking for a program has found.</summary>
/// <param name="Path">Its full path; <see langword="null"/> when it is nowhere.</param>
/// <param name="Looked">The places looked at, in order.</param>
public sealed record ExecutableSearch(string? Path, IReadOnlyList<string> Looked)
{
    /// <summary>What is odd about the search path; <see langword="null"/> when nothing is, or it was not used.</summary>
    public string? Oddity { get; init; }

    /// <summary>Where it was looked for, in words that follow "looked at".</summary>
    public string Places =>
        string.Join("; ", new[] { Looked.Count > 0 ? string.Join(", ", Looked) : "no folder at all", Oddity }.OfType<string>());
}
