using LoopOrchestrator.Core.Files;
using LoopOrchestrator.Core.Logs;
using LoopOrchestrator.Mcp.Bootstrap;
using LoopOrchestrator.Mcp.Configuration;
using LoopOrchestrator.Mcp.Hosting.Several;
using LoopOrchestrator.Mcp.Pages.Live;
using LoopOrchestrator.Mcp.Served;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace LoopOrchestrator.Mcp.Hosting;

/// <summary>
/// Opens and ends the workspaces that a server has beside the one that it was started with: each has services of its own, in a host
/// without a transport, so that what goes wrong in one stays there. One that cannot be opened is tried again.
/// </summary>
internal sealed partial class OtherWorkspaces(
    ServerContext server,
    IServiceProvider services,
    TimeProvider time,
    IHostApplicationLifetime lifetime,
    ILogger<OtherWorkspaces> logger
) : BackgroundService
{
    private static readonly TimeSpan Again = TimeSpan.FromSeconds(30);

    private readonly ServedWorkspaces _served = server.Served!;
    private readonly Lock _gate = new();
    private readonly List<IHost> _hosts = [];
    private readonly Dictionary<string, string> _told = new(StringComparer.Ordinal);

    /// <summary>Gives each workspace that is opened more services; for tests, which need one that fails.</summary>
    internal Action<IServiceCollection>? AddMore { get; init; }

    /// <inheritdoc/>
    public override Task StartAsync(CancellationToken cancellationToken)
    {
        _served.All.Single(one => one.Name == server.ServedName).Open(services);
        lifetime.ApplicationStopping.Register(SignalStopping);
        return base.StartAsync(cancellationToken);
    }

    /// <inheritdoc/>
    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        await base.StopAsync(cancellationToken);
        await Task.WhenAll(Hosts().Select(host => EndAsync(host, cancellationToken)));
    }

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        try
        {
            while (true)
            {
                foreach (var one in _served.All.Where(static one => one.Services is null))
                {
                    await TryOpenAsync(one, stoppingToken);
                }

                _served.SetTried();
                await _served.WaitAsync(Again, stoppingToken);
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // The server ends, and with it all of them.
        }
    }

    private async Task TryOpenAsync(ServedWorkspace one, CancellationToken cancellationToken)
    {
        IHost? begun = null;
        try
        {
            var candidate = WorkspaceCandidate.Beside(one, server.Options);
            if (!candidate.IsValid)
            {
                Fail(one, candidate.Trouble);
                return;
            }

            if (one == _served.Default && OtherToolsets() is { } problem)
            {
                Fail(one, problem);
                return;
            }

            // What is measured in its loops is measured as its own.
            ServedWorkspaces.WorkFor(one.Name);
            begun = Build(candidate);
            await begun.StartAsync(cancellationToken);
            one.Open(begun.Services);
            lock (_gate)
            {
                _hosts.Add(begun);
            }

            begun = null;
            Log.Opened(logger, one.Name, one.Folder);
        }
        catch (Exception exception) when (!cancellationToken.IsCancellationRequested)
        {
            // Whatever it is, a mistake of ours too: it is that workspace's alone.
            Fail(one, exception.Message);
        }
        finally
        {
            if (begun is not null)
            {
                await EndAsync(begun, CancellationToken.None);
            }
        }
    }

    // The first says which tools are served. This server runs with those of another, because the first could not be served when it
    // started, and a list of tools does not change while clients have it.
    private string? OtherToolsets()
    {
        var own = WorkspaceCandidate.OfServer(_served.Default, server.CommandLine).Options.Toolsets;
        var served = server.Options.Toolsets.Value;
        return ToolsetSelection.AreSame(own.Value, served)
            ? null
            : $"it would be served with the toolsets '{own.Value}' ({own.Source}), and this server has '{served}', because it was started "
                + "while this workspace could not be served; start the server anew";
    }

    private IHost Build(WorkspaceCandidate candidate)
    {
        var options = candidate.Options;
        var paths = new WorkspacePaths(candidate.Workspace.Folder);
        var context = new ServerContext(
            options,
            server.Mode,
            paths,
            TrustDecision.From(options.TrustWorkspace, RecordedTrust.Find(paths.Root)),
            candidate.Warnings
        )
        {
            Served = _served,
            ServedName = candidate.Workspace.Name,
        };
        var builder = Host.CreateEmptyApplicationBuilder(
            new HostApplicationBuilderSettings { ApplicationName = Product.Name, ContentRootPath = AppContext.BaseDirectory }
        );
        if (server.Mode == TransportMode.Http)
        {
            builder.Logging.AddConsoleAndFileLog(paths);
            builder.Services.AddSingleton<PageNews>();
        }
        else
        {
            builder.Logging.AddStandardErrorLog();
        }

        builder.Services.AddSingleton(time);
        builder.Services.AddSingleton<IHostLifetime, InnerLifetime>();
        builder.Services.AddWorkspaceServices(context);
        AddMore?.Invoke(builder.Services);
        return builder.Build();
    }

    private void Fail(ServedWorkspace one, string problem)
    {
        one.Fail(problem);
        if (_told.GetValueOrDefault(one.Folder) != problem)
        {
            _told[one.Folder] = problem;
            Log.NotOpened(logger, one.Name, one.Folder, problem);
        }
    }

    // What holds an answer open in one of them hears of the end in time, as in the outer host.
    private void SignalStopping()
    {
        foreach (var host in Hosts())
        {
            host.Services.GetRequiredService<IHostApplicationLifetime>().StopApplication();
        }
    }

    private List<IHost> Hosts()
    {
        lock (_gate)
        {
            return [.. _hosts];
        }
    }

    private static async Task EndAsync(IHost host, CancellationToken cancellationToken)
    {
        try
        {
            await host.StopAsync(cancellationToken);
        }
        catch (OperationCanceledException)
        {
            // The limit of the outer host has passed; the process ends.
        }
        finally
        {
            host.Dispose();
        }
    }

    private static partial class Log
    {
        [LoggerMessage(LogEvents.WorkspaceOpened, LogLevel.Information, "Serving the workspace '{Name}' too: {Workspace}")]
        public static partial void Opened(ILogger logger, string name, string workspace);

        [LoggerMessage(
            LogEvents.WorkspaceNotOpened,
            LogLevel.Error,
            "The workspace '{Name}' ({Workspace}) is not served; it is tried again: {Reason}"
        )]
        public static partial void NotOpened(ILogger logger, string name, string workspace, string reason);
    }
}
