using System.CommandLine;
using LoopOrchestrator.Core.Todo;
using LoopOrchestrator.Mcp.Bootstrap;
using LoopOrchestrator.Mcp.Cli.Commands;
using LoopOrchestrator.Mcp.Cli.Output;
using LoopOrchestrator.Mcp.Configuration;
using LoopOrchestrator.Mcp.Tools.Planning;

namespace LoopOrchestrator.Mcp.Cli;

/// <summary><c>todo</c>: the plan.</summary>
internal static class TodoCommand
{
    public static Command Create() =>
        new("todo", "Read and change the plan (TODO.md).")
        {
            List(),
            Tick("check", "Tick an item.", isCompleted: true),
            Tick("uncheck", "Take the tick of an item away.", isCompleted: false),
            Add(),
            Note(),
        };

    private static Command List()
    {
        var all = new Option<bool>("--all") { Description = "List items that are done, too." };
        var query = new Option<string?>("--query") { HelpName = "WORDS", Description = "Only items with all of these words." };
        var json = WorkspaceCommand.Json("list_todos");
        return new Command("list", "List the open items.") { all, query, json }.OnWorkspace(
            async (session, parsed, _) =>
            {
                var reading = TodoReader.Read(
                    session.Workspace.Paths,
                    new TodoFilter { IncludeCompleted = parsed.GetValue(all), Query = parsed.GetValue(query) }
                );
                if (parsed.GetValue(json))
                {
                    return session.WriteJson(TodoListResult.From(reading), ReadableJson.Tools.TodoListResult);
                }

                var table = new TextTable(Column.Whole("ID"), Column.Whole("LINE"), "ITEM", "SECTION");
                foreach (var item in reading.Items)
                {
                    table.Add(
                        item.Id,
                        item.Line.ToString(),
                        $"{new string(' ', 2 * item.Depth)}{(item.IsCompleted ? "[x]" : "[ ]")} {ReadableText.Short(item.Title)}",
                        ReadableText.Short(item.Section)
                    );
                }

                if (table.Count > 0)
                {
                    table.Write(session.Output);
                }

                session.Output.WriteLine($"{reading.Statistics.Open} open, {reading.Statistics.Completed} done");
                foreach (var diagnostic in reading.Diagnostics)
                {
                    await session.Error.WriteLineAsync(SafeText.Escape(diagnostic.ToString()));
                }

                return ExitCode.Ok;
            }
        );
    }

    private static Command Tick(string name, string description, bool isCompleted)
    {
        var item = Item();
        return new Command(name, description) { item }.OnWorkspace(
            async (session, parsed, cancellationToken) =>
                WriteChange(
                    session,
                    await session.Workspace.Todo.TickAsync(parsed.GetValue(item)!, isCompleted, cancellationToken),
                    isCompleted ? "done already" : "open already"
                )
        );
    }

    private static Command Add()
    {
        var text = new Argument<string>("TEXT") { Description = "What is to be done." };
        var section = new Option<string?>("--section")
        {
            HelpName = "HEADING",
            Description = $"The heading to put it under, made if there is none ({TodoStore.DefaultSection} by default).",
        };
        var acceptance = new Option<string?>("--acceptance") { HelpName = "TEXT", Description = "How one sees that it is done." };
        var notes = new Option<string[]>("--note") { HelpName = "TEXT", Description = "A note below it; may be given several times." };
        return new Command("add", "Add an item at the end of its section.") { text, section, acceptance, notes }.OnWorkspace(
            async (session, parsed, cancellationToken) =>
            {
                var item = new NewTodo(
                    parsed.GetValue(text)!,
                    parsed.GetValue(section),
                    parsed.GetValue(acceptance),
                    parsed.GetValue(notes)
                );
                return WriteChange(session, (await session.Workspace.Todo.AddAsync([item], cancellationToken))[0], "there already");
            }
        );
    }

    private static Command Note()
    {
        var item = Item();
        var text = new Argument<string>("TEXT") { Description = "The note." };
        return new Command("note", "Add a note to an item.") { item, text }.OnWorkspace(
            async (session, parsed, cancellationToken) =>
                WriteChange(
                    session,
                    await session.Workspace.Todo.NoteAsync(parsed.GetValue(item)!, parsed.GetValue(text)!, cancellationToken),
                    "noted already"
                )
        );
    }

    private static Argument<string> Item() => new("ITEM") { Description = "Its id, as 'todo list' shows it, or its text." };

    private static int WriteChange(CommandSession session, TodoChange change, string unchanged)
    {
        var item = change.Item;
        session.Output.WriteLine(
            $"{item.Id} {(item.IsCompleted ? "[x]" : "[ ]")} {SafeText.Escape(item.Title)} (line "
                + $"{item.Line}{(item.Section.Length > 0 ? $", {SafeText.Escape(item.Section)}" : "")})"
                + $"{(change.IsChanged ? "" : $": {unchanged}")}"
        );
        session.Output.WriteLine($"{change.Statistics.Open} open, {change.Statistics.Completed} done");
        return ExitCode.Ok;
    }
}
