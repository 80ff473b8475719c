using System.ComponentModel;
using System.Diagnostics;
using System.Text;
using LoopOrchestrator.Core.Processes;
using LoopOrchestrator.Core.Secrets;
using LoopOrchestrator.Core.Text;

namespace LoopOrchestrator.Core.Agents.Detection;

/// <summary>
/// Asks a program for its version, for a limited time: without a shell, in a folder of no workspace, with an empty input, no credential in
/// its environment, and a <c>PATH</c> that leads to nothing inside the workspace.
/// </summary>
internal static class VersionQuestion
{
    private const int MaxAnswerLength = 200;

    public static async Task<(string? Version, string? Problem)> AskAsync(
        string program,
        IReadOnlyList<string> arguments,
        string workspace,
        TimeSpan limit,
        TimeProvider time
    )
    {
        var start = new ProcessStartInfo(program, arguments)
        {
            WorkingDirectory = Path.GetTempPath(),
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            UseShellExecute = false,
        };
        foreach (var name in start.Environment.Keys.Where(static name => !AgentEnvironment.IsPassed(name, [])).ToList())
        {
            start.Environment.Remove(name);
        }

        start.Environment["PATH"] = string.Join(
            Path.PathSeparator,
            (Environment.GetEnvironmentVariable("PATH") ?? "")
                .Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries)
                .Where(folder => Path.IsPathFullyQualified(folder) && !ExecutableFinder.IsInside(folder, workspace))
        );
        try
        {
            using var process = Process.Start(start)!;
            process.StandardInput.Close();
            var output = new byte[4096];
            var reading = process.StandardOutput.BaseStream.ReadAtLeastAsync(output, output.Length, throwOnEndOfStream: false).AsTask();
            _ = process.StandardError.BaseStream.CopyToAsync(Stream.Null);
            var all = Task.WhenAll(reading, process.WaitForExitAsync());
            if (await Task.WhenAny(all, Task.Delay(limit, time)) != all)
            {
                process.Kill(entireProcessTree: true);
                return (null, $"it did not answer '{string.Join(' ', arguments)}' within {limit.TotalSeconds:0.#} s");
            }

            var line = Encoding
                .UTF8.GetString(output, 0, await reading)
                .Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)
                .FirstOrDefault();
            return process.ExitCode == 0 && line is not null
                ? (Redactor.OfProcess([]).Redact(TextCut.Head(line, MaxAnswerLength).ToString()), null)
                : (
                    null,
                    $"'{string.Join(' ', arguments)}' ended with exit code {process.ExitCode}{(line is null ? " and no answer" : "")}"
                );
        }
        catch (Exception exception) when (exception is Win32Exception or IOException or InvalidOperationException)
        {
            return (null, $"it could not be started: {exception.Message}");
        }
    }
}
