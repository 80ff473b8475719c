using LoopOrchestrator.Core.Agents;
using LoopOrchestrator.Core.Agents.Contracts;
using LoopOrchestrator.Core.Commits;
using LoopOrchestrator.Core.Errors;
using LoopOrchestrator.Core.Files;
using LoopOrchestrator.Core.Modes;
using LoopOrchestrator.Core.Runs.Contracts;
using LoopOrchestrator.Core.Trust;

namespace LoopOrchestrator.Core.Runs;

/// <summary>Whether a person has seen what a run would execute: its agent, what its mode may do, that the mode has this agent.</summary>
/// <param name="seen">What was seen.</param>
/// <param name="agents">The agents.</param>
/// <param name="modes">The modes.</param>
/// <param name="settings">The agents as this process has read them.</param>
/// <param name="holds">Which agents are held back because their model's service refused them.</param>
/// <param name="commit">How changes are committed by the file as it is now: the program that commits reads it for itself.</param>
internal sealed class RunHold(
    ApprovedEntries seen,
    AgentCatalog agents,
    ModeFile modes,
    AgentSettings settings,
    AgentHolds holds,
    Func<CommitSettings> commit
)
{
    /// <summary>What the user has said of the workspace.</summary>
    public WorkspaceTrust Trust => seen.Trust;

    /// <summary>Whether the workspace is trusted at all.</summary>
    public bool IsTrusted => seen.IsTrusted;

    /// <summary>The agents that are held back because their model's service refused them.</summary>
    public AgentHolds Agents => holds;

    /// <summary>As <see cref="Check"/>, by what is held back now.</summary>
    public async Task<RunBasis> CheckAsync(Run run, CancellationToken cancellationToken = default) =>
        Check(run, await holds.ListAsync(cancellationToken));

    /// <summary>
    /// Why a run waits for a person, as far as this process can tell: one that is not trusted itself knows nothing of what was seen.
    /// Records nothing.
    /// </summary>
    /// <param name="run">The run.</param>
    /// <param name="held">The agents that are held back.</param>
    public string? WhyWaits(Run run, IReadOnlyDictionary<string, AgentHold> held) =>
        IsTrusted ? BasisOf(run, held, records: false).Held : null;

    /// <summary>What a run would execute, read once: start exactly this, or nothing.</summary>
    /// <param name="run">The run.</param>
    /// <param name="held">The agents that are held back.</param>
    public RunBasis Check(Run run, IReadOnlyDictionary<string, AgentHold> held) => BasisOf(run, held, records: true);

    private RunBasis BasisOf(Run run, IReadOnlyDictionary<string, AgentHold> held, bool records)
    {
        Mode? mode = null;
        UserErrorException? missing = null;
        try
        {
            mode = modes.Get(run.Mode);
        }
        catch (UserErrorException exception)
        {
            missing = exception;
        }

        var agent = agents.Find(run.AgentName());
        if (mode is null || agent is null)
        {
            // It fails when it is started, and says so.
            return new RunBasis(mode, agent, missing, Held: null);
        }

        if (agent.SelfArguments is not { } arguments)
        {
            return new RunBasis(mode, agent, null, WhyHeld(mode, agent, records) ?? held.GetValueOrDefault(agent.Name)?.WhyHeld)
            {
                AgentDigest = holds.DigestOf(agent),
            };
        }

        var entries = CommitTrust.Entries(commit(), settings.FileName);
        return new RunBasis(
            mode,
            agent with
            {
                SelfArguments = [.. arguments, CommitTrust.ApprovedOption, TrustedList.DigestOf(entries)],
            },
            null,
            WhyHeld(mode, agent, records) ?? seen.WhyHeld(entries, records)
        );
    }

    /// <summary>Why a run of a mode would be held back; <see langword="null"/> when not, or there is no such mode or agent.</summary>
    public string? WhyHeld(string mode, string? chosenAgent) =>
        modes.Catalog.Find(mode) is { } found && agents.FindFor(mode, chosenAgent) is { Kind: not AgentKind.Handoff } agent
            ? WhyHeld(found, agent, records: true)
            : null;

    private string? WhyHeld(Mode mode, AgentDefinition agent, bool records)
    {
        var entries = new List<TrustedEntry>();
        if (AgentTrust.Entry(agent, settings.FileName) is { } program)
        {
            entries.Add(program);
        }

        entries.Add(ModeTrust.Entry(mode));

        // Where a caller named another agent than the mode's, the mode's own does not matter.
        if (ModeAgentTrust.Entry(mode.Slug, settings) is var own && own.Values![0] == agent.Name)
        {
            entries.Add(own);
        }

        return seen.WhyHeld(entries, records);
    }
}
