using System.Net.Sockets;
using LoopOrchestrator.Mcp.Cli;
using LoopOrchestrator.Mcp.Configuration;
using LoopOrchestrator.Mcp.Health;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using ModelContextProtocol.AspNetCore;

namespace LoopOrchestrator.Mcp.Hosting;

/// <summary>Serves any number of clients over HTTP, until a signal comes.</summary>
internal static partial class HttpHost
{
    private static readonly TimeSpan HostLimit = TimeSpan.FromSeconds(3);
    private static readonly TimeSpan HardLimit = TimeSpan.FromSeconds(4);

    public static async Task<int> RunAsync(ServerContext context)
    {
        var host = context.Options.Host.Value;
        var port = context.Options.Port.Value;
        // Asked before anything is written: a second start by mistake leaves no trace.
        if (port != 0 && PortProbe.Refuse(host, port) is { } refusal)
        {
            StandardStreams.Error.WriteLine($"error: {refusal.Message}");
            return refusal.InUse ? ExitCode.PortInUse : ExitCode.NotStartable;
        }

        var token = context.Options.TokenFile.Value is { } file ? AccessToken.Load(file, out _) : null;

        // Empty: no configuration files, no environment of other web programs, no watch on any folder.
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions
        {
            ApplicationName = Product.Name,
            ContentRootPath = AppContext.BaseDirectory,
        });
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            Listen(kestrel, host, port);
        });
        builder.Logging.AddConsoleAndFileLog(context.Paths);
        builder.Services.AddRoutingCore();
        builder.Services.Configure<HostOptions>(options => options.ShutdownTimeout = HostLimit);
        builder.Services.Configure<ConsoleLifetimeOptions>(options => options.SuppressStatusMessages = true);
        builder.Services.AddLoopOrchestratorMcp(context).WithHttpTransport(Sessions);

        var app = builder.Build();
        app.Use(new RequestGate(host, token).InvokeAsync);
        app.UseRouting();
        app.MapMcp("/mcp");
        app.MapHealth();
        app.MapFrontPage();
        try
        {
            await app.StartAsync();
        }
        catch (Exception exception) when (exception is IOException or SocketException)
        {
            await app.DisposeAsync();
            var late = PortProbe.Explain(exception.GetBaseException() as SocketException, exception.Message, host, port);
            StandardStreams.Error.WriteLine($"error: {late.Message}");
            return late.InUse ? ExitCode.PortInUse : ExitCode.NotStartable;
        }

        var address = app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First();
        Log.Serving(app.Services.GetRequiredService<ILoggerFactory>().CreateLogger(typeof(HttpHost)), address, context.Paths.Root);
        StandardStreams.Error.WriteLine($"Listening on {address}");
        await HostRunner.WaitForEndAsync(app, HardLimit);
        return ExitCode.Ok;
    }

    private static void Listen(KestrelServerOptions kestrel, string host, int port)
    {
        // A free port can only be taken on one address; a client that says "localhost" finds the IPv4 one.
        if (HostName.IsLocalhost(host) && port != 0)
        {
            kestrel.ListenLocalhost(port);
        }
        else
        {
            kestrel.Listen(HostName.Address(host), port);
        }
    }

    private static void Sessions(HttpServerTransportOptions options)
    {
        options.SessionMode = HttpServerSessionMode.StatefulForInitializeClients;
#pragma warning disable MCP9006 // Obsolete, and still the only bounds on sessions of clients of the older revisions, which often never say good-bye.
        options.IdleTimeout = TimeSpan.FromMinutes(30);
        options.MaxIdleSessionCount = 200;
#pragma warning restore MCP9006
    }

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Information, "Serving MCP at {Address}/mcp for the workspace {Workspace}")]
        public static partial void Serving(ILogger logger, string address, string workspace);
    }
}
