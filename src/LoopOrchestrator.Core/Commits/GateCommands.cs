using System.Collections;
using System.ComponentModel;
using System.Diagnostics;
using LoopOrchestrator.Core.Agents;
using LoopOrchestrator.Core.Processes;
using LoopOrchestrator.Core.Runs.Contracts;
using LoopOrchestrator.Core.Secrets;
using LoopOrchestrator.Core.Workflows.Definition;

namespace LoopOrchestrator.Core.Commits;

/// <summary>
/// Runs the commands of a gate in the workspace, in order, up to the first that does not end as expected. They inherit what agents inherit
/// of this process's environment, read nothing, and are ended with what they started when their time is over.
/// </summary>
internal sealed class GateCommands(IReadOnlyList<WorkflowCommand> commands, string folder, Redactor redactor, TimeProvider time)
{
    // So that what a run leaves behind is found.
    private static readonly string[] Own = [RunEnvironment.RunId, RunEnvironment.Workspace];

    // What a program left behind may hold its output open for ever.
    private static readonly TimeSpan LastWords = TimeSpan.FromSeconds(1);

    /// <summary>Runs them.</summary>
    public async Task<GateAnswer> AskAsync(CancellationToken cancellationToken = default)
    {
        foreach (var command in commands)
        {
            if (await RunAsync(command, cancellationToken) is { Passed: false } failed)
            {
                return failed;
            }
        }

        return GateAnswer.Pass;
    }

    private async Task<GateAnswer> RunAsync(WorkflowCommand command, CancellationToken cancellationToken)
    {
        var search = ExecutableFinder.Find(command.Command[0], folder);
        if (search.Path is not { } program)
        {
            return new GateAnswer(
                Passed: false,
                $"{command.Name} could not be started: the program '{command.Command[0]}' was not found (looked at " + $"{search.Places})"
            );
        }

        var start = new ProcessStartInfo(program, command.Command.Skip(1))
        {
            WorkingDirectory = folder,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            UseShellExecute = false,
        };
        start.Environment.Clear();
        foreach (DictionaryEntry variable in Environment.GetEnvironmentVariables())
        {
            if (AgentEnvironment.IsPassed((string)variable.Key, Own))
            {
                start.Environment[(string)variable.Key] = (string?)variable.Value;
            }
        }

        var tail = new OutputTail();
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(command.TimeoutSeconds), time);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellationToken);
        try
        {
            var exitCode = await RunAsync(start, tail, both.Token);
            return exitCode == command.ExitCode
                ? GateAnswer.Pass
                : Failed(
                    $"{command.Name} ended with exit code {exitCode}{(command.ExitCode == 0 ? "" : $" instead of {command.ExitCode}")}",
                    tail
                );
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return Failed($"{command.Name} did not end within {command.TimeoutSeconds} s", tail);
        }
        catch (Exception exception) when (exception is Win32Exception or IOException)
        {
            return Failed($"{command.Name} could not be run: {exception.Message}", tail);
        }
    }

    private async Task<int> RunAsync(ProcessStartInfo start, OutputTail tail, CancellationToken cancellationToken)
    {
        using var process = Process.Start(start)!;
        try
        {
            process.StandardInput.Close();
            var output = Task.WhenAll(
                tail.TakeAsync(process.StandardOutput.BaseStream, cancellationToken),
                tail.TakeAsync(process.StandardError.BaseStream, cancellationToken)
            );
            await process.WaitForExitAsync(cancellationToken);
            await Task.WhenAny(output, Task.Delay(LastWords, time, cancellationToken));
            return process.ExitCode;
        }
        finally
        {
            if (!process.HasExited)
            {
                process.Kill(entireProcessTree: true);
            }
        }
    }

    private GateAnswer Failed(string why, OutputTail tail) => new(Passed: false, why, redactor.Redact(tail.ToString()));
}
