using LoopOrchestrator.Core.Files;

namespace LoopOrchestrator.Core.Clients;

/// <summary>What is to become of one file.</summary>
public sealed record ClientChange
{
    internal ClientChange(SharedPath file, string action, IReadOnlyList<string> difference) =>
        (File, Action, Difference) = (file, action, difference);

    /// <summary>The file as its client knows it.</summary>
    public string Path => File.FilePath;

    /// <summary><c>create</c>, <c>change</c>, <c>restore</c> (byte for byte as it was), <c>remove</c>, or <c>keep</c>.</summary>
    public string Action { get; }

    /// <summary>The change as lines for a person; none for <c>keep</c>.</summary>
    public IReadOnlyList<string> Difference { get; }

    /// <summary>Nothing is to be done.</summary>
    public bool IsNone => Action == "keep";

    /// <summary>Where it really is, where a link leads there.</summary>
    public string? Target { get; init; }

    /// <summary>Where the bytes that were replaced are kept; known once the change is made.</summary>
    public string? Backup { get; internal set; }

    /// <summary>What stands there now; <see langword="null"/> where there is no such file.</summary>
    internal byte[]? Before { get; init; }

    /// <summary>What is to stand there; <see langword="null"/> to take the file away.</summary>
    internal byte[]? After { get; init; }

    /// <summary>The file, opened as its scope allows.</summary>
    internal SharedPath File { get; }

    /// <summary>The record to be kept of it; <see langword="null"/> to drop the one there is.</summary>
    internal ClientRecord? Record { get; init; }
}
