using System.CommandLine;
using LoopOrchestrator.Core.Memory;
using LoopOrchestrator.Mcp.Bootstrap;
using LoopOrchestrator.Mcp.Cli.Commands;
using LoopOrchestrator.Mcp.Cli.Output;
using LoopOrchestrator.Mcp.Configuration;
using LoopOrchestrator.Mcp.Tools.Memory;

namespace LoopOrchestrator.Mcp.Cli;

/// <summary><c>memory</c>: what people and agents wrote down for those who come later.</summary>
internal static class MemoryCommand
{
    public static Command Create() =>
        new("memory", "Read, search and tidy what people and agents wrote down for those who come later.")
        {
            Show(),
            Search(),
            Append(),
            Compact(),
        };

    private static Command Show()
    {
        var section = SectionOption();
        var query = new Option<string?>("--query")
        {
            HelpName = "WORDS",
            Description = "Only entries with all of these words; the archive is searched, too.",
        };
        var json = WorkspaceCommand.Json("read_memory");
        return new Command("show", "Show the entries of persistent-memory.md.") { section, query, json }.OnWorkspace(
            async (session, parsed, cancellationToken) =>
            {
                var reading = await session.Workspace.Memory.ReadAsync(
                    Section(parsed.GetValue(section)),
                    parsed.GetValue(query),
                    cancellationToken
                );
                if (parsed.GetValue(json))
                {
                    return session.WriteJson(MemoryResult.From(reading), ReadableJson.Tools.MemoryResult);
                }

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
                foreach (var diagnostic in reading.Diagnostics)
                {
                    await session.Error.WriteLineAsync(SafeText.Escape(diagnostic.ToString()));
                }

                return ExitCode.Ok;
            }
        );
    }

    private static Command Search()
    {
        var query = new Argument<string[]>("WORDS")
        {
            Description = "Words that must all occur; '\"side by side\"', 'begin*', and after -- also -without.",
            Arity = ArgumentArity.OneOrMore,
        };
        var section = SectionOption();
        var mode = new Option<string?>("--mode", "--mode-slug") { HelpName = "MODE", Description = "Only entries of this mode." };
        var category = new Option<string?>("--category") { HelpName = "CATEGORY", Description = "Only entries of this category." };
        var since = new Option<DateTimeOffset?>("--since")
        {
            HelpName = "MOMENT",
            Description = "Only entries written then or later, such as 2026-01-31.",
        };
        var limit = WorkspaceCommand.Number("--limit", "N", "How many at the most.", 1, MemoryQuery.MaxHits, 10);
        var json = WorkspaceCommand.Json("search_memory");
        return new Command("search", "Find entries of persistent-memory.md and its archive, the best first.")
        {
            query,
            section,
            mode,
            category,
            since,
            limit,
            json,
        }.OnWorkspace(
            async (session, parsed, _) =>
            {
                var result = session.Workspace.MemorySearch.Find(
                    new MemoryQuery(string.Join(' ', parsed.GetValue(query)!))
                    {
                        Section = Section(parsed.GetValue(section)),
                        Mode = parsed.GetValue(mode),
                        Category = parsed.GetValue(category),
                        Since = parsed.GetValue(since),
                        Limit = parsed.GetValue(limit),
                    }
                );
                if (parsed.GetValue(json))
                {
                    return session.WriteJson(MemoryHitListResult.From(result), ReadableJson.Tools.MemoryHitListResult);
                }

                foreach (var hit in result.Hits)
                {
                    var head = Facts(session, hit.Timestamp, hit.Mode, hit.Category, hit.Pinned, hit.Archived, hit.Seen);
                    session.Output.WriteLine($"{SafeText.Escape($"{hit.File}:{hit.Line}")} {head}");
                    session.Output.WriteLine($"    {ReadableText.Block(hit.Snippet).Replace("\n", "\n    ", StringComparison.Ordinal)}");
                }

                session.Output.WriteLine($"{result.Hits.Count} of {result.Matching} entries");
                if (result.IndexProblem is { } problem)
                {
                    await session.Error.WriteLineAsync($"The files themselves were searched. {SafeText.Escape(problem)}");
                }

                return ExitCode.Ok;
            }
        );
    }

