using System.Globalization;
using LoopOrchestrator.Mcp.Cli;
using LoopOrchestrator.Mcp.Cli.Output;
using LoopOrchestrator.Testing.Processes;

namespace LoopOrchestrator.Mcp.Tests.Cli;

/// <summary>
/// The command line in the process of the test, for what needs no process of its own: help, usage errors, commands that act on a folder and
/// print. It saves a start of the program, and has the environment and the folder of the tests: name the workspace and whole paths.
/// </summary>
internal static class CommandLineHere
{
    // The options are objects of the whole process, made for one command line; each new one is added to them.
    private static readonly SemaphoreSlim Turn = new(1);

    /// <summary>Does something while no command runs: their record of trust is one file.</summary>
    public static async Task AloneAsync(Action action)
    {
        await Turn.WaitAsync(TestContext.Current.CancellationToken);
        try
        {
            action();
        }
        finally
        {
            Turn.Release();
        }
    }

    /// <summary>Runs it to its end, one at a time.</summary>
    public static Task<ProcessResult> RunAsync(params string[] arguments) => RunAsync(width: null, arguments);

    /// <summary>The same on a terminal of that many columns, without colours.</summary>
    public static Task<ProcessResult> RunOnATerminalAsync(int width, params string[] arguments) => RunAsync(width, arguments);

    /// <summary>The same with a person there, who answers with these lines.</summary>
    public static Task<ProcessResult> RunAnsweredAsync(string answers, params string[] arguments) =>
        RunAsync(width: 100, arguments, answers: answers);

    /// <summary>
    /// Runs a command, and beside it a second one that depends on what the first has printed when it tells of its progress.
    /// </summary>
    /// <returns>The first one's end.</returns>
    public static Task<ProcessResult> RunWithAsync(Func<string, string[]> second, params string[] arguments) =>
        RunAsync(width: null, arguments, second);

    private static async Task<ProcessResult> RunAsync(
        int? width,
        string[] arguments,
        Func<string, string[]>? second = null,
        string? answers = null
    )
    {
        await using var output = new StringWriter(CultureInfo.InvariantCulture);
        await using var error = new ErrorWriter(async () =>
        {
            if (second is not null)
            {
                (await CommandLine.RunAsync(second(output.ToString()), TextWriter.Null, TextWriter.Null)).Should().Be(0);
                second = null;
            }
        });
        await Turn.WaitAsync(TestContext.Current.CancellationToken);
        try
        {
            using var typed = answers is null ? null : new StringReader(answers);
            await using TextWriter terminal = width is { } columns
                ? new TerminalWriter(output, columns, hasColour: false) { Answers = typed is null ? null : () => typed }
                : output;
            var exitCode = await CommandLine.RunAsync(arguments, terminal, error);
            return new ProcessResult(exitCode, output.ToString(), error.ToString());
        }
        finally
        {
            Turn.Release();
        }
    }

    private sealed class ErrorWriter(Func<Task> afterLine) : StringWriter(CultureInfo.InvariantCulture)
    {
        public override async Task WriteLineAsync(string? value)
        {
            await base.WriteLineAsync(value);
            await afterLine();
        }
    }
}
