using System.Globalization;
using LoopOrchestrator.Mcp.Cli;
using LoopOrchestrator.Testing.Processes;

namespace LoopOrchestrator.Mcp.Tests.Cli;

/// <summary>
/// The command line in the process of the test, for what is decided before anything is opened: help, usage errors, the shape of a report.
/// It saves a start of the program, and has this process's environment and folder: name the workspace.
/// </summary>
internal static class CommandLineHere
{
    // The options are objects of the whole process, made for one command line; each new one is added to them.
    private static readonly SemaphoreSlim Turn = new(1);

    /// <summary>Runs it to its end, one at a time.</summary>
    public static async Task<ProcessResult> RunAsync(params string[] arguments)
    {
        await using var output = new StringWriter(CultureInfo.InvariantCulture);
        await using var error = new StringWriter(CultureInfo.InvariantCulture);
        await Turn.WaitAsync(TestContext.Current.CancellationToken);
        try
        {
            var exitCode = await CommandLine.RunAsync(arguments, output, error);
            return new ProcessResult(exitCode, output.ToString(), error.ToString());
        }
        finally
        {
            Turn.Release();
        }
    }
}
