using LoopOrchestrator.Core.Storage;

namespace LoopOrchestrator.Core.Moving;

/// <summary>An export that was read, and what it would replace here. Nothing is changed until it is applied.</summary>
public sealed class ImportPlan : IDisposable
{
    private readonly UnpackedFolder _folder;

    internal ImportPlan(UnpackedFolder folder, ExportManifest manifest) => (_folder, Manifest) = (folder, manifest);

    /// <summary>The folder that it was taken from.</summary>
    public string Workspace => Manifest.Workspace;

    /// <summary>When.</summary>
    public DateTimeOffset ExportedAt => Manifest.ExportedAt;

    /// <summary>What of it was recorded; <see langword="null"/> where nothing was.</summary>
    public TransferredState? State { get; internal set; }

    /// <summary>How many files it has beside that.</summary>
    public int Files => Unpacked.Count;

    /// <summary>What is recorded here and would be gone; <see langword="null"/> where nothing is.</summary>
    public TransferredState? Replaced { get; internal set; }

    /// <summary>Files that are here and would have another content, as they read best. What they hold now is kept.</summary>
    public IReadOnlyList<string> ReplacedFiles { get; internal set; } = [];

    /// <summary>Whether something would be lost here.</summary>
    public bool Replaces => Replaced is { Runs: > 0 } or { Occurrences: > 0 } || ReplacedFiles.Count > 0;

    internal ExportManifest Manifest { get; }

    /// <summary>The unpacked database.</summary>
    internal string? Database { get; set; }

    /// <summary>The other files: the name of each, and where it is unpacked.</summary>
    internal Dictionary<string, string> Unpacked { get; } = new(StringComparer.Ordinal);

    /// <inheritdoc/>
    public void Dispose() => _folder.Dispose();
}
