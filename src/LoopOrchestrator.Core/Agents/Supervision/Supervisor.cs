using System.Diagnostics;
using System.Diagnostics.CodeAnalysis;
using System.Runtime.InteropServices;
using LoopOrchestrator.Core.Agents.Contracts;
using LoopOrchestrator.Core.Agents.Events;
using LoopOrchestrator.Core.Agents.Presets;
using LoopOrchestrator.Core.Agents.Results;
using LoopOrchestrator.Core.Agents.Supervision.Files;
using LoopOrchestrator.Core.Files;
using LoopOrchestrator.Core.Processes;
using LoopOrchestrator.Core.Secrets;

namespace LoopOrchestrator.Core.Agents.Supervision;

/// <summary>
/// The small process that stands between a server and an agent: it starts the agent, keeps its output, holds its limits, ends it with
/// everything below it, and leaves the outcome on disk, whether or not any server is alive. One process per run; the lock in the run's
/// folder makes a second one impossible.
/// </summary>
/// <param name="folder">The folder of the run.</param>
/// <param name="time">The clock.</param>
/// <param name="below">
/// Finds what the agent of this id is the root of, itself included; see <see cref="AgentTree.BelowThisProcess"/>.
/// </param>
internal sealed class Supervisor(RunFolder folder, TimeProvider time, Func<int, IReadOnlyList<ProcessEntry>> below)
{
    private const int MaxEventLength = 1024 * 1024;

    // Once may be a token that has just run out, and is renewed.
    private const int ServiceFaultsToEnd = 2;

    // Memory that is touched first costs more than a read more.
    private const int PipeBytes = 16 * 1024;

    private static readonly TimeSpan MaxFinalRead = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan BetweenTries = TimeSpan.FromSeconds(1);

    // How long room for the outcome is waited for. After that the run counts as interrupted, which is better than a process for ever.
    private static readonly TimeSpan MaxWait = TimeSpan.FromHours(24);

    private readonly TaskCompletionSource<(SupervisorEnd End, string Reason)> _endRequest = new(
        TaskCreationOptions.RunContinuationsAsynchronously
    );
    private readonly ElapsedClock _clock = new(time);
    private readonly AgentEvents _events = new();
    private readonly LastLine _errors = new();

    // Made when there is something to clean: the agent does not wait for it.
    private Lazy<Redactor> _redactor = new(static () => new Redactor([]));
    private SupervisorSpent _spent = new(null, null);

