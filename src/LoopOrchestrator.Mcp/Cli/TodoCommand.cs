using System.CommandLine;
using LoopOrchestrator.Core.Todo;
using LoopOrchestrator.Mcp.Configuration;

namespace LoopOrchestrator.Mcp.Cli;

/// <summary><c>todo</c>: the plan.</summary>
internal static class TodoCommand
{
    public static Command Create() => new("todo", "Read the plan (TODO.md).") { List() };

    private static Command List()
    {
        var all = new Option<bool>("--all") { Description = "List items that are done, too." };
        var query = new Option<string?>("--query") { HelpName = "WORDS", Description = "Only items with all of these words." };
        return new Command("list", "List the open items.") { all, query }
            .OnWorkspace(async (session, parsed, _) =>
            {
                var reading = TodoReader.Read(session.Workspace.Paths, new TodoFilter { IncludeCompleted = parsed.GetValue(all), Query = parsed.GetValue(query) });
                var table = new TextTable("ID", "LINE", "ITEM", "SECTION");
                foreach (var item in reading.Items)
                {
                    table.Add(item.Id, item.Line.ToString(), $"{new string(' ', 2 * item.Depth)}{(item.IsCompleted ? "[x]" : "[ ]")} {ReadableText.Short(item.Title)}", ReadableText.Short(item.Section));
                }

                if (table.Count > 0)
                {
                    table.Write(session.Output);
                }

                session.Output.WriteLine($"{reading.Statistics.Open} open, {reading.Statistics.Completed} done");
                foreach (var finding in reading.Findings)
                {
                    await session.Error.WriteLineAsync(SafeText.Escape(finding.ToString()));
                }

                return ExitCode.Ok;
            });
    }
}
