using LoopOrchestrator.Core;
using LoopOrchestrator.Core.Runs.Stores;
using LoopOrchestrator.Mcp.Tools.Memory;
using Microsoft.Extensions.DependencyInjection;
using ModelContextProtocol.Protocol;

namespace LoopOrchestrator.Mcp.Prompts;

/// <summary>
/// What a client offers while a person types an argument of a prompt or a variable of a resource's address: what begins with the text,
/// then what holds it.
/// </summary>
internal static class LoopCompletions
{
    // As many as the protocol allows in one answer.
    private const int Most = 100;

    /// <summary>Serves them.</summary>
    public static IMcpServerBuilder WithLoopCompletions(this IMcpServerBuilder builder) =>
        builder.WithCompleteHandler(
            static async (context, cancellationToken) =>
                context.Params is { } asked
                    ? await CompleteAsync(
                        (context.Services ?? context.Server.Services!).GetRequiredService<Workspace>(),
                        asked,
                        cancellationToken
                    )
                    : new CompleteResult()
        );

    private static async Task<CompleteResult> CompleteAsync(
        Workspace workspace,
        CompleteRequestParams asked,
        CancellationToken cancellationToken
    )
    {
        var known = (asked.Ref, asked.Argument.Name) switch
        {
            (PromptReference { Name: LoopPrompts.WorkTheLoop }, LoopPrompts.ModeArgument) => Slugs(workspace),
            (ResourceTemplateReference { Uri: "loop://modes/{slug}" }, "slug") => Slugs(workspace),
            (ResourceTemplateReference { Uri: "loop://memory{?section,page}" }, "section") => MemoryTools.SectionNames,
            (ResourceTemplateReference { Uri: "loop://schedules/{id}" }, "id") =>
            [
                .. workspace.Schedules.Source.Schedules.Select(static schedule => schedule.Id),
            ],
            (ResourceTemplateReference { Uri: { } uri }, "id") when uri.StartsWith("loop://runs/{id}", StringComparison.Ordinal) =>
            [
                .. (await workspace.Runs.ListAsync(new RunFilter { Limit = Most * 2 }, cancellationToken)).Select(static run => run.Id),
            ],
            (ResourceTemplateReference { Uri: "loop://cycles/{id}" }, "id") =>
            [
                .. (await workspace.Cycles.ListAsync(new RunFilter { Limit = Most * 2 }, cancellationToken)).Select(static cycle =>
                    cycle.Run.Id
                ),
            ],
            _ => [],
        };
        return Fitting(known, asked.Argument.Value ?? string.Empty);
    }

    private static List<string> Slugs(Workspace workspace) => [.. workspace.Modes.Catalog.All.Select(static mode => mode.Slug)];

    private static CompleteResult Fitting(IReadOnlyList<string> known, string text)
    {
        var fitting = known
            .Where(value => value.Contains(text, StringComparison.OrdinalIgnoreCase))
            .OrderBy(value => !value.StartsWith(text, StringComparison.OrdinalIgnoreCase))
            .ToList();
        return new CompleteResult
        {
            Completion = new Completion
            {
                Values = [.. fitting.Take(Most)],
                Total = fitting.Count,
                HasMore = fitting.Count > Most,
            },
        };
    }
}