    /// <summary>
    /// Supervises the run of this folder to its end. Returns when its outcome is on disk, or at once when there is nothing to do.
    /// </summary>
    /// <param name="start">The start that it was given; the outcome shows its secret.</param>
    public async Task RunAsync(SupervisorStart start)
    {
        // Whoever finds the lock taken or an outcome written comes too late: the run has a supervisor, or was given up. An order of
        // another start is its own supervisor's.
        using var fileLock = FileLock.TryAcquire(folder.SupervisorLock);
        if (fileLock is null || folder.ReadOutcome() is not null || folder.ReadOrder() is not { } order || order.StartId != start.Id)
        {
            return;
        }

        // Before anybody can know of this process: a signal that comes early must end the run, not just the supervisor.
        using var terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, OnSignal);
        using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, OnSignal);
        using var hangUp = PosixSignalRegistration.Create(PosixSignal.SIGHUP, static context => context.Cancel = true);
        var record = new SupervisorRecord(ProcessIdentity.Current.ToString(), Agent: null);
        folder.Write(record);
        ObeyOrders();
        SupervisorOutcome outcome;
        using (var output = new OutputLog(folder.Output, order.OutputLimitBytes, time))
        {
            outcome = await SuperviseAsync(order, record, output);
        }

        outcome = outcome with { Secret = start.Secret };
        await KeepAsync(() =>
        {
            if (folder.SetOutcomeAside() is { } aside)
            {
                outcome = outcome with
                {
                    Reason =
                        $"{outcome.Reason}; an outcome that its supervisor had not written lay in its folder and is kept "
                        + $"as {Path.GetFileName(aside)}",
                };
            }

            folder.Write(outcome);
        });

        // Before the bell: an outcome counts only once its supervisor's lock is free.
        fileLock.Dispose();
        RunBell.Ring(order.Bell);
    }

    /// <summary>
    /// Writes the outcome, again and again while the disk has no room for it: without it the run would count as interrupted. The caller
    /// holds the folder's lock meanwhile, so that this supervisor counts as alive.
    /// </summary>
    /// <exception cref="IOException">There was no room for a day, or the folder is gone.</exception>
    internal async Task KeepAsync(Action write)
    {
        var started = time.GetTimestamp();
        while (true)
        {
            try
            {
                write();
                return;
            }
            catch (Exception exception)
                when (exception is IOException or UnauthorizedAccessException
                    && Directory.Exists(folder.FullPath)
                    && time.GetElapsedTime(started) < MaxWait
                )
            {
                await Task.Delay(BetweenTries, time);
            }
        }
    }

    private async Task<SupervisorOutcome> SuperviseAsync(SupervisorOrder order, SupervisorRecord record, OutputLog output)
    {
        var agent = _endRequest.Task.IsCompleted ? null : Start(order);
        var (ended, gone) = (0, true);
        var exitCode = (int?)null;
        if (agent is not null)
        {
            using var tree = new AgentTree(agent, time, below);
            TryWrite(() => folder.Complete(record with { Agent = ProcessIdentity.Of(agent.Id)?.ToString() }));
            var pumps = Task.WhenAll(
                PumpAsync(agent.StandardOutput.BaseStream, output, order.Events),
                PumpAsync(agent.StandardError.BaseStream, output, events: null, _errors)
            );
            _ = FeedAsync(agent, order.InputFile);
            exitCode = await WaitAsync(agent, order, output);

            // The program may have left others behind, which also hold its output open.
            (ended, gone) = await tree.EndAsync(TimeSpan.FromSeconds(order.KillGraceSeconds));
            await Task.WhenAny(pumps, Task.Delay(TimeSpan.FromSeconds(5), time));
        }

        output.Complete();
        var (end, reason) = _endRequest.Task.IsCompleted
            ? await CleanRequestAsync()
            : (SupervisorEnd.Exited, $"it ended with exit code {exitCode}");
        var account = Account(order.Events);
        return new SupervisorOutcome
        {
            End = end,
            Reason = gone ? reason : $"{reason}; some of its processes do not end",
            EndedAt = _clock.Now,
            ExitCode = end == SupervisorEnd.Exited ? exitCode : null,
            AgentDigest = order.AgentDigest,
            ErrorLine = _errors.Complete() is { } line ? Clean(line) : null,
            Account = account,
            OutputTail = account?.Message is null ? Clean(output.Tail()) : "",
            OutputBytes = output.KeptBytes,
            DroppedBytes = output.DroppedBytes,
            EndedProcesses = ended,
        };
    }

    // What helps others who look; a disk that is full by now is no reason to end the agent, and its limits hold all the same.
    private static void TryWrite(Action write)
    {
        try
        {
            write();
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            // What stood there before stands.
        }
    }

    private Process? Start(SupervisorOrder order)
    {
        var info = AgentStarter.Describe(order);
        _redactor = new Lazy<Redactor>(() =>
            new Redactor(info.Environment.Select(static variable => KeyValuePair.Create(variable.Key, variable.Value ?? "")))
        );
        if (AgentStarter.OfTheSystem.TryStart(info, out var failure) is { } agent)
        {
            return agent;
        }

        RequestEnd(failure.End, failure.Reason);
        return null;
    }

    private static async Task FeedAsync(Process agent, string? inputFile)
    {
        try
        {
            // Always closed: an agent that waits on an open input would never end.
            await using var input = agent.StandardInput.BaseStream;
            if (inputFile is not null)
            {
                await using var source = new FileStream(GuardedFile.OpenRead(inputFile), FileAccess.Read);
                await source.CopyToAsync(input);
            }
        }
        catch (IOException)
        {
            // The program ended, or closed its input, without reading all of it. That is its own affair.
        }
    }

    private async Task PumpAsync(Stream stream, OutputLog output, string? events, LastLine? last = null)
    {
        var lines =
            events is not null && AgentPresets.Find(events) is { } preset
                ? new LineAssembler(MaxEventLength, line => AgentEventLines.Read(preset, line, _events))
                : null;
        RedactionStream? clean = null;
        var buffer = new byte[PipeBytes];
        try
        {
            while (await stream.ReadAsync(buffer) is var count && count > 0)
            {
                var read = buffer.AsMemory(0, count);
                output.Touch(IsProgress(lines, read.Span));
                clean ??= new RedactionStream(_redactor.Value, Keep);
                clean.Write(read.Span);
            }
        }
        catch (IOException)
        {
            // The pipe broke with the program; what was read is kept.
        }

        clean?.Complete();
        lines?.EndLine();

        // Only what is clean: a line is cut where it is too long, and the beginning of a credential is none that could be found.
        void Keep(ReadOnlySpan<byte> bytes)
        {
            output.Write(bytes);
            last?.Add(bytes);
        }
    }

    // Events that only say that it waits, or what does not work, are none.
    private bool IsProgress(LineAssembler? lines, ReadOnlySpan<byte> read)
    {
        if (lines is null)
        {
            return true;
        }

        var (ended, idle) = (lines.Lines, _events.IdleEvents);
        lines.Add(read);
        return lines.Lines == ended || _events.IdleEvents - idle < lines.Lines - ended;
    }

    // Also that nothing was told says something, of a program that tells of itself.
    private AgentAccount? Account(string? preset) =>
        preset is null ? Clean(_events.Account) : Clean(_events.Account ?? new AgentAccount()) with { Preset = preset };

    [return: NotNullIfNotNull(nameof(account))]
    private AgentAccount? Clean(AgentAccount? account) =>
        account is null
            ? null
            : account with
            {
                Fault = account.Fault is { } fault ? Clean(fault) : null,
                Result = account.Result is { Text: { } text } result ? result with { Text = Clean(text) } : account.Result,
                LastText = account.LastText is { } last ? Clean(last) : null,
            };

    private string Clean(string text) => text.Length == 0 ? "" : _redactor.Value.Redact(text);

    private async Task<(SupervisorEnd End, string Reason)> CleanRequestAsync()
    {
        var (end, reason) = await _endRequest.Task;
        return (end, Clean(reason));
    }

    // Also told to others: what the run asks for may take a part of what is left.
    private (double? CostUsd, long? Tokens) Spent()
    {
        var spent = _events.Account is { } account ? new SupervisorSpent(account.CostUsd, account.Tokens?.Total, account.Tokens) : _spent;
        if (spent != _spent)
        {
            _spent = spent;
            TryWrite(() => folder.Write(spent));
        }

        return (spent.CostUsd, spent.Tokens);
    }

    private async Task<int?> WaitAsync(Process agent, SupervisorOrder order, OutputLog output)
    {
        using var done = new CancellationTokenSource();
        var limits = new SupervisorLimits(order, output, time, ProgressOf(order.Events), RequestEnd, () => Warn(order.Bell));
        var watch = HoldAsync(limits, done.Token);
        var exit = agent.WaitForExitAsync(CancellationToken.None);
        if (OperatingSystem.IsWindows())
        {
            // There is no signal that tells of an order, so the folder is looked at.
            while (
                await Task.WhenAny(exit, _endRequest.Task, Task.Delay(TimeSpan.FromMilliseconds(250), time)) is var first
                && first != exit
                && first != _endRequest.Task
            )
            {
                ObeyOrders();
            }
        }

        await Task.WhenAny(exit, _endRequest.Task);
        await done.CancelAsync();

        // A moment only: what the watch tells others may be held up, and nothing may hold up the end of the program.
        await Task.WhenAny(watch, Task.Delay(MaxFinalRead, time));
        return exit.IsCompleted ? agent.ExitCode : null;
    }

    private AgentProgress ProgressOf(string? events) =>
        AgentPresets.Find(events) is not { } preset
            ? new AgentProgress(() => _events.IsOver, Spent)
            : new AgentProgress(() => _events.IsOver, Spent)
            {
                HasAnswered = () => _events.Account is { } account && (account.HasWorked || account.Result is not null),
                ServiceFault = () =>
                    _events.Account is { ServiceFaults: >= ServiceFaultsToEnd } account
                        ? AgentVerdict.OfService(preset.Results, account)
                        : null,
            };

    // A program whose limits nobody holds must not go on.
    private async Task HoldAsync(SupervisorLimits limits, CancellationToken cancellationToken)
    {
        try
        {
            await limits.WatchAsync(cancellationToken);
        }
        catch (Exception exception)
        {
            RequestEnd(SupervisorEnd.Interrupted, $"its limits could not be held any more: {exception.Message}");
        }
    }

    private void OnSignal(PosixSignalContext context)
    {
        context.Cancel = true;
        ObeyOrders();
        RequestEnd(SupervisorEnd.Interrupted, $"its supervisor was told to end ({context.Signal})");
    }

    // Orders stand on disk, so that one given while this process was coming up is obeyed too.
    private void ObeyOrders()
    {
        if (folder.CancelReason() is { } cancelled)
        {
            RequestEnd(SupervisorEnd.Cancelled, cancelled);
        }
        else if (folder.InterruptReason() is { } interrupted)
        {
            RequestEnd(SupervisorEnd.Interrupted, interrupted);
        }
    }

    private void Warn(string bell) =>
        TryWrite(() =>
        {
            folder.Write(new SupervisorWarning(_clock.Now));
            RunBell.Ring(bell);
        });

    private void RequestEnd(SupervisorEnd end, string reason)
    {
        // Before anybody acts on it: what the agent tells of itself from here on may be the doing of our signal.
        _events.RequestEnd();
        _endRequest.TrySetResult((end, reason));
    }
}
