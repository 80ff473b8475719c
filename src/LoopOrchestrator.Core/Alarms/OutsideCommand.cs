using System.ComponentModel;
using System.Diagnostics;
using LoopOrchestrator.Core.Files;
using LoopOrchestrator.Core.Processes;
using LoopOrchestrator.Core.Runs.Contracts;

namespace LoopOrchestrator.Core.Alarms;

/// <summary>A command that is told something: it gets that on its standard input, and says by its exit code whether it took it.</summary>
internal static class OutsideCommand
{
    /// <summary>Starts it in the workspace, and ends it with all that it started when that is cancelled.</summary>
    /// <returns>Why it did not take what it was told; <see langword="null"/> when it did.</returns>
    public static async Task<string?> RunAsync(
        WorkspacePaths paths,
        IReadOnlyList<string> command,
        byte[] input,
        TimeProvider time,
        CancellationToken cancellationToken
    )
    {
        var search = ExecutableFinder.Find(command[0], paths.Root);
        if (search.Path is not { } program)
        {
            return $"the program '{command[0]}' was not found (looked at: {search.Places})";
        }

        var start = new ProcessStartInfo(program, command.Skip(1))
        {
            WorkingDirectory = paths.Root,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            UseShellExecute = false,
        };
        foreach (var name in RunEnvironment.Withheld)
        {
            start.Environment.Remove(name);
        }

        using var process = Process.Start(start)!;
        try
        {
            // What it prints goes nowhere, and must not make it wait: least of all may it reach the stream that a client reads.
            var output = Task.WhenAll(
                process.StandardOutput.BaseStream.CopyToAsync(Stream.Null, cancellationToken),
                process.StandardError.BaseStream.CopyToAsync(Stream.Null, cancellationToken)
            );
            await FeedAsync(process, input, cancellationToken);
            await process.WaitForExitAsync(cancellationToken);
            await Task.WhenAny(output, Task.Delay(TimeSpan.FromSeconds(1), time, cancellationToken));
            return process.ExitCode == 0 ? null : $"it ended with exit code {process.ExitCode}";
        }
        finally
        {
            End(process);
        }
    }

    // What cannot be ended (it ended at this moment, or is another user's) changes nothing of whether it took what it was told.
    private static void End(Process process)
    {
        try
        {
            if (!process.HasExited)
            {
                process.Kill(entireProcessTree: true);
            }
        }
        catch (Exception exception) when (exception is InvalidOperationException or Win32Exception or AggregateException)
        {
            // Whoever waits for it has been told why it was given up.
        }
    }

    private static async Task FeedAsync(Process process, byte[] bytes, CancellationToken cancellationToken)
    {
        try
        {
            await using var input = process.StandardInput.BaseStream;
            await input.WriteAsync(bytes, cancellationToken);
        }
        catch (IOException)
        {
            // It does not read its input; that is its own affair.
        }
    }
}