    private static Command Append()
    {
        var section = new Argument<string>("SECTION") { Description = "patterns, commands or updates." };
        section.AcceptOnlyFromAmong("patterns", "commands", "updates");
        var content = new Argument<string>("CONTENT") { Description = "The finding: one thing, true, and useful without its context." };
        var category = new Option<string?>("--category") { HelpName = "CATEGORY", Description = "Such as finding or failure." };
        var mode = new Option<string?>("--mode", "--mode-slug") { HelpName = "MODE", Description = "Where it was found; any slug." };
        var pinned = new Option<bool>("--pinned") { Description = "Keep it out of the archive." };
        var requestId = WorkspaceCommand.RequestId();
        var json = WorkspaceCommand.Json("append_memory");
        return new Command("append", "Add a finding to persistent-memory.md. The same text again is only counted.")
        {
            section,
            content,
            category,
            mode,
            pinned,
            requestId,
            json,
        }.OnWorkspace(
            async (session, parsed, cancellationToken) =>
            {
                var result = await session.Workspace.Memory.AppendAsync(
                    new MemoryAppend(
                        Section(parsed.GetValue(section))!.Value,
                        parsed.GetValue(content)!,
                        parsed.GetValue(category),
                        parsed.GetValue(mode),
                        parsed.GetValue(pinned)
                    ),
                    session.Workspace.Requests,
                    parsed.GetValue(requestId),
                    cancellationToken
                );
                if (parsed.GetValue(json))
                {
                    return session.WriteJson(MemoryAppendedResult.From(result), ReadableJson.Tools.MemoryAppendedResult);
                }

                session.Output.WriteLine(
                    $"{(result.IsDuplicate ? $"Counted where it stands; seen {result.Seen} times" : "Added")}. "
                        + $"{result.Lines} of {result.MaxLines} lines"
                );
                return ExitCode.Ok;
            }
        );
    }

    private static Command Compact()
    {
        var dryRun = new Option<bool>("--dry-run") { Description = "Only say what would be done." };
        var headroom = WorkspaceCommand.Number(
            "--headroom",
            "PERCENT",
            "The part of the limits that is to be free.",
            0,
            MemoryStore.MaxHeadroomPercent,
            MemoryStore.DefaultHeadroomPercent
        );
        return new Command("compact", "Count repeated entries in one, and archive the oldest until there is headroom. Nothing is lost.")
        {
            dryRun,
            headroom,
        }.OnWorkspace(
            async (session, parsed, cancellationToken) =>
            {
                var result = await session.Workspace.Memory.CompactAsync(
                    parsed.GetValue(headroom),
                    parsed.GetValue(dryRun),
                    cancellationToken
                );
                session.Output.WriteLine(
                    $"{(parsed.GetValue(dryRun) ? "would be " : "")}{result.LinesBefore} -> {result.Lines} lines, "
                        + $"{result.BytesBefore} -> {result.Bytes} bytes"
                );
                session.Output.WriteLine($"{result.MergedEntries} repeated entries counted in another");
                session.Output.WriteLine($"{result.FinishedMoves} entries that the archive had already taken out");
                session.Output.WriteLine(
                    $"{result.ArchivedEntries} oldest entries "
                        + $"archived{(result.ArchiveFile is { } file ? $" in {SafeText.Escape(file)}" : "")}"
                );
                if (!result.HasHeadroom)
                {
                    await session.Error.WriteLineAsync(
                        "There is less headroom than asked for: too much of the file is pinned, or stands outside of entries."
                    );
                }

                return ExitCode.Ok;
            }
        );
    }

    private static Option<string?> SectionOption()
    {
        var section = new Option<string?>("--section")
        {
            HelpName = "SECTION",
            Description = "Only this section: patterns, commands or updates.",
        };
        section.AcceptOnlyFromAmong("patterns", "commands", "updates");
        return section;
    }

    private static MemorySection? Section(string? name) =>
        name switch
        {
            "patterns" => MemorySection.Patterns,
            "commands" => MemorySection.Commands,
            "updates" => MemorySection.Updates,
            _ => null,
        };

    private static string Facts(
        CommandSession session,
        DateTimeOffset? timestamp,
        string? mode,
        string? category,
        bool pinned,
        bool archived,
        int seen
    )
    {
        var facts = new[]
        {
            timestamp is { } at ? ReadableText.Moment(at, session.Workspace.Time.LocalTimeZone) : null,
            mode,
            category,
            pinned ? "pinned" : null,
            archived ? "archived" : null,
            seen > 1 ? $"seen {seen} times" : null,
        }
            .OfType<string>()
            .ToList();
        return facts.Count == 0 ? "" : $"[{SafeText.Escape(string.Join(", ", facts))}] ";
    }

    private static void WriteEntry(CommandSession session, MemoryEntry entry)
    {
        var head = Facts(session, entry.Timestamp, entry.Mode, entry.Category, entry.Pinned, entry.Archived, entry.Seen);

        // An entry that is a list keeps its own signs, from the first line on.
        var text = ReadableText.Block(entry.Text);
        var sign = text.StartsWith("- ", StringComparison.Ordinal) && head.Length == 0 ? "" : "- ";
        session.Output.WriteLine($"  {sign}{head}{text.Replace("\n", sign.Length == 0 ? "\n  " : "\n    ", StringComparison.Ordinal)}");
    }
}
