using System.Collections.Concurrent;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace LoopOrchestrator.Mcp.Tests.Telemetry;

/// <summary>A collector of OpenTelemetry on a free port: it takes everything and keeps it. Texts in protobuf are UTF-8.</summary>
public sealed class CollectorHere : IAsyncLifetime
{
    private readonly WebApplication _app = Create();
    private readonly ConcurrentQueue<(string Path, string Body)> _taken = [];

    /// <summary>Where it is.</summary>
    public Uri Address { get; private set; } = null!;

    public async ValueTask InitializeAsync()
    {
        _app.Run(TakeAsync);
        await _app.StartAsync(CancellationToken.None);
        Address = new Uri(_app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First());
    }

    public async ValueTask DisposeAsync()
    {
        await _app.StopAsync(CancellationToken.None);
        await _app.DisposeAsync();
    }

    /// <summary>Below this everything is refused.</summary>
    public Uri Refusing => new(Address, "/refused");

    /// <summary>How often something was sent to a path.</summary>
    public int Count(string path) => _taken.Count(one => one.Path == path);

    /// <summary>The first that was sent to a path and holds a text.</summary>
    public string? Find(string path, string text) =>
        _taken.FirstOrDefault(one => one.Path == path && one.Body.Contains(text, StringComparison.Ordinal)).Body;

    private async Task TakeAsync(HttpContext context)
    {
        using var reader = new StreamReader(context.Request.Body, Encoding.Latin1);
        _taken.Enqueue((context.Request.Path, await reader.ReadToEndAsync(context.RequestAborted)));
        context.Response.ContentType = "application/x-protobuf";
        if (context.Request.Path.StartsWithSegments("/refused", StringComparison.Ordinal))
        {
            context.Response.StatusCode = StatusCodes.Status403Forbidden;
        }
    }

    private static WebApplication Create()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        return builder.Build();
    }
}
