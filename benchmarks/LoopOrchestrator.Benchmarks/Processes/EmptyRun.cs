using System.Diagnostics;
using System.Text.Json.Nodes;
using LoopOrchestrator.Benchmarks.Workspaces;

namespace LoopOrchestrator.Benchmarks.Processes;

/// <summary>A run whose agent does nothing, and the same program without us: the difference is what we add.</summary>
/// <param name="Ended">From the ledger's <c>created_at</c> to its <c>ended_at</c>, in milliseconds.</param>
/// <param name="Answered">From the call of <c>run_mode</c> with <c>wait_seconds</c> to its answer, in milliseconds.</param>
internal sealed record EmptyRun(double Ended, double Answered)
{
    /// <summary>The program that does nothing.</summary>
    public static IReadOnlyList<string> Program { get; } = OperatingSystem.IsWindows() ? ["cmd", "/c", "exit"] : ["true"];

    /// <summary>Starts the program alone, and returns how long it took to its end, in milliseconds.</summary>
    public static async Task<double> AloneAsync(CancellationToken cancellationToken)
    {
        // Off the caller's thread, so that starting does not queue up behind itself.
        await Task.Yield();
        var start = Stopwatch.GetTimestamp();
        var info = new ProcessStartInfo(Program[0], Program.Skip(1))
        {
            UseShellExecute = false,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        using var process = Process.Start(info)!;
        process.StandardInput.Close();
        await process.WaitForExitAsync(cancellationToken);
        return Stopwatch.GetElapsedTime(start).TotalMilliseconds;
    }

    /// <summary>Asks for a run of the default agent, and waits for its end.</summary>
    /// <exception cref="BenchmarkException">It did not succeed.</exception>
    public static async Task<EmptyRun> AskAsync(Server server, string workspace, CancellationToken cancellationToken)
    {
        var start = Stopwatch.GetTimestamp();
        var run = await server.CallAsync(
            "run_mode",
            new JsonObject
            {
                ["mode"] = WorkspaceFiles.Mode,
                ["task"] = "Nothing.",
                ["wait_seconds"] = 50,
            },
            cancellationToken
        );
        var answered = Stopwatch.GetElapsedTime(start).TotalMilliseconds;
        return (string?)run["state"] == "succeeded"
            ? new EmptyRun(Ledger.RunTime(workspace, (string)run["run_id"]!).TotalMilliseconds, answered)
            : throw new BenchmarkException($"A run did not succeed: {run.ToJsonString()}");
    }
}
