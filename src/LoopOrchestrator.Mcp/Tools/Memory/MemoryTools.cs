using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using LoopOrchestrator.Core;
using LoopOrchestrator.Core.Errors;
using LoopOrchestrator.Core.Memory;
using LoopOrchestrator.Core.Requests;
using LoopOrchestrator.Mcp.Tools.Calls;
using ModelContextProtocol.Server;

namespace LoopOrchestrator.Mcp.Tools.Memory;

/// <summary>The tools about the memory.</summary>
[McpServerToolType]
internal sealed class MemoryTools(Workspace workspace)
{
    /// <summary>The sections as arguments name them.</summary>
    public static IReadOnlyList<string> SectionNames { get; } =
    [Name(MemorySection.Patterns), Name(MemorySection.Commands), Name(MemorySection.Updates)];

    public static string Name(MemorySection section) =>
        section switch
        {
            MemorySection.Patterns => "patterns",
            MemorySection.Commands => "commands",
            _ => "updates",
        };

    [McpServerTool(
        Name = "append_memory",
        Title = "Remember a finding",
        ReadOnly = false,
        Destructive = false,
        Idempotent = true,
        OpenWorld = false,
        UseStructuredContent = true
    )]
    [Description(
        "Adds an entry to persistent-memory.md for those who come later; it is on disk when this answers. The same text again is "
            + "only counted. At the limit the oldest not pinned move into the archive, which read_memory with a query still searches."
    )]
    public async Task<MemoryAppendedResult> AppendMemoryAsync(
        [
            Description(
                "patterns (how things are done here), commands (what works, how to debug) or updates (what changed, where things stand)."
            ),
            AllowedValues("patterns", "commands", "updates")
        ]
            string section,
        [Description("One thing, true, and useful without its context."), StringLength(MemoryStore.MaxContentBytes, MinimumLength = 1)]
            string content,
        [Description("Such as finding or failure."), StringLength(80)] string? category = null,
        [Description("Where it was found; any slug."), StringLength(100)] string? mode = null,
        [Description("Keep it out of the archive.")] bool pinned = false,
        [Description(RequestIdText.Short), StringLength(RequestKey.MaxLength)] string? request_id = null,
        CancellationToken cancellationToken = default
    )
    {
        var append = new MemoryAppend(Section(section), content, category, mode, pinned);
        return MemoryAppendedResult.From(await workspace.Memory.AppendAsync(append, workspace.Requests, request_id, cancellationToken));
    }

    [McpMeta(ToolMeta.MaxResultSize, ToolMeta.LongResult)]
    [McpServerTool(
        Name = "read_memory",
        Title = "Read the memory",
        ReadOnly = true,
        Destructive = false,
        Idempotent = true,
        OpenWorld = false,
        UseStructuredContent = true
    )]
    [Description("Reads persistent-memory.md, or one section. With a query only entries that hold all its words, from the archive too.")]
    public async Task<MemoryResult> ReadMemoryAsync(
        [Description("Only this section."), AllowedValues("patterns", "commands", "updates", null)] string? section = null,
        [Description("Words that must all occur."), StringLength(500)] string? query = null,
        CancellationToken cancellationToken = default
    )
    {
        var reading = await workspace.Memory.ReadAsync(section is null ? null : Section(section), query, cancellationToken);
        return MemoryResult.From(reading);
    }

    [McpServerTool(
        Name = "search_memory",
        Title = "Search memory",
        ReadOnly = true,
        Destructive = false,
        Idempotent = true,
        OpenWorld = false,
        UseStructuredContent = true
    )]
    [Description("Finds entries of persistent-memory.md and its archive, the best first.")]
    public MemoryHitListResult SearchMemory(
        [Description("All these words; \"side by side\", begin*, -without."), StringLength(MemoryQuery.MaxTextLength)] string query,
        [Description("Section."), AllowedValues("patterns", "commands", "updates", null)] string? section = null,
        [Description("Mode."), StringLength(100)] string? mode = null,
        [Description("Category."), StringLength(100)] string? category = null,
        [Description("Not older.")] DateTimeOffset? since = null,
        [Description("At most."), Range(1, MemoryQuery.MaxHits)] int limit = 10,
        CancellationToken cancellationToken = default
    )
    {
        cancellationToken.ThrowIfCancellationRequested();
        var result = workspace.MemorySearch.Find(
            new MemoryQuery(query)
            {
                Section = section is null ? null : Section(section),
                Mode = mode,
                Category = category,
                Since = since,
                Limit = limit,
            }
        );
        return MemoryHitListResult.From(result);
    }

    /// <summary>The section of a name; nothing where there is none.</summary>
    public static MemorySection? Find(string? name) =>
        name switch
        {
            "patterns" => MemorySection.Patterns,
            "commands" => MemorySection.Commands,
            "updates" => MemorySection.Updates,
            _ => null,
        };

    private static MemorySection Section(string name) =>
        Find(name) ?? throw new UserErrorException($"section is '{name}' and must be patterns, commands or updates.");
}
