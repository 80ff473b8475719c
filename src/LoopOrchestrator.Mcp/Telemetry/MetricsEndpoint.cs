using LoopOrchestrator.Core;
using LoopOrchestrator.Core.Status;
using LoopOrchestrator.Mcp.Served;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace LoopOrchestrator.Mcp.Telemetry;

/// <summary>Answers at <c>/metrics</c>, behind the same gate as <c>/mcp</c>.</summary>
internal static class MetricsEndpoint
{
    /// <summary>Where it answers.</summary>
    public const string Path = "/metrics";

    /// <summary>Adds what listens; it is made by the first server that asks for it, and ends with it.</summary>
    public static void AddLoopMetrics(this IServiceCollection services) => services.AddSingleton<MetricsCollector>();

    /// <summary>Answers from now on, and begins to listen.</summary>
    public static void MapLoopMetrics(this IEndpointRouteBuilder endpoints)
    {
        var collector = endpoints.ServiceProvider.GetRequiredService<MetricsCollector>();
        endpoints.MapGet(Path, context => WriteAsync(context, collector));
    }

    private static async Task WriteAsync(HttpContext context, MetricsCollector collector)
    {
        // What the loop does is measured as it happens; how things stand, when somebody asks.
        if (context.RequestServices.GetService<ServedWorkspaces>() is { } served)
        {
            // One that cannot be told of now says nothing; that it is in trouble is told by readiness, and its metrics stay away.
            await served.AskAllAsync(
                RecordAsync,
                context.RequestServices.GetRequiredService<TimeProvider>(),
                context.RequestAborted
            );
        }
        else
        {
            await RecordAsync(context.RequestServices, context.RequestAborted);
        }

        context.Response.ContentType = PrometheusText.ContentType;
        context.Response.Headers.CacheControl = "no-store";
        await context.Response.WriteAsync(PrometheusText.Write(collector.Metrics), context.RequestAborted);
    }

    private static async Task<WorkspaceStatus> RecordAsync(IServiceProvider services, CancellationToken cancellationToken)
    {
        var status = await services.GetRequiredService<Workspace>().Status.ReadAsync(cancellationToken);
        StatusMetrics.Record(status);
        return status;
    }
}
