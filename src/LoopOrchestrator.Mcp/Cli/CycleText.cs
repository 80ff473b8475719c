using LoopOrchestrator.Core.Checkpoints;
using LoopOrchestrator.Core.Runs.Contracts;
using LoopOrchestrator.Core.Runs.Stores;
using LoopOrchestrator.Core.Workflows.Cycles;
using LoopOrchestrator.Mcp.Cli.Commands;
using LoopOrchestrator.Mcp.Cli.Output;
using LoopOrchestrator.Mcp.Configuration;
using LoopOrchestrator.Mcp.Tools.Cycles;

namespace LoopOrchestrator.Mcp.Cli;

/// <summary>A cycle, and what a rollback does, as a person reads it.</summary>
internal static class CycleText
{
    private const int MaxFiles = 10;
    private const int MaxOutputLines = 8;
    private const string Under = "              ";

    /// <summary>The story of a cycle: where it stands, its items in order, its decisions in order.</summary>
    public static void Write(CommandSession session, Cycle cycle, IReadOnlyList<RunDecision> decisions)
    {
        var zone = session.Workspace.Time.LocalTimeZone;
        var output = session.Output;
        output.WriteWrapped(
            $"Cycle {cycle.Run.Id} of workflow '{SafeText.Escape(cycle.Workflow.Name)}': "
                + $"{cycle.Run.State.Name()}{(cycle.Run.Reason is { } reason ? $", {SafeText.Escape(reason)}" : "")}",
            2
        );
        output.WriteWrapped($"Task       {SafeText.Escape(RunTitle.Of(cycle.Run.Task))}", 11);
        if (cycle.Run.ScheduleId is { } schedule)
        {
            output.WriteLine($"Schedule   {SafeText.Escape(schedule)}");
        }

        var end = cycle.Run.EndedAt is { } ended
            ? $"ended after {ReadableText.Duration((ended - cycle.Run.StartedAt!.Value).TotalSeconds)}"
            : $"ends at {ReadableText.Moment(cycle.Run.DeadlineAt, zone)} at the latest";
        output.WriteWrapped($"Begun      {ReadableText.Moment(cycle.Run.StartedAt, zone)}, {end}", 11);
        output.WriteLine($"Reworks    {cycle.Reworks} of {cycle.Workflow.MaxReworks}");
        if (cycle.HeldReason is { } held)
        {
            output.WriteWrapped($"Held       {SafeText.Escape(held)}", 11);
        }

        foreach (var visit in cycle.Items.GroupBy(static item => item.Visit))
        {
            output.WriteLine($"\nPass {visit.Key}: {SafeText.Escape(cycle.Workflow.Stages[visit.First().Stage].Name)}");
            foreach (var item in visit)
            {
                WriteItem(session, cycle, item);
            }
        }

        output.WriteLine("\nDecisions");
        foreach (var decision in decisions)
        {
            RunText.WriteDecision(session, decision);
        }
    }

    /// <summary>What a gate or sync command that failed printed last, and where the rest is.</summary>
    /// <param name="session">Where it is written.</param>
    /// <param name="cycle">The cycle.</param>
    /// <param name="item">The command; nothing is written of one that printed nothing.</param>
    /// <param name="lines">How many lines at the most.</param>
    /// <param name="indent">What stands before each.</param>
    public static void WriteOutput(CommandSession session, Cycle cycle, CycleItem item, int lines, string indent)
    {
        if (item.Output is not { Length: > 0 } printed)
        {
            return;
        }

        foreach (var line in ReadableText.Block(printed.TrimEnd()).Split('\n').TakeLast(lines))
        {
            session.Output.WriteWrapped($"{indent}| {line}", indent.Length + 2);
        }

        if (session.Workspace.Cycles.OutputFile(cycle, item) is { } file)
        {
            session.Output.WriteLine($"{indent}all of it: {SafeText.Escape(session.Workspace.Paths.Display(file))}");
        }
    }

    private static void WriteItem(CommandSession session, Cycle cycle, CycleItem item)
    {
        var output = session.Output;
        output.WriteWrapped(
            $"  {item.Number,3} {item.Kind.Name(),-7} "
                + $"{SafeText.Escape(item.Name)}{(item.Mode is null ? "" : $" ({item.Mode})")}: "
                + $"{item.State.Name()}{(item.Reason is null ? "" : $", {SafeText.Escape(item.Reason)}")}"
                + $"{(item.RunId is null ? "" : $"  [{session.Id(item.RunId)}]")}",
            Under.Length
        );
        if (item.State is CycleItemState.Failed)
        {
            WriteOutput(session, cycle, item, MaxOutputLines, Under);
        }

        if (item.Changes is { Any: true } changes)
        {
            output.WriteWrapped(
                $"{Under}{changes}: "
                    + $"{SafeText.Escape(string.Join(", ", changes.Files.Concat(changes.Commits).Take(MaxFiles)))}"
                    + $"{(changes.FileCount + changes.Commits.Count > MaxFiles ? ", …" : "")}",
                Under.Length
            );
        }

        foreach (var mark in item.Marks)
        {
            output.WriteWrapped($"{Under}note: {SafeText.Escape(mark)}", Under.Length);
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
