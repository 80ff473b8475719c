using LoopOrchestrator.Mcp.Configuration;

namespace LoopOrchestrator.Mcp.Bootstrap;

/// <summary>Decides what <c>--mode auto</c> means: a client at the other end of standard input means stdio.</summary>
internal static class ModeDetector
{
    private const string Descriptors = "/proc/self/fd";
    private const string DescriptorFacts = "/proc/self/fdinfo";

    public static TransportMode Resolve(TransportMode mode)
    {
        if (mode != TransportMode.Auto)
        {
            return mode;
        }

        if (!OperatingSystem.IsLinux())
        {
            return StandardStreams.IsInputRedirected ? TransportMode.Stdio : TransportMode.Http;
        }

        // "Redirected" is also true for /dev/null, which is what service managers, nohup and containers give: nobody is there.
        try
        {
            return FromLink(new FileInfo(Descriptors + "/0").LinkTarget) == TransportMode.Stdio && CanRead("0") && !IsOwnPipe()
                ? TransportMode.Stdio
                : TransportMode.Http;
        }
        catch (IOException)
        {
            return TransportMode.Http;
        }
    }

    /// <param name="target">
    /// What the descriptor points at: <c>pipe:[1]</c>, <c>socket:[1]</c>, a path, or nothing when it is closed.
    /// </param>
    internal static TransportMode FromLink(string? target) =>
        target is not null && (target.Contains("pipe:[", StringComparison.Ordinal) || target.Contains("socket:[", StringComparison.Ordinal))
            ? TransportMode.Stdio
            : TransportMode.Http;

    /// <summary>
    /// A program started with its input closed finds there the first thing that its runtime opened, which is a pipe to itself:
    /// one whose writing end is among its own descriptors.
    /// </summary>
    private static bool IsOwnPipe()
    {
        var input = new FileInfo(Descriptors + "/0").LinkTarget;
        return Directory
            .EnumerateFiles(Descriptors)
            .Select(path => new FileInfo(path))
            .Any(file =>
                file.Name is not ("0" or "1" or "2")
                && string.Equals(file.LinkTarget, input, StringComparison.Ordinal)
                && CanWrite(file.Name)
            );
    }

    /// <summary>
    /// Whether a client's words can arrive there. A program started with its input closed may also find a second
    /// descriptor of its own output there, once it has opened that: the lowest free number is taken.
    /// </summary>
    private static bool CanRead(string descriptor) => AccessOf(descriptor) is '0' or '2';

    private static bool CanWrite(string descriptor) => AccessOf(descriptor) is '1' or '2';

    /// <summary>
    /// The last octal digit of the flags it was opened with (open(2)): 0 to read, 1 to write, 2 for both; nothing when it is gone.
    /// </summary>
    private static char? AccessOf(string descriptor)
    {
        const string Label = "flags:";
#pragma warning disable RS0030 // The kernel's own file: no path of a workspace, and small.
        var flags = File.ReadLines($"{DescriptorFacts}/{descriptor}")
            .FirstOrDefault(line => line.StartsWith(Label, StringComparison.Ordinal));
#pragma warning restore RS0030
        return flags?[^1];
    }
}
