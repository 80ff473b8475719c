using System.CommandLine;
using LoopOrchestrator.Core.Memory;
using LoopOrchestrator.Mcp.Configuration;

namespace LoopOrchestrator.Mcp.Cli;

/// <summary><c>memory</c>: what people and agents wrote down for those who come later.</summary>
internal static class MemoryCommand
{
    public static Command Create() => new("memory", "Read what people and agents wrote down for those who come later.") { Show() };

    private static Command Show()
    {
        var section = new Option<string?>("--section") { HelpName = "SECTION", Description = "Only this section: patterns, commands or updates." };
        section.AcceptOnlyFromAmong("patterns", "commands", "updates");
        var query = new Option<string?>("--query") { HelpName = "WORDS", Description = "Only entries with all of these words; the archive is searched, too." };
        return new Command("show", "Show the entries of persistent-memory.md.") { section, query }
            .OnWorkspace(async (session, parsed, cancellationToken) =>
            {
                var chosen = parsed.GetValue(section) switch { "patterns" => MemorySection.Patterns, "commands" => MemorySection.Commands, "updates" => MemorySection.Updates, _ => (MemorySection?)null };
                var reading = await session.Workspace.Memory.ReadAsync(chosen, parsed.GetValue(query), cancellationToken);
                foreach (var part in reading.Sections)
                {
                    session.Output.WriteLine($"{part.Title} ({part.Entries.Count})");
                    foreach (var entry in part.Entries)
                    {
                        WriteEntry(session, entry);
                    }

                    session.Output.WriteLine();
                }

                session.Output.WriteLine($"{reading.Lines} of {reading.MaxLines} lines");
                foreach (var finding in reading.Findings)
                {
                    await session.Error.WriteLineAsync(SafeText.Escape(finding.ToString()));
                }

                return ExitCode.Ok;
            });
    }

    private static void WriteEntry(CommandSession session, MemoryEntry entry)
    {
        var facts = new[]
        {
            entry.Timestamp is { } at ? ReadableText.Moment(at, session.Workspace.Time.LocalTimeZone) : null,
            entry.Mode,
            entry.Category,
            entry.Pinned ? "pinned" : null,
            entry.Archived ? "archived" : null,
            entry.Seen > 1 ? $"seen {entry.Seen} times" : null,
        }.OfType<string>().ToList();
        var head = facts.Count == 0 ? "" : $"[{SafeText.Escape(string.Join(", ", facts))}] ";

        // An entry that is a list keeps its own signs, from the first line on.
        var text = ReadableText.Block(entry.Text);
        var sign = text.StartsWith("- ", StringComparison.Ordinal) && head.Length == 0 ? "" : "- ";
        session.Output.WriteLine($"  {sign}{head}{text.Replace("\n", sign.Length == 0 ? "\n  " : "\n    ", StringComparison.Ordinal)}");
    }
}
