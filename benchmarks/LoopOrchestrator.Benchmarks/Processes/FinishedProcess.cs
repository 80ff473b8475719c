using System.Diagnostics;

namespace LoopOrchestrator.Benchmarks.Processes;

/// <summary>Programs that are run to their end.</summary>
internal static class FinishedProcess
{
    /// <summary>What the program printed.</summary>
    /// <exception cref="BenchmarkException">It ended with another exit code than 0; the message has what it said.</exception>
    public static async Task<string> RunAsync(string program, IEnumerable<string> arguments, CancellationToken cancellationToken)
    {
        var info = new ProcessStartInfo(program, arguments)
        {
            UseShellExecute = false,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        using var process = Start(info)
            ?? throw new BenchmarkException($"{program} could not be started; is it installed and on the PATH?");
        process.StandardInput.Close();
        try
        {
            var (output, errors) = (
                process.StandardOutput.ReadToEndAsync(cancellationToken),
                process.StandardError.ReadToEndAsync(cancellationToken)
            );
            await process.WaitForExitAsync(cancellationToken);
            return process.ExitCode == 0
                ? await output
                : throw new BenchmarkException($"{info.FileName} ended with {process.ExitCode}: {await output}{await errors}");
        }
        finally
        {
            process.Kill(entireProcessTree: true);
        }
    }

    private static Process? Start(ProcessStartInfo info)
    {
        try
        {
            return Process.Start(info);
        }
        catch (System.ComponentModel.Win32Exception)
        {
            return null;
        }
    }
}
