using LoopOrchestrator.Mcp.Audit;
using Microsoft.Extensions.DependencyInjection;

namespace LoopOrchestrator.Mcp.Pages.Serving;

/// <summary>
/// Tells the audit log of what was done by a form. A form that is refused is told there with all other requests that are.
/// </summary>
internal static class PageAudit
{
    private const int MaxIdLength = 100;
    private const string Made = "made_";

    // As in calls of tools: what names something. Every other field is content, and is not looked at.
    private static readonly string[] Names =
    [
        "run_id",
        "cycle_id",
        "schedule_id",
        "escalation_id",
        "subject",
        "mode",
        "agent",
        "action",
        "dry_run",
    ];

    /// <param name="form">The form.</param>
    /// <param name="answer">What came of it; <see langword="null"/> where nothing did.</param>
    /// <param name="outcome">How it ended.</param>
    /// <param name="took">How long it took.</param>
    public static void Add(PageForm form, PageAnswer? answer, string outcome, TimeSpan took)
    {
        var request = form.Request;
        var ids = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var name in Names)
        {
            if (form.Find(name) is { Length: > 0 } value)
            {
                ids[name] = Cut(value);
            }
        }

        if (answer?.Made is { } made && ids.GetValueOrDefault(made.Kind) != made.Id)
        {
            // The run that was asked for again is not the one that was made.
            ids[ids.ContainsKey(made.Kind) ? Made + made.Kind : made.Kind] = Cut(made.Id);
        }

        var services = request.Context.RequestServices;
        services
            .GetService<AuditLog>()
            ?.Add(
                new AuditEntry(
                    services.GetRequiredService<TimeProvider>().GetUtcNow(),
                    request.Grant?.Name ?? AuditRequests.Local,
                    request.Grant?.Id,
                    Address: null,
                    $"POST {request.Context.Request.Path}",
                    ids.Count > 0 ? ids : null,
                    outcome,
                    Status: null,
                    (long)took.TotalMilliseconds
                )
            );
    }

    private static string Cut(string text) => text.Length <= MaxIdLength ? text : text[..MaxIdLength] + "…";
}
