using System.Text.Json;
using LoopOrchestrator.Mcp.Configuration;
using LoopOrchestrator.Mcp.Tools.Calls;
using Microsoft.Extensions.DependencyInjection;
using ModelContextProtocol;
using ModelContextProtocol.Protocol;
using ModelContextProtocol.Server;

namespace LoopOrchestrator.Mcp.Audit;

/// <summary>Tells the audit log of each call of a tool.</summary>
internal static class AuditCalls
{
    private const int MaxIdLength = 100;

    /// <summary>The arguments and members of answers that name something; every other one is content, and is not looked at.</summary>
    private static readonly string[] IdNames =
    [
        "run_id",
        "cycle_id",
        "schedule_id",
        "escalation_id",
        "parent_run_id",
        "task_id",
        "mode",
        "agent",
        "action",
        "outcome",
        "dry_run",
    ];

    public static McpRequestHandler<CallToolRequestParams, CallToolResult> Guard(
        McpRequestHandler<CallToolRequestParams, CallToolResult> next
    ) =>
        async (context, cancellationToken) =>
        {
            var services = context.Services!;
            var time = services.GetRequiredService<TimeProvider>();
            // Now: when the client is gone at the end, so are its request's services.
            var log = services.GetRequiredService<AuditLog>();
            var started = time.GetTimestamp();
            var outcome = "failed";
            CallToolResult? result = null;
            try
            {
                result = await next(context, cancellationToken);
                outcome =
                    ToolScopes.IsRefused(context) ? "refused"
                    : result.IsError is true ? "error"
                    : "ok";
                return result;
            }
            catch (InputRequiredException)
            {
                outcome = "input_required";
                throw;
            }
            catch (McpException)
            {
                outcome = "error";
                throw;
            }
            catch (OperationCanceledException)
            {
                outcome = "cancelled";
                throw;
            }
            finally
            {
                var grant = AccessGrant.Of(context.User);
                log.Add(
                    new AuditEntry(
                        time.GetUtcNow(),
                        grant?.Name ?? AuditRequests.Local,
                        grant?.Id,
                        Address: null,
                        // Somebody may call any name; what is no tool is cut like an id.
                        Cut(context.Params?.Name ?? ""),
                        Ids(context.Params?.Arguments, result),
                        outcome,
                        Status: null,
                        (long)time.GetElapsedTime(started).TotalMilliseconds
                    )
                );
            }
        };

    /// <summary>Tells it of what was done to a run by another way than a tool. There is no log over stdio.</summary>
    public static void Add(IServiceProvider services, AccessGrant? grant, string what, string run, string outcome, TimeSpan took) =>
        services
            .GetService<AuditLog>()
            ?.Add(
                new AuditEntry(
                    services.GetRequiredService<TimeProvider>().GetUtcNow(),
                    grant?.Name ?? AuditRequests.Local,
                    grant?.Id,
                    Address: null,
                    what,
                    new Dictionary<string, string>(StringComparer.Ordinal) { ["run_id"] = Cut(run) },
                    outcome,
                    Status: null,
                    (long)took.TotalMilliseconds
                )
            );

    private static Dictionary<string, string>? Ids(IDictionary<string, JsonElement>? arguments, CallToolResult? result)
    {
        Dictionary<string, string>? ids = null;
        foreach (var name in IdNames)
        {
            var text =
                arguments is not null && arguments.TryGetValue(name, out var given) ? Text(given)
                : result?.StructuredContent is { ValueKind: JsonValueKind.Object } answer && answer.TryGetProperty(name, out var told)
                    ? Text(told)
                : null;
            if (text is not null)
            {
                (ids ??= new Dictionary<string, string>(StringComparer.Ordinal))[name] = Cut(text);
            }
        }

        return ids;
    }

    private static string? Text(JsonElement value)
    {
        try
        {
            return value.ValueKind switch
            {
                JsonValueKind.String => value.GetString(),
                JsonValueKind.Number or JsonValueKind.True or JsonValueKind.False => value.GetRawText(),
                _ => null,
            };
        }
        catch (InvalidOperationException)
        {
            // Half a surrogate pair: no text, and no id of ours.
            return null;
        }
    }

    private static string Cut(string text) => text.Length <= MaxIdLength ? text : text[..MaxIdLength] + "…";
}
