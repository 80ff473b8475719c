using LoopOrchestrator.Core;
using LoopOrchestrator.Mcp.Bootstrap;
using LoopOrchestrator.Mcp.Configuration;
using LoopOrchestrator.Mcp.Hosting;
using LoopOrchestrator.Testing;
using LoopOrchestrator.Testing.Workspaces;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;

namespace LoopOrchestrator.Mcp.Tests.Pages;

/// <summary>
/// A server over HTTP in the process of the tests, on a real port, with all that the product has between its socket and its pages. What is
/// to be there when it starts is written into its workspace before.
/// </summary>
public sealed class PageServer : IAsyncDisposable
{
    private readonly TemporaryWorkspace _outside = new();
    private WebApplication? _app;

    public TemporaryWorkspace Files { get; } = new();

    public Uri Address => new(HttpHost.AddressOf(App));

    internal Workspace Workspace => App.Services.GetRequiredService<Workspace>();

    internal UserTokens Tokens => new(Path.Combine(_outside.Root, "tokens.json"), TimeProvider.System);

    internal WebApplication App => _app ?? throw new InvalidOperationException("It is started first.");

    /// <summary>Makes a token, which clients need from the start of the server on.</summary>
    internal async Task<string> TokenAsync(string name, AccessScope scope) =>
        (await Tokens.CreateAsync(name, scope, expires: null, TestContext.Current.CancellationToken)).Token;

    public async Task StartAsync(params string[] workspaceOfOthers)
    {
        var root = workspaceOfOthers is [var other] ? other : Files.Root;
        var options = new ServerOptionsResolver(static _ => null, root, home: string.Empty)
            .Resolve(
                new CommandLineValues
                {
                    Mode = "http",
                    Port = "0",
                    TokenFile = File.Exists(Tokens.File) ? Tokens.File : null,
                }
            )
            .Options;
        _app = HttpHost.Create(
            new ServerContext(
                options,
                TransportMode.Http,
                new Core.Files.WorkspacePaths(root),
                TrustDecision.From(options.TrustWorkspace, recorded: null),
                []
            )
        );
        await _app.StartAsync(TestContext.Current.CancellationToken);

        // The loop begins behind the transport, and pages tell of it.
        await Eventually.FindAsync("its loop fires", async () =>
            (await Workspace.Status.ReadAsync(TestContext.Current.CancellationToken)).SchedulerProcess
        );
    }

    public async ValueTask DisposeAsync()
    {
        if (_app is not null)
        {
            await _app.StopAsync(CancellationToken.None);
            await _app.DisposeAsync();
        }

        Files.Dispose();
        _outside.Dispose();
    }
}
