namespace LoopOrchestrator.Core.Files;

/// <summary>
/// There is a link where none is followed, or one that leads out of the workspace. Nothing was read or written through it.
/// </summary>
public sealed class LinkRefusedException : IOException
{
    /// <summary>With a message that says what was found, where, and what to do.</summary>
    public LinkRefusedException(string message)
        : base(message) { }

    internal static LinkRefusedException Below(string path, string link, string target) =>
        new(
            $"{(string.Equals(path, link, StringComparison.Ordinal) ? path : $"{path} cannot be used: {link}")} is a "
                + $"symbolic link to {target}, and below .loop no link is followed. Put a file or folder of its own in the "
                + "place of the link"
        );
}
