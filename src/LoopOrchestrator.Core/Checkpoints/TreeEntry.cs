namespace LoopOrchestrator.Core.Checkpoints;

/// <summary>One file as a tree has it.</summary>
/// <param name="Mode">git's six octal digits.</param>
/// <param name="Id">The object of its content; zeros where git has not stored one.</param>
/// <param name="Path">Its path from the top of the work tree.</param>
internal readonly record struct TreeEntry(string Mode, string Id, PathName Path)
{
    /// <summary>The mode of a repository inside the repository.</summary>
    public const string Repository = "160000";

    /// <summary>The mode of a symbolic link.</summary>
    public const string Link = "120000";

    /// <summary>The mode of a file that is executable.</summary>
    public const string Executable = "100755";

    /// <summary>Whether it is a file, not a link and not a repository.</summary>
    public bool IsFile => Mode.StartsWith("100", StringComparison.Ordinal);
}
