using LoopOrchestrator.Mcp.Bootstrap;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace LoopOrchestrator.Mcp.Hosting;

/// <summary>What a person sees who opens the address in a browser.</summary>
internal static class FrontPage
{
    public static void MapFrontPage(this IEndpointRouteBuilder endpoints) => endpoints.MapGet("/", static context =>
        {
            context.Response.ContentType = "text/plain; charset=utf-8";
            return context.Response.WriteAsync(
                $"""
                {Product.Title} {Product.Version}
                An MCP server that runs coding agents on schedules.

                MCP endpoint (Streamable HTTP): /mcp
                Health: {Health.HealthEndpoints.LivePath}, {Health.HealthEndpoints.ReadyPath}

                """,
                context.RequestAborted
            );
        });
}
