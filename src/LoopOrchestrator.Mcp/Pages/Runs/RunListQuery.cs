using LoopOrchestrator.Core.Runs.Contracts;
using LoopOrchestrator.Core.Runs.Stores;
using LoopOrchestrator.Mcp.Pages.Layout;
using LoopOrchestrator.Mcp.Pages.Serving;

namespace LoopOrchestrator.Mcp.Pages.Runs;

/// <summary>What of all runs is asked for by an address. What is not understood in it asks for nothing.</summary>
internal sealed record RunListQuery
{
    /// <summary>How many stand on a page.</summary>
    public const int PerPage = 50;

    public RunState? State { get; private init; }

    public string? Mode { get; private init; }

    public RunOrigin? Origin { get; private init; }

    public string? ScheduleId { get; private init; }

    /// <summary>Whether only cycles are asked for.</summary>
    public bool IsOfCycles { get; private init; }

    public RunPosition? Before { get; private init; }

    /// <summary>Whether anything narrows the list.</summary>
    public bool IsNarrowed => State is not null || Mode is not null || Origin is not null || ScheduleId is not null || IsOfCycles;

    /// <summary>The runs that fit, and one more where there are more.</summary>
    public RunFilter Filter =>
        new()
        {
            State = State,
            Mode = Mode,
            Origin = Origin,
            ScheduleId = ScheduleId,
            Before = Before,
            Limit = PerPage + 1,
        };

    public static RunListQuery Of(PageRequest request) =>
        new()
        {
            State = RunNames.State(request.Query("state")),
            Mode = request.Query("mode"),
            Origin = RunNames.Origin(request.Query("by")),
            ScheduleId = request.Query("schedule"),
            IsOfCycles = request.Query("kind") == "cycle",
            Before = request.Query("before") is { } before ? RunPosition.Parse(before) : null,
        };

    /// <summary>The address of the page behind a run.</summary>
    public PageUrl Behind(Run last) => To(new RunPosition(last.CreatedAt, last.Id));

    /// <summary>The address of the first page of the same.</summary>
    public PageUrl Newest => To(before: null);

    private PageUrl To(RunPosition? before) =>
        PageUrl.To(
            RunPages.Path,
            ("state", State?.Name()),
            ("mode", Mode),
            ("by", Origin?.Name()),
            ("schedule", ScheduleId),
            ("kind", IsOfCycles ? "cycle" : null),
            ("before", before?.ToString())
        );
}
