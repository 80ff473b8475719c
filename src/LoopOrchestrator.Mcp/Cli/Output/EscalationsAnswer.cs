using LoopOrchestrator.Core.Escalations;

namespace LoopOrchestrator.Mcp.Cli.Output;

/// <summary>What <c>escalations list --json</c> prints.</summary>
/// <param name="Escalations">The escalations, newest first.</param>
internal sealed record EscalationsAnswer(IReadOnlyList<EscalationsAnswer.StoppedStep> Escalations)
{
    public static EscalationsAnswer From(IReadOnlyList<Escalation> escalations) =>
        new([
            .. escalations.Select(static one => new StoppedStep(
                one.Id,
                one.Reason,
                one.Since,
                one.ScheduleId,
                one.Mode,
                one.Runs,
                one.ResolvedAt,
                one.Note
            )),
        ]);

    /// <summary>An escalation.</summary>
    internal sealed record StoppedStep(
        long EscalationId,
        string Reason,
        DateTimeOffset Since,
        string? ScheduleId,
        string Mode,
        IReadOnlyList<string> Runs,
        DateTimeOffset? ResolvedAt,
        string? Note
    );
}
