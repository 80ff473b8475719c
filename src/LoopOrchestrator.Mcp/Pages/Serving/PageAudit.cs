using LoopOrchestrator.Mcp.Audit;
using Microsoft.Extensions.DependencyInjection;

namespace LoopOrchestrator.Mcp.Pages.Serving;

/// <summary>
/// Tells the audit log of what was done by a form. A form that is refused is told there with all other requests that are.
/// </summary>
internal static class PageAudit
{
    private const int MaxIdLength = 100;

    // As in calls of tools: what names something. Every other field is content, and is not looked at.
    private static readonly string[] Names = ["run_id", "cycle_id", "schedule_id", "escalation_id", "mode", "agent", "dry_run"];

    public static void Add(PageForm form, string outcome, TimeSpan took)
    {
        var request = form.Request;
        Dictionary<string, string>? ids = null;
        foreach (var name in Names)
        {
            if (form.Find(name) is { Length: > 0 } value)
            {
                (ids ??= new Dictionary<string, string>(StringComparer.Ordinal))[name] =
                    value.Length <= MaxIdLength ? value : value[..MaxIdLength] + "…";
            }
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
                    ids,
                    outcome,
                    Status: null,
                    (long)took.TotalMilliseconds
                )
            );
    }
}
