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
        var results = new List<HealthCheckResult>();
        if (context.Request.PathBase.HasValue || context.RequestServices.GetService<ServedWorkspaces>() is not { } served)
        {
            await AddAsync(results, context.RequestServices, of: "", context.RequestAborted);
        }
        else
        {
            await served.Tried.WaitAsync(context.RequestAborted);
            foreach (var one in served.All)
            {
                if (one.Services is { } services)
                {
                    await AddAsync(results, services, $"{one.Name}: ", context.RequestAborted);
                }
                else
                {
                    results.Add(new HealthCheckResult($"{one.Name}: served", Ok: false, one.Problem));
                }
            }
        }

        var ready = results.TrueForAll(result => result.Ok);
        await WriteAsync(
            context,
            ready ? StatusCodes.Status200OK : StatusCodes.Status503ServiceUnavailable,
            new HealthReport(ready ? "ready" : "not_ready", results)
        );
    }

    private static async Task AddAsync(
        List<HealthCheckResult> results,
        IServiceProvider services,
        string of,
        CancellationToken cancellationToken
    )
    {
        foreach (var check in services.GetServices<IReadinessCheck>())
        {
            var problem = await check.FindProblemAsync(cancellationToken);
            results.Add(new HealthCheckResult(of + check.Name, problem is null, problem));
        }
    }

    private static Task WriteAsync(HttpContext context, int status, HealthReport report)
    {
        context.Response.StatusCode = status;
        context.Response.ContentType = "application/json; charset=utf-8";
        context.Response.Headers.CacheControl = "no-store";
        return JsonSerializer.SerializeAsync(context.Response.Body, report, HealthJson.Default.HealthReport, context.RequestAborted);
    }
}
