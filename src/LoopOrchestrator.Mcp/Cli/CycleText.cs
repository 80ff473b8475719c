using LoopOrchestrator.Core.Checkpoints;
using LoopOrchestrator.Core.Runs.Contracts;
using LoopOrchestrator.Core.Runs.Stores;
using LoopOrchestrator.Core.Workflows.Cycles;
using LoopOrchestrator.Mcp.Cli.Output;
using LoopOrchestrator.Mcp.Configuration;
using LoopOrchestrator.Mcp.Tools.Cycles;

namespace LoopOrchestrator.Mcp.Cli;

/// <summary>A cycle, and what a rollback does, as a person reads it.</summary>
internal static class CycleText
{
    private const int MaxFiles = 10;

    /// <summary>The story of a cycle: where it stands, its items in order, its decisions in order.</summary>
    public static void Write(CommandSession session, Cycle cycle, IReadOnlyList<RunDecision> decisions)
    {
        var zone = session.Workspace.Time.LocalTimeZone;
        var output = session.Output;
        output.WriteLine(
            $"Cycle {cycle.Run.Id} of workflow '{SafeText.Escape(cycle.Workflow.Name)}': "
                + $"{cycle.Run.State.Name()}{(cycle.Run.Reason is { } reason ? $", {SafeText.Escape(reason)}" : "")}"
        );
        output.WriteLine($"Task       {SafeText.Escape(RunTitle.Of(cycle.Run.Task))}");
        if (cycle.Run.ScheduleId is { } schedule)
        {
            output.WriteLine($"Schedule   {SafeText.Escape(schedule)}");
        }

        var end = cycle.Run.EndedAt is { } ended
            ? $"ended after {ReadableText.Duration((ended - cycle.Run.StartedAt!.Value).TotalSeconds)}"
            : $"ends at {ReadableText.Moment(cycle.Run.DeadlineAt, zone)} at the latest";
        output.WriteLine($"Begun      {ReadableText.Moment(cycle.Run.StartedAt, zone)}, {end}");
        output.WriteLine($"Reworks    {cycle.Reworks} of {cycle.Workflow.MaxReworks}");
        if (cycle.HeldReason is { } held)
        {
            output.WriteLine($"Held       {SafeText.Escape(held)}");
        }

        foreach (var visit in cycle.Items.GroupBy(static item => item.Visit))
        {
            output.WriteLine($"\nPass {visit.Key}: {SafeText.Escape(cycle.Workflow.Stages[visit.First().Stage].Name)}");
            foreach (var item in visit)
            {
                output.WriteLine(
                    $"  {item.Number,3} {item.Kind.Name(),-7} "
                        + $"{SafeText.Escape(item.Name)}{(item.Mode is null ? "" : $" ({item.Mode})")}: "
                        + $"{item.State.Name()}{(item.Reason is null ? "" : $", {SafeText.Escape(item.Reason)}")}"
                        + $"{(item.RunId is null ? "" : $"  [{item.RunId}]")}"
                );
                if (item.Changes is { Any: true } changes)
                {
                    output.WriteLine(
                        $"              {changes}: "
                            + $"{SafeText.Escape(string.Join(", ", changes.Files.Concat(changes.Commits).Take(MaxFiles)))}"
                            + $"{(changes.FileCount + changes.Commits.Count > MaxFiles ? ", …" : "")}"
                    );
                }

                foreach (var mark in item.Marks)
                {
                    output.WriteLine($"              note: {SafeText.Escape(mark)}");
                }
            }
        }

        output.WriteLine("\nDecisions");
        foreach (var decision in decisions)
        {
            output.WriteLine($"  {ReadableText.Moment(decision.At, zone)}  {SafeText.Escape(decision.Text)}");
        }
    }

    /// <summary>What a rollback does or did, file by file.</summary>
    public static void Write(
        CommandSession session,
        IReadOnlyList<RollbackItem> items,
        IReadOnlyList<CommitLine> commits,
        IReadOnlyList<string> notCovered
    )
    {
        foreach (var item in items)
        {
            session.Output.WriteLine(
                $"  {RollbackFileResult.Name(item.Action),-9} "
                    + $"{SafeText.Escape(item.Path)}{(item.Reason is null ? "" : $": {SafeText.Escape(item.Reason)}")}"
            );
        }

        foreach (var commit in commits)
        {
            session.Output.WriteLine($"  stays     commit {commit.Id[..12]} {SafeText.Escape(commit.Subject)}");
        }

        foreach (var what in notCovered)
        {
            session.Output.WriteLine($"  not held  {SafeText.Escape(what)}");
        }
    }
}
