using System.Diagnostics;

namespace LoopOrchestrator.Benchmarks.Processes;

/// <summary>How a server is started, ours or another one.</summary>
/// <param name="Path">Its program.</param>
/// <param name="Arguments">What it is started with.</param>
internal sealed record ServerCommand(string Path, params IReadOnlyList<string> Arguments)
{
    /// <summary>Variables that it gets beside those of this process.</summary>
    public IReadOnlyDictionary<string, string> Variables { get; init; } = new Dictionary<string, string>(StringComparer.Ordinal);

    /// <summary>Whether it ends when its input does; one that goes on then is ended by its process id.</summary>
    public bool EndsWithInput { get; init; } = true;

    /// <summary>Starts it in a folder, with its streams redirected.</summary>
    public Process Start(string folder)
    {
        var info = new ProcessStartInfo(Path, Arguments)
        {
            WorkingDirectory = folder,
            UseShellExecute = false,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };

        // What the caller has set for servers of its own would change what is measured.
        foreach (var name in info.Environment.Keys.Where(static name => name.StartsWith("LOOP_", StringComparison.Ordinal)).ToList())
        {
            info.Environment.Remove(name);
        }

        foreach (var (name, value) in Variables)
        {
            info.Environment[name] = value;
        }

        return Process.Start(info)!;
    }
}
