using LoopOrchestrator.Core.Commits;
using LoopOrchestrator.Mcp.Configuration;

namespace LoopOrchestrator.Mcp.Cli.Output;

/// <summary>A plan of commits, and what became of it, for people.</summary>
internal static class CommitText
{
    private const int MaxFiles = 50;

    public static void Write(TextWriter output, CommitPlan plan)
    {
        for (var index = 0; index < plan.Groups.Count; index++)
        {
            var group = plan.Groups[index];
            output.WriteLine($"{index + 1}. {SafeText.Escape(group.Subject)}");
            output.WriteLine($"   {SafeText.Escape(group.Why)}");
            foreach (var file in group.Files.Take(MaxFiles))
            {
                output.WriteLine($"   {What(file),-8}  {SafeText.Escape(file.Path)}{Lines(file)}");
            }

            if (group.Files.Count > MaxFiles)
            {
                output.WriteLine($"   and {group.Files.Count - MaxFiles} more");
            }

            output.WriteLine();
        }

        WriteLeftOut(output, plan);
        output.WriteLine(
            plan.Groups.Count == 0 ? "There is nothing to commit." : $"{plan.Groups.Count} commit(s). 'commit --apply' makes them."
        );
    }

    public static void Write(TextWriter output, CommitResult result)
    {
        WriteLeftOut(output, result.Plan);
        if (result.Made.Count == 0)
        {
            output.WriteLine(result.Plan.Groups.Count == 0 ? "There is nothing to commit." : "No commit was made.");
            return;
        }

        output.WriteLine(
            $"{result.Made.Count} of {result.Plan.Groups.Count} commit(s) made on "
                + $"{SafeText.Escape(result.Branch)}{(result.Pushed is { } where ? $", pushed to {SafeText.Escape(where)}" : "")}."
        );
    }

    private static void WriteLeftOut(TextWriter output, CommitPlan plan)
    {
        if (plan.LeftOut.Count == 0)
        {
            return;
        }

        output.WriteLine("Left out:");
        foreach (var file in plan.LeftOut)
        {
            output.WriteLine($"   {SafeText.Escape(file.Path)}: {SafeText.Escape(file.Detail)}");
        }

        output.WriteLine();
    }

    private static string What(ChangedFile file) => file.MovedFrom is not null ? "moved" : file.Kind.ToString().ToLowerInvariant();

    private static string Lines(ChangedFile file) =>
        (file.IsBinary ? "  binary" : $"  +{file.Added} -{file.Removed}")
        + (file.MovedFrom is { } from ? $"  from {SafeText.Escape(from)}" : "")
        + (file.IsPartlyStaged ? "  staged in part, goes in whole" : "");
}
