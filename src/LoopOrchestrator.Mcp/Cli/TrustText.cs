using LoopOrchestrator.Core.Trust;
using LoopOrchestrator.Mcp.Cli.Commands;
using LoopOrchestrator.Mcp.Cli.Output;
using LoopOrchestrator.Mcp.Configuration;

namespace LoopOrchestrator.Mcp.Cli;

/// <summary>What trust is about, as a person reads it.</summary>
internal static class TrustText
{
    /// <param name="difference">What has changed since a person saw it; <see langword="null"/> where nobody has.</param>
    public static void Write(CommandSession session, TrustAnswer answer, TrustDifference? difference, bool onlyShows)
    {
        var output = session.Output;
        var seen = session.Workspace.Approved;
        if (!onlyShows)
        {
            output.WriteLine($"{SafeText.Escape(answer.Workspace)} is trusted.");
            output.WriteLine($"Recorded in {session.Workspace.Trust.RecordFile}");
        }
        else if (seen.Note() is { } note)
        {
            output.WriteLine($"The record of trust: {SafeText.Escape(note)}.");
        }

        if (difference is null || onlyShows)
        {
            WriteList(output, answer);
        }

        if (difference is not null)
        {
            WriteDifference(output, difference, onlyShows);
        }
        else if (onlyShows)
        {
            output.WriteLine("\nNone of this is recorded as seen. Record it with: loop-orchestrator trust");
        }

        if (session.Options.TrustWorkspace.Value == false)
        {
            output.WriteLine($"{session.Options.TrustWorkspace.Source} says no and beats the record for every program that sees it.");
        }

        if (!onlyShows)
        {
            output.WriteLine("What changes later is held back until you look again. Take it back with: loop-orchestrator trust --revoke");
        }
    }

    private static void WriteList(TextWriter output, TrustAnswer answer)
    {
        output.WriteLine("What may be executed, called and permitted by the files as they are now:");
        var table = new TextTable("KIND", "PLACE", "WHAT");
        foreach (var entry in answer.Entries)
        {
            table.Add(entry.Kind, entry.Place, entry.Text);
        }

        table.Write(output, "  ");
    }

    private static void WriteDifference(TextWriter output, TrustDifference difference, bool onlyShows)
    {
        if (difference.IsEmpty)
        {
            output.WriteLine("Nothing has changed since it was recorded.");
            return;
        }

        output.WriteLine(
            onlyShows ? "\nWhat has changed since it was recorded:" : "What has changed since it was recorded, and counts now:"
        );
        foreach (var entry in difference.Added)
        {
            Write(output, "new", entry);
        }

        foreach (var (before, now) in difference.Changed)
        {
            Write(output, "changed", now);
            output.WriteLine(
                before.Text == now.Text
                    ? "           in a part that is not shown, such as the value of a variable"
                    : $"           it was: {SafeText.Escape(before.Text)}"
            );
        }

        foreach (var entry in difference.Removed)
        {
            Write(output, "removed", entry);
        }

        if (onlyShows)
        {
            output.WriteLine(
                "New and changed ones are held back, and so is what a removed gate or onlyIf guarded. Let them go on "
                    + "with: loop-orchestrator trust"
            );
        }
        else if (difference.Added.Concat(difference.Changed.Select(static pair => pair.Now)).Any(IsOfConfiguration))
        {
            output.WriteLine("A server reads its configuration file when it starts: start it again for what has changed there.");
        }
    }

    private static bool IsOfConfiguration(TrustedEntry entry) => entry.Kind is not (TrustedKind.OnlyIf or TrustedKind.ModeGroups);

    private static void Write(TextWriter output, string what, TrustedEntry entry) =>
        output.WriteLine($"  {what,-8} {entry.Kind.Name()}, {SafeText.Escape(entry.Place)}: {SafeText.Escape(entry.Text)}");
}
