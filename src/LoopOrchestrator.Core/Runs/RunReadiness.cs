using LoopOrchestrator.Core.Errors;
using LoopOrchestrator.Core.Files;
using LoopOrchestrator.Core.Runs.Contracts;
using LoopOrchestrator.Core.Servers;

namespace LoopOrchestrator.Core.Runs;

/// <summary>Says whether anybody will ever start a run that needs a process.</summary>
internal sealed class RunReadiness(WorkspaceTrust trust, ServerRegistry servers)
{
    /// <summary>Returns when this process or another live one is trusted.</summary>
    /// <exception cref="UserErrorException">None is; the message says what to do.</exception>
    public async Task EnsureSomebodyStartsAsync(Run run, CancellationToken cancellationToken = default)
    {
        if (!trust.IsTrusted && !(await servers.AliveAsync(cancellationToken)).Any(static server => server.Trusted))
        {
            throw new UserErrorException(
                $"Agent '{run.Agent}' starts a program of this workspace, and its user has not said yet that the "
                    + "workspace is trusted, so nothing was started. "
                    + "The user can say so with 'loop-orchestrator trust', or by starting the server with --trust-workspace "
                    + "or LOOP_TRUST_WORKSPACE=1. With agent 'handoff' the work can be done by the caller now."
            );
        }
    }
}
