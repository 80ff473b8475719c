using System.Text.Json;
using LoopOrchestrator.Core;
using LoopOrchestrator.Core.Errors;
using LoopOrchestrator.Core.Modes;
using LoopOrchestrator.Mcp.Tools.Calls;

namespace LoopOrchestrator.Mcp.Tools.Planning;

/// <summary>The answer of <c>list_modes</c>; with a cursor where there are more.</summary>
internal sealed record ModeListResult(IReadOnlyList<ModeResult> Modes, IReadOnlyList<string> Findings, string? NextCursor)
{
    private const int MaxFindings = 5;
    private const int MaxFindingLength = 200;
    private const int MaxPurposeLength = 300;

    /// <param name="workspace">The workspace.</param>
    /// <param name="stage">Only modes of this stage; all when not given.</param>
    public static ModeListResult From(Workspace workspace, string? stage) =>
        new(
            Of(workspace, stage).Select(mode => ModeResult.From(workspace, mode)).ToList(),
            workspace.Modes.Diagnostics.Select(static diagnostic => diagnostic.ToString()).ToList(),
            NextCursor: null
        );

    /// <summary>As many of them as a client hands on whole.</summary>
    /// <param name="workspace">The workspace.</param>
    /// <param name="stage">Only modes of this stage; all when not given.</param>
    /// <param name="cursor">Where an earlier page has ended: its last mode.</param>
    /// <exception cref="UserErrorException">There is no such mode (any more).</exception>
    public static ModeListResult Page(Workspace workspace, string? stage, string? cursor)
    {
        var all = Of(workspace, stage).ToList();
        var from = cursor is null ? 0 : all.FindIndex(mode => mode.Slug == cursor) + 1;
        if (cursor is not null && from == 0)
        {
            throw new UserErrorException(
                $"cursor '{AnswerLimits.Cut(cursor, MaxFindingLength)}' is not one of list_modes. Give next_cursor of an earlier "
                    + "answer, or leave it out for the first page."
            );
        }

        // What is wrong in the file stands on the first page; all of it is for doctor.
        var wrong = from > 0 ? [] : workspace.Modes.Diagnostics.Select(static diagnostic => diagnostic.ToString()).ToList();
        List<string> findings = [.. wrong.Take(MaxFindings).Select(static one => AnswerLimits.Cut(one, MaxFindingLength))];
        if (wrong.Count > MaxFindings)
        {
            findings.Add($"and {wrong.Count - MaxFindings} more; 'loop-orchestrator doctor' has them all");
        }

        var room = AnswerLimits.PageBytes - findings.Sum(static one => JsonEncodedText.Encode(one).EncodedUtf8Bytes.Length + 3);
        var page = AnswerLimits.Fitting(
            all.Skip(from).Select(mode => ModeResult.From(workspace, mode)).Select(Shorten),
            ModeRowJson.Default.ModeResult,
            room
        );
        var end = from + page.Count;
        return new ModeListResult(page, findings, end < all.Count ? all[end - 1].Slug : null);
    }

    private static IEnumerable<Mode> Of(Workspace workspace, string? stage) =>
        workspace.Modes.Catalog.All.Where(mode => stage is null || ModeResult.StageName(mode.Stage) == stage);

    private static ModeResult Shorten(ModeResult mode) =>
        mode with
        {
            Name = AnswerLimits.Cut(mode.Name.ReplaceLineEndings(" "), MaxFindingLength),
            WhenToUse = mode.WhenToUse is null ? null : AnswerLimits.Cut(mode.WhenToUse.ReplaceLineEndings(" "), MaxPurposeLength),
            Groups = [.. mode.Groups.Select(static group => AnswerLimits.Cut(group, MaxFindingLength))],
        };
}
