using System.Text;
using LoopOrchestrator.Core.Agents;
using LoopOrchestrator.Core.Agents.Contracts;
using LoopOrchestrator.Core.Agents.Supervision.Files;
using LoopOrchestrator.Core.Errors;
using LoopOrchestrator.Core.Files;
using LoopOrchestrator.Core.Memory;
using LoopOrchestrator.Core.Modes;
using LoopOrchestrator.Core.Runs.Contracts;
using LoopOrchestrator.Core.Runs.Stores;
using LoopOrchestrator.Core.Todo;
using LoopOrchestrator.Core.Workflows.Cycles;

namespace LoopOrchestrator.Core.Runs;

/// <summary>
/// Gathers the context of a run's brief, writes the brief into the run's folder beside what the run is, and reads it back.
/// </summary>
internal sealed class RunBriefs(WorkspacePaths paths, IRunStore store, MemoryStore memory, IStepContextReader steps, TimeProvider time)
{
    private const int MaxTodos = 15;
    private const int MaxMemory = 12;

    /// <summary>Writes the brief of a run that is about to start. It is kept with the run.</summary>
    /// <param name="run">The run.</param>
    /// <param name="mode">Its mode.</param>
    /// <param name="agent">What does it, where that is a program.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <exception cref="UserErrorException">The run's folder cannot be written.</exception>
    public async Task<string> WriteAsync(Run run, Mode mode, AgentDefinition? agent, CancellationToken cancellationToken = default)
    {
        var dueAt = await store.DueAtAsync(run.Id, cancellationToken);
        var earlier = run.Attempt > 1 ? await store.AttemptsAsync(run.Id, cancellationToken) : [];
        var step = await steps.ReadAsync(run, cancellationToken);
        var remembered = step is null ? await RecentMemoryAsync(cancellationToken) : steps.Remember(run.Task);
        var brief = BriefBuilder.Build(
            run,
            mode,
            OpenTodos(),
            remembered,
            earlier.Where(static attempt => attempt.EndedAt is not null).Select(Describe).ToList(),
            step,
            agent,
            RooRules.Read(paths, mode)
        );
        return Written(run, folder =>
        {
            folder.Create();
            folder.Write(RunRecord.Of(run, dueAt));
            DurableFile.Replace(folder.Brief, Encoding.UTF8.GetBytes(brief));
            return brief;
        });
    }

    /// <summary>
    /// Makes the folder of a run's attempt. One of its name that is there already and holds anything is set aside first: nobody ordered it,
    /// so nothing in it counts. (The folder of a cycle is made once and gone on with.)
    /// </summary>
    /// <returns>Where what was there is kept; <see langword="null"/> when nothing was.</returns>
    /// <exception cref="UserErrorException">It cannot be made.</exception>
    public string? CreateFolder(Run run) => Written(run, folder =>
        {
            if (folder.TryCreate() || run.Kind == RunKind.Cycle || folder.IsEmpty)
            {
                return null;
            }

            var kept = SetAside.Keep(paths, folder.FullPath, time.GetUtcNow());
            return folder.TryCreate()
                ? kept
                : throw new IOException($"something else makes {paths.Display(folder.FullPath)} again and again");
        });

    /// <summary>The brief of a run, or <see langword="null"/> when it has none yet.</summary>
    /// <exception cref="UserErrorException">It cannot be read, or a link is in its place.</exception>
    public string? Read(Run run)
    {
        var file = RunFolder.Of(paths.Run(run.Id), run.Attempt).Brief;
        try
        {
            return DurableFile.ReadOrNull(file) is { } bytes ? Encoding.UTF8.GetString(bytes) : null;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new UserErrorException($"The brief of run {run.Id} cannot be read: {exception.Message}.", exception);
        }
    }

    private T Written<T>(Run run, Func<RunFolder, T> write)
    {
        try
        {
            return write(RunFolder.Of(paths.Run(run.Id), run.Attempt));
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new UserErrorException(
                $"The folder of run {run.Id} cannot be written ({exception.Message}), so the run is not started. Check "
                    + $"free space and permissions of {paths.Runs}.",
                exception
            );
        }
    }

    private static string Describe(RunAttempt attempt) => $"Attempt {attempt.Number}: {attempt.Outcome!.Value.Name()}, {attempt.Reason}";

    private List<string> OpenTodos()
    {
        try
        {
            return TodoReader.Read(paths, new TodoFilter { Limit = MaxTodos }).Items.Select(static item => item.Title).ToList();
        }
        catch (UserErrorException)
        {
            // The plan is for orientation; a run does not fail because it cannot be read. get_status tells of the file.
            return [];
        }
    }

    private async Task<IReadOnlyList<string>> RecentMemoryAsync(CancellationToken cancellationToken)
    {
        try
        {
            var reading = await memory.ReadAsync(cancellationToken: cancellationToken);
            return reading
                .Sections.SelectMany(static section => section.Entries)
                .Where(static entry => entry.Timestamp is not null)
                .OrderByDescending(static entry => entry.Timestamp)
                .Take(MaxMemory)
                .Select(static entry => entry.Text)
                .ToList();
        }
        catch (UserErrorException)
        {
            // As above: the memory helps, and its absence is told elsewhere.
            return [];
        }
    }
}
