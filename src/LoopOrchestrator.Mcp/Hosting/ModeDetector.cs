using LoopOrchestrator.Mcp.Configuration;

namespace LoopOrchestrator.Mcp.Hosting;

/// <summary>Decides what <c>--mode auto</c> means: a client at the other end of standard input means stdio.</summary>
internal static class ModeDetector
{
    private const string InputOnLinux = "/proc/self/fd/0";

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
        return FromLink(InputTarget());
    }

    /// <param name="target">What the descriptor points at: <c>pipe:[1]</c>, <c>socket:[1]</c>, a path, or nothing when it is closed.</param>
    internal static TransportMode FromLink(string? target) =>
        target is not null && (target.Contains("pipe:[", StringComparison.Ordinal) || target.Contains("socket:[", StringComparison.Ordinal))
            ? TransportMode.Stdio
            : TransportMode.Http;

    private static string? InputTarget()
    {
        try
        {
            return new FileInfo(InputOnLinux).LinkTarget;
        }
        catch (IOException)
        {
            return null;
        }
    }
}
