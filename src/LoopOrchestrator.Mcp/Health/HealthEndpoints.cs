using System.Text.Json;
using LoopOrchestrator.Mcp.Served;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace LoopOrchestrator.Mcp.Health;

/// <summary>For monitors: live says that the process answers, ready that it is of use.</summary>
internal static class HealthEndpoints
{
    public const string LivePath = "/health/live";
    public const string ReadyPath = "/health/ready";

    public static void MapHealth(this IEndpointRouteBuilder endpoints)
    {
        endpoints.MapGet(LivePath, static context => WriteAsync(context, StatusCodes.Status200OK, new HealthReport("live", [])));
        endpoints.MapGet(ReadyPath, ReadyAsync);
    }

    private static async Task ReadyAsync(HttpContext context)
    {
        List<HealthCheckResult> results =
            context.Request.PathBase.HasValue || context.RequestServices.GetService<ServedWorkspaces>() is not { } served
                ? await CheckAsync(context.RequestServices, context.RequestAborted)
                : await CheckAllAsync(served, context);
        var ready = results.TrueForAll(result => result.Ok);
        await WriteAsync(
            context,
            ready ? StatusCodes.Status200OK : StatusCodes.Status503ServiceUnavailable,
            new HealthReport(ready ? "ready" : "not_ready", results)
        );
    }

    private static async Task<List<HealthCheckResult>> CheckAllAsync(ServedWorkspaces served, HttpContext context) =>
        [
            .. (
                await served.AskAllAsync(
                    CheckAsync,
                    context.RequestServices.GetRequiredService<TimeProvider>(),
                    context.RequestAborted
                )
            ).SelectMany(static answer =>
                answer.Value?.Select(result => result with { Name = $"{answer.Of.Name}: {result.Name}" })
                ?? [new HealthCheckResult($"{answer.Of.Name}: served", Ok: false, answer.Problem)]
            ),
        ];

    private static async Task<List<HealthCheckResult>> CheckAsync(IServiceProvider services, CancellationToken cancellationToken)
    {
        var results = new List<HealthCheckResult>();
        foreach (var check in services.GetServices<IReadinessCheck>())
        {
            var problem = await check.FindProblemAsync(cancellationToken);
            results.Add(new HealthCheckResult(check.Name, problem is null, problem));
        }

        return results;
    }

    private static Task WriteAsync(HttpContext context, int status, HealthReport report)
    {
        context.Response.StatusCode = status;
        context.Response.ContentType = "application/json; charset=utf-8";
        context.Response.Headers.CacheControl = "no-store";
        return JsonSerializer.SerializeAsync(context.Response.Body, report, HealthJson.Default.HealthReport, context.RequestAborted);
    }
}
