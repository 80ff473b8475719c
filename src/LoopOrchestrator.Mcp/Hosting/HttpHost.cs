using System.Net.Security;
using System.Net.Sockets;
using LoopOrchestrator.Core.Logs;
using LoopOrchestrator.Mcp.Audit;
using LoopOrchestrator.Mcp.Bootstrap;
using LoopOrchestrator.Mcp.Configuration;
using LoopOrchestrator.Mcp.Health;
using LoopOrchestrator.Mcp.Hosting.Connections;
using LoopOrchestrator.Mcp.Hosting.OAuth;
using LoopOrchestrator.Mcp.Hosting.Sessions;
using LoopOrchestrator.Mcp.Hosting.Several;
using LoopOrchestrator.Mcp.Pages;
using LoopOrchestrator.Mcp.Pages.Access;
using LoopOrchestrator.Mcp.Pages.Live;
using LoopOrchestrator.Mcp.Telemetry;
using LoopOrchestrator.Mcp.Tools;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Https;
using Microsoft.Extensions.DependencyInjection;
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

        var app = Create(context);
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

        var address = AddressOf(app);
        Log.Serving(app.Services.GetRequiredService<ILoggerFactory>().CreateLogger(typeof(HttpHost)), address, context.Paths.Root);
        StandardStreams.Error.WriteLine($"Listening on {address}");
        await HostRunner.WaitForEndAsync(app, HardLimit);
        return ExitCode.Ok;
    }

    /// <summary>The server, not yet started, with all that stands between its socket and its tools.</summary>
    /// <param name="context">What it is started as.</param>
    /// <param name="addMore">Serves more beside it; for tests, which need tools of their own behind the same doors.</param>
    public static WebApplication Create(ServerContext context, Action<IMcpServerBuilder>? addMore = null)
    {
        var host = context.Options.Host.Value;
        var port = context.Options.Port.Value;
        var places = new ConnectionPlaces(ConnectionLimits.OfThisProcess(context.Options.Http.Connections.Value), TimeProvider.System);

        // Empty: no configuration files, no environment of other web programs, no watch on any folder.
        var builder = WebApplication.CreateEmptyBuilder(
            new WebApplicationOptions { ApplicationName = Product.Name, ContentRootPath = AppContext.BaseDirectory }
        );
        builder
            .WebHost.UseKestrelCore()
            .ConfigureKestrel(kestrel =>
            {
                kestrel.AddServerHeader = false;
                kestrel.Limits.RequestHeadersTimeout = ConnectionLimits.MaxHeadTime;
                kestrel.Limits.MaxRequestBodySize = context.Options.Http.MaxRequestBytes.Value;
                kestrel.ConfigureEndpointDefaults(listen => listen.UsePlaces(places));
                Listen(kestrel, host, port, listen => UseCertificate(listen, context));
            });
        builder.Logging.AddConsoleAndFileLog(context.Paths);
        builder.Services.AddRoutingCore();
        builder.Services.AddHostSettings(HostLimit);
        builder.Services.AddSingleton(static provider => new HttpSessions(
            HttpSessions.Max,
            cancellationToken => SessionHolders.FindAsync(provider, cancellationToken),
            provider.GetRequiredService<TimeProvider>()
        ));
        builder.Services.AddSingleton(provider => new SessionIds(
            () => SessionKey.Of(context.Paths),
            provider.GetRequiredService<TimeProvider>()
        ));
#pragma warning disable MCP9006 // As in SessionIds.
        builder.Services.AddSingleton<ISessionMigrationHandler>(static provider => provider.GetRequiredService<SessionIds>());
#pragma warning restore MCP9006
        builder.Services.AddSingleton(_ => new RequestRates(context.Options.Http.RequestsPerMinute.Value));
        builder.Services.AddSingleton<PageSessions>();
        builder.Services.AddSingleton<PageNews>();
        builder.Services.AddSingleton(static provider => new OpenRequests(provider.GetRequiredService<TimeProvider>()));
        if (context.Options.Http.OAuth.Value is { } oauth)
        {
            builder.Services.AddSingleton(provider => new IssuerAccess(
                oauth,
                provider.GetRequiredService<TimeProvider>(),
                provider.GetRequiredService<ILoggerFactory>().CreateLogger(typeof(HttpHost))
            ));
        }

        var hasMetrics = WorkspaceFactory.ReadConfiguration(context.Options, context.Paths).Configuration.Telemetry.Prometheus;
        if (hasMetrics)
        {
            builder.Services.AddLoopMetrics();
        }

        var mcp = builder.Services.AddLoopOrchestratorMcp(context).WithHttpTransport(Sessions);
        addMore?.Invoke(mcp);

        var app = builder.Build();
        var logger = app.Services.GetRequiredService<ILoggerFactory>().CreateLogger(typeof(HttpHost));
        var tokens = Tokens(context, logger, app.Services.GetRequiredService<TimeProvider>());
        var issuer = app.Services.GetService<IssuerAccess>();
        var gate = new RequestGate(
            new KnownHosts(host, context.Options.Http.AllowedHosts.Value),
            tokens,
            app.Services.GetRequiredService<RequestRates>(),
            app.Services.GetRequiredService<OpenRequests>(),
            issuer,
            app.Services.GetRequiredService<PageSessions>()
        );
        app.UsePlaces(places);
        app.Use(SecurityHeaders.InvokeAsync);
        app.Use(new AuditRequests(app.Services.GetRequiredService<AuditLog>()).InvokeAsync);
        app.Use(new RequestFaults(logger).InvokeAsync);
        var routes = context.Served is { } served ? new WorkspaceRoutes(served) : null;
        if (routes is not null)
        {
            app.Use(routes.RebaseAsync);
        }

        app.Use(gate.InvokeAsync);
        if (routes is not null)
        {
            app.Use(routes.EnterAsync);
        }

        app.Use(RequestMessages.InvokeAsync);
        if (issuer is not null)
        {
            var names = Toolsets.Of(context.Options.Toolsets.Value).Select(static tool => tool.Name);
            app.Use(new ScopeChallenge(issuer, names.ToHashSet(StringComparer.Ordinal)).InvokeAsync);
        }

        app.Use(app.Services.GetRequiredService<SessionIds>().InvokeAsync);
        app.Use(app.Services.GetRequiredService<HttpSessions>().KeepToOwnersAsync);
        app.Use(app.Services.GetRequiredService<HttpSessions>().InvokeAsync);
        app.UseRouting();
        app.MapMcp("/mcp");
        app.MapHealth();
        if (hasMetrics)
        {
            app.MapLoopMetrics();
        }

        app.MapPages(new TokenJudge(tokens, issuer));
        return app;
    }

    /// <summary>Where a server listens that was started.</summary>
    public static string AddressOf(WebApplication app) =>
        app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First();

    private static void Listen(KestrelServerOptions kestrel, string host, int port, Action<ListenOptions> configure)
    {
        // A free port can only be taken on one address; a client that says "localhost" finds the IPv4 one.
        if (HostName.IsLocalhost(host) && port != 0)
        {
            kestrel.ListenLocalhost(port, configure);
        }
        else
        {
            kestrel.Listen(HostName.Address(host), port, configure);
        }
    }

    private static void UseCertificate(ListenOptions listen, ServerContext context)
    {
        if (context.Options.Http.Certificate.Value is not { } files)
        {
            return;
        }

        var logger = listen.ApplicationServices.GetRequiredService<ILoggerFactory>().CreateLogger(typeof(HttpHost));
        var certificate = new ServerCertificate(files, context.Paths.Root, problem =>
            ReportCertificate(logger, files.Certificate, problem)
        );
        listen.UseHttps(
            new TlsHandshakeCallbackOptions
            {
                HandshakeTimeout = ConnectionLimits.MaxHeadTime,
                OnConnection = _ =>
                    ValueTask.FromResult(new SslServerAuthenticationOptions { ServerCertificateContext = certificate.Current() }),
            }
        );
    }

    private static void Sessions(HttpServerTransportOptions options)
    {
        options.SessionMode = HttpServerSessionMode.StatefulForInitializeClients;
#pragma warning disable MCPEXP002 // Experimental, and the only place that learns of the end of a session, however it comes.
        options.RunSessionHandler = ClientLeases.RunSessionAsync;
#pragma warning restore MCPEXP002
        // Obsolete, and still the only bounds on sessions of clients of the older revisions, which often never say good-bye.
#pragma warning disable MCP9006
        // Beyond our own limits, which know who holds a run.
        options.IdleTimeout = Timeout.InfiniteTimeSpan;
        options.MaxIdleSessionCount = 2 * HttpSessions.Max;
#pragma warning restore MCP9006
    }

    private static TokenFile? Tokens(ServerContext context, ILogger logger, TimeProvider time)
    {
        var named = context.Options.TokenFile.Value;
        return (named ?? context.Options.UserTokens) is { } file
            ? new TokenFile(file, context.Paths.Root, problem => ReportToken(logger, file, problem), time, isOptional: named is null)
            : null;
    }

    private static void ReportToken(ILogger logger, string file, ConfigurationProblem? problem)
    {
        if (problem is null)
        {
            Log.TokenChanged(logger, file);
        }
        else
        {
            Log.TokenTrouble(logger, problem);
        }
    }

    private static void ReportCertificate(ILogger logger, string file, ConfigurationProblem? problem)
    {
        if (problem is null)
        {
            Log.CertificateChanged(logger, file);
        }
        else
        {
            Log.CertificateTrouble(logger, problem);
        }
    }

    private static partial class Log
    {
        [LoggerMessage(
            LogEvents.CertificateChanged,
            LogLevel.Information,
            "The certificate in {File} has changed; new connections are answered with it"
        )]
        public static partial void CertificateChanged(ILogger logger, string file);

        [LoggerMessage(LogEvents.CertificateNotRead, LogLevel.Warning, "The certificate has changed, the one before goes on: {Problem}")]
        public static partial void CertificateTrouble(ILogger logger, ConfigurationProblem problem);

        [LoggerMessage(
            LogEvents.TokenChanged,
            LogLevel.Information,
            "The tokens in {File} have changed; only what is there now is accepted from now on"
        )]
        public static partial void TokenChanged(ILogger logger, string file);

        [LoggerMessage(LogEvents.TokenNotRead, LogLevel.Warning, "The token file has changed: {Problem}")]
        public static partial void TokenTrouble(ILogger logger, ConfigurationProblem problem);

        [LoggerMessage(LogEvents.Serving, LogLevel.Information, "Serving MCP at {Address}/mcp for the workspace {Workspace}")]
        public static partial void Serving(ILogger logger, string address, string workspace);
    }
}
