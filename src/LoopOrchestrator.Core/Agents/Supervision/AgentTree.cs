using System.ComponentModel;
using System.Diagnostics;
using System.Runtime.Versioning;
using LoopOrchestrator.Core.Processes;

namespace LoopOrchestrator.Core.Agents.Supervision;

/// <summary>
/// An agent's process with everything below it, as far as this supervisor, its parent, can know of it. Make it as soon as the agent runs.
/// </summary>
internal sealed class AgentTree : IDisposable
{
    private readonly Process _agent;
    private readonly TimeProvider _time;
    private readonly Func<int, IReadOnlyList<ProcessEntry>> _below;
    private readonly WindowsJob? _job;

    /// <param name="agent">The agent.</param>
    /// <param name="time">The clock.</param>
    /// <param name="below">Finds, on Linux, what belongs to the agent of this id.</param>
    public AgentTree(Process agent, TimeProvider time, Func<int, IReadOnlyList<ProcessEntry>> below)
    {
        _agent = agent;
        _below = below;
        _time = time;
        _job = OperatingSystem.IsWindows() ? TryPutIntoJob(agent) : null;
    }

    /// <summary>Ends what is left of it, on Linux politely first.</summary>
    /// <param name="grace">How long it may take after the polite signal.</param>
    /// <returns>How many processes were ended, and whether all are gone.</returns>
    public async Task<(int Ended, bool Gone)> EndAsync(TimeSpan grace)
    {
        if (OperatingSystem.IsLinux())
        {
            return await new ProcessTree(_time).EndAsync(() => _below(_agent.Id), grace);
        }

        if (OperatingSystem.IsWindows() && _job is { } job)
        {
            return await EndJobAsync(job);
        }

        if (_agent.HasExited)
        {
            return (0, true);
        }

        _agent.Kill(entireProcessTree: true);
        await _agent.WaitForExitAsync();
        return (1, true);
    }

    public void Dispose() => ((IDisposable?)_job)?.Dispose();

    /// <summary>
    /// Everything below this process, which is the supervisor of one agent and nothing else. Orphans that came back to it and have ended
    /// stay in the table until their exit is read; .NET reads only that of its own children.
    /// </summary>
    public static IReadOnlyList<ProcessEntry> BelowThisProcess(int agentPid)
    {
        if (!UnixProcess.HasChildren())
        {
            // As a rule nothing is left, and reading the whole process table would cost more than all else here.
            return [];
        }

        var descendants = ProcessTable.Descendants(Environment.ProcessId);
        foreach (var orphan in descendants.Where(entry => entry.IsZombie && entry.Parent == Environment.ProcessId && entry.Pid != agentPid))
        {
            UnixProcess.Reap(orphan.Pid);
        }

        return descendants;
    }

    [SupportedOSPlatform("windows")]
    private async Task<(int Ended, bool Gone)> EndJobAsync(WindowsJob job)
    {
        var alive = job.Alive;
        if (alive > 0)
        {
            job.End();
            for (var look = 0; look < 500 && job.Alive > 0; look++)
            {
                await Task.Delay(TimeSpan.FromMilliseconds(20), _time);
            }
        }

        return (alive, job.Alive == 0);
    }

    [SupportedOSPlatform("windows")]
    private static WindowsJob? TryPutIntoJob(Process agent)
    {
        WindowsJob? job = null;
        try
        {
            job = new WindowsJob();
            job.Add(agent.SafeHandle);
            return job;
        }
        catch (Exception exception) when (exception is Win32Exception or InvalidOperationException)
        {
            // It has ended already, or the system allows no job here: then its tree is ended as far as parents tell of it.
            job?.Dispose();
            return null;
        }
    }
}
