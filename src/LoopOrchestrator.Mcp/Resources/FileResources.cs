using System.ComponentModel;
using LoopOrchestrator.Core;
using LoopOrchestrator.Core.Todo;
using LoopOrchestrator.Mcp.Tools;
using LoopOrchestrator.Mcp.Tools.Memory;
using LoopOrchestrator.Mcp.Tools.Planning;
using ModelContextProtocol.Protocol;
using ModelContextProtocol.Server;

namespace LoopOrchestrator.Mcp.Resources;

/// <summary>The memory and the plan, for clients that let people attach them.</summary>
[McpServerResourceType]
internal sealed class FileResources(Workspace workspace)
{
    private const string MemoryUri = "loop://memory";
    private const string TodoUri = "loop://todo";

    [McpServerResource(
        UriTemplate = MemoryUri,
        Name = "memory",
        Title = "Memory",
        MimeType = ResourceText.Json,
        IconSource = ResourceIcon.Source
    )]
    [Description("The entries of persistent-memory.md: patterns, commands, updates, of each the newest first. In pages.")]
    public Task<TextResourceContents> MemoryAsync(CancellationToken cancellationToken) =>
        MemoryAsync(section: null, page: null, cancellationToken);

    [McpServerResource(
        UriTemplate = $"{MemoryUri}{{?section,page}}",
        Name = "memory-part",
        Title = "A part of the memory",
        MimeType = ResourceText.Json,
        IconSource = ResourceIcon.Source
    )]
    [Description("One section of persistent-memory.md, or a further page of loop://memory.")]
    public async Task<TextResourceContents> MemoryAsync(
        [Description("patterns, commands or updates.")] string? section = null,
        [Description("The page, from 1.")] string? page = null,
        CancellationToken cancellationToken = default
    )
    {
        if (section is not null && MemoryTools.Find(section) is null)
        {
            throw new MissingResourceException(
                $"The memory has no section '{section}'. Its sections are {string.Join(", ", MemoryTools.SectionNames)}."
            );
        }

        var reading = await workspace.Memory.ReadAsync(MemoryTools.Find(section), query: null, cancellationToken);
        var result = MemoryResult.From(reading);
        return ResourceText.Page(
            section is null ? MemoryUri : $"{MemoryUri}?section={section}",
            result with
            {
                Entries =
                [
                    .. result
                        .Entries.GroupBy(static entry => entry.Section, StringComparer.Ordinal)
                        .SelectMany(static group => group.Reverse()),
                ],
            },
            ToolJson.Default.MemoryResult,
            "entries",
            page
        );
    }

    [McpServerResource(
        UriTemplate = TodoUri,
        Name = "todo",
        Title = "Plan",
        MimeType = ResourceText.Json,
        IconSource = ResourceIcon.Source
    )]
    [Description("The open items of TODO.md with their notes, in the order of the file, and how many are done. In pages.")]
    public TextResourceContents Todo(CancellationToken cancellationToken) => Todo(page: null, cancellationToken);

    [McpServerResource(
        UriTemplate = $"{TodoUri}{{?page}}",
        Name = "todo-page",
        Title = "Plan, a page",
        MimeType = ResourceText.Json,
        IconSource = ResourceIcon.Source
    )]
    [Description("A further page of loop://todo.")]
    public TextResourceContents Todo([Description("The page, from 1.")] string? page = null, CancellationToken cancellationToken = default)
    {
        cancellationToken.ThrowIfCancellationRequested();
        return ResourceText.Page(
            TodoUri,
            TodoListResult.From(TodoReader.Read(workspace.Paths, new TodoFilter())),
            ToolJson.Default.TodoListResult,
            "items",
            page
        );
    }
}
