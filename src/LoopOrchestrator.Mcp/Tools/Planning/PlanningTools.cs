using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using LoopOrchestrator.Core;
using LoopOrchestrator.Core.Modes;
using LoopOrchestrator.Core.Todo;
using ModelContextProtocol.Server;

namespace LoopOrchestrator.Mcp.Tools.Planning;

/// <summary>The tools about modes and the plan.</summary>
[McpServerToolType]
internal sealed class PlanningTools(Workspace workspace)
{
    [McpServerTool(Name = "list_modes", Title = "List modes", ReadOnly = true, Destructive = false, Idempotent = true, OpenWorld = false, UseStructuredContent = true)]
    [Description("Lists the modes in which work can be done (run_mode): the built-in ones and those of the workspace's .roomodes, each with its stage, permissions and agent.")]
    public ModeListResult ListModes(
        [Description("Only modes of this stage."), AllowedValues("implementation", "validation", "quality", "integration", "planning", null)] string? stage = null,
        CancellationToken cancellationToken = default)
    {
        cancellationToken.ThrowIfCancellationRequested();
        return new ModeListResult(
            workspace.Modes.Catalog.All.Where(mode => stage is null || Name(mode.Stage) == stage).Select(Show).ToList(),
            workspace.Modes.Findings.Select(static finding => finding.ToString()).ToList());
    }

    [McpServerTool(Name = "list_todos", Title = "List the plan", ReadOnly = true, Destructive = false, Idempotent = true, OpenWorld = false, UseStructuredContent = true)]
    [Description("Lists the items of TODO.md with their notes. Open items only, unless include_completed is set. The counts are of the whole file.")]
    public TodoListResult ListTodos(
        [Description("Whether to list items that are done too.")] bool include_completed = false,
        [Description("Words that must all occur in an item or its notes."), StringLength(500)] string? query = null,
        [Description("Only items under a heading that holds this text."), StringLength(200)] string? section = null,
        [Description("How many at the most."), Range(1, 1000)] int limit = 50,
        CancellationToken cancellationToken = default)
    {
        cancellationToken.ThrowIfCancellationRequested();
        var reading = TodoReader.Read(workspace.Paths, new TodoFilter { IncludeCompleted = include_completed, Query = query, Section = section, Limit = limit });
        return new TodoListResult(
            reading.Items.Select(Show).ToList(),
            reading.Matching,
            reading.Statistics.Total,
            reading.Statistics.Completed,
            reading.Findings.Select(static finding => finding.ToString()).ToList());
    }

    private static TodoResult Show(TodoItem item) => new(
        item.Id,
        item.Title,
        item.Detail.Length > 0 ? item.Detail : null,
        item.IsCompleted,
        item.Section,
        item.Line,
        item.ParentId,
        item.Notes.Select(static note => note.Key is null ? note.Text : $"{note.Key}: {note.Text}").ToList());

    private static string? Name(Stage? stage) => stage?.ToString().ToLowerInvariant();

    private ModeResult Show(Mode mode) => new(
        mode.Slug,
        mode.Name,
        Name(mode.Stage),
        mode.WhenToUse,
        mode.Groups.Select(static group => group.FileRegex is null ? group.Name : $"{group.Name} ({group.FileRegex})").ToList(),
        workspace.Agents.Resolve(mode.Slug, chosen: null).Agent.Name,
        mode.Source == ModeSource.BuiltIn ? "built_in" : "workspace");
}
