using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using LoopOrchestrator.Core;
using LoopOrchestrator.Core.Errors;
using LoopOrchestrator.Core.Todo;
using LoopOrchestrator.Mcp.Tools.Calls;
using ModelContextProtocol.Server;

namespace LoopOrchestrator.Mcp.Tools.Planning;

/// <summary>The tools about modes and the plan.</summary>
[McpServerToolType]
internal sealed class PlanningTools(Workspace workspace)
{
    [McpServerTool(
        Name = "list_modes",
        Title = "List modes",
        ReadOnly = true,
        Destructive = false,
        Idempotent = true,
        OpenWorld = false,
        UseStructuredContent = true
    )]
    [Description("Lists the modes for run_mode: the built-in ones and those of .roomodes, each with stage, permissions and agent.")]
    public ModeListResult ListModes(
        [
            Description("Only modes of this stage."),
            AllowedValues("implementation", "validation", "quality", "integration", "planning", null)
        ]
            string? stage = null,
        [Description("An earlier next_cursor."), StringLength(100)] string? cursor = null,
        CancellationToken cancellationToken = default
    )
    {
        cancellationToken.ThrowIfCancellationRequested();
        return ModeListResult.Page(workspace, stage, cursor);
    }

    [McpMeta(ToolMeta.MaxResultSize, ToolMeta.LongResult)]
    [McpServerTool(
        Name = "list_todos",
        Title = "List the plan",
        ReadOnly = true,
        Destructive = false,
        Idempotent = true,
        OpenWorld = false,
        UseStructuredContent = true
    )]
    [Description("Lists the open items of TODO.md with their notes. The counts are of the whole file.")]
    public TodoListResult ListTodos(
        [Description("Done items too.")] bool include_completed = false,
        [Description("Words that must all occur."), StringLength(500)] string? query = null,
        [Description("Only below a heading with this text."), StringLength(200)] string? section = null,
        [Description("At most."), Range(1, 1000)] int limit = 50,
        CancellationToken cancellationToken = default
    )
    {
        cancellationToken.ThrowIfCancellationRequested();
        var reading = TodoReader.Read(
            workspace.Paths,
            new TodoFilter
            {
                IncludeCompleted = include_completed,
                Query = query,
                Section = section,
                Limit = limit,
            }
        );
        var result = TodoListResult.From(reading);
        return result.Items.Count == result.Matching
            ? result
            : result with
            {
                Findings =
                [
                    $"{result.Items.Count} of {result.Matching} items are shown. For the rest give limit, section or query, or read the "
                        + "resource loop://todo, which has pages.",
                    .. result.Findings,
                ],
            };
    }

    [McpServerTool(
        Name = "update_todo",
        Title = "Change the plan",
        ReadOnly = false,
        Destructive = false,
        Idempotent = true,
        OpenWorld = false,
        UseStructuredContent = true
    )]
    [Description("Ticks, unticks, adds or notes an item of TODO.md; all other text stays.")]
    public async Task<TodoChangedResult> UpdateTodoAsync(
        [Description("What to do."), AllowedValues("check", "uncheck", "add", "note")] string action,
        [Description("The item: id or text; not for add."), StringLength(TodoStore.MaxTextLength)] string? id = null,
        [Description("Of the new item or note."), StringLength(TodoStore.MaxTextLength)] string? text = null,
        [Description("For add: the heading."), StringLength(200)] string? section = null,
        [Description("For add: when it is done."), StringLength(TodoStore.MaxTextLength)] string? acceptance = null,
        CancellationToken cancellationToken = default
    )
    {
        var isAdd = action == "add";
        Refuse(action, "id", id, isWanted: !isAdd, isRequired: !isAdd);
        Refuse(action, "text", text, isWanted: isAdd || action == "note", isRequired: true);
        Refuse(action, "section", section, isWanted: isAdd, isRequired: false);
        Refuse(action, "acceptance", acceptance, isWanted: isAdd, isRequired: false);
        var change = action switch
        {
            "add" => (await workspace.Todo.AddAsync([new NewTodo(text!, section, acceptance)], cancellationToken))[0],
            "note" => await workspace.Todo.NoteAsync(id!, text!, cancellationToken),
            _ => await workspace.Todo.TickAsync(id!, action == "check", cancellationToken),
        };
        return new TodoChangedResult(change.Item.Id, change.IsChanged, change.Item.IsCompleted, change.Item.Section, change.Item.Line);
    }

    private static void Refuse(string action, string name, string? value, bool isWanted, bool isRequired)
    {
        if (isWanted && isRequired && string.IsNullOrWhiteSpace(value))
        {
            throw new UserErrorException($"'{name}' is missing, which '{action}' needs; nothing was changed.");
        }

        if (!isWanted && value is not null)
        {
            throw new UserErrorException($"'{name}' does not go with '{action}'; nothing was changed.");
        }
    }
}
