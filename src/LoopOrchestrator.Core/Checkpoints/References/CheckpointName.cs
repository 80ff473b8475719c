using System.Globalization;

namespace LoopOrchestrator.Core.Checkpoints.References;

/// <summary>Names of checkpoints, which are names of git references and of files as well.</summary>
internal static class CheckpointName
{
    /// <summary>Where the references are.</summary>
    public const string References = "refs/loop/checkpoints/";

    private const int MaxLength = 200;

    /// <summary>
    /// Throws unless a name consists of segments of letters, digits, <c>-</c>, <c>_</c> and <c>.</c>, with <c>/</c> between them.
    /// </summary>
    /// <exception cref="ArgumentException">It does not, or it is longer than 200 characters.</exception>
    public static void Check(string name)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        if (name.Length > MaxLength || !name.Split('/').All(IsSegment))
        {
            throw new ArgumentException(
                $"'{name}' cannot be the name of a checkpoint: it may have letters, digits, '-', '_', '.' and '/' between them",
                nameof(name)
            );
        }
    }

    /// <summary>A name that says when; for the checkpoints that are taken before files are written.</summary>
    public static string Stamped(string name, DateTimeOffset now) =>
        $"{name}-{now.UtcDateTime.ToString("yyyyMMdd'T'HHmmssfff'Z'", CultureInfo.InvariantCulture)}";

    /// <summary>Whether a text may stand between two slashes of a reference on every system.</summary>
    public static bool IsSegment(string segment) =>
        segment.Length > 0
        && segment.All(static c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_' or '.')
        && segment[0] is not ('.' or '-')
        && segment[^1] != '.'
        && !segment.Contains("..", StringComparison.Ordinal)
        && !segment.EndsWith(".lock", StringComparison.OrdinalIgnoreCase);
}
