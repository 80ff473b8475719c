using LoopOrchestrator.Core.Files;
using LoopOrchestrator.Mcp.Bootstrap;
using LoopOrchestrator.Mcp.Configuration;
using LoopOrchestrator.Mcp.Hosting;
using LoopOrchestrator.Mcp.Served;
using LoopOrchestrator.Testing;
using LoopOrchestrator.Testing.Workspaces;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Hosting.Internal;
using Microsoft.Extensions.Logging.Abstractions;

namespace LoopOrchestrator.Mcp.Tests.Hosting;

public sealed class OtherWorkspacesTests : IDisposable
{
    private readonly TemporaryWorkspace _first = new();
    private readonly TemporaryWorkspace _second = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose()
    {
        _first.Dispose();
        _second.Dispose();
    }

    [Fact]
    public async Task Open_ThatFails_LeavesNothingBehindAndIsTriedAgain()
    {
        var opened = new List<FailingService>();
        using var served = new ServedWorkspaces([new ServedWorkspace("api", _first.Root), new ServedWorkspace("web", _second.Root)]);
        await using var server = new ServiceCollection().BuildServiceProvider();
        using var lifetime = new Lifetime();
        using var others = new OtherWorkspaces(
            Context(served),
            server,
            TimeProvider.System,
            lifetime.Of,
            NullLogger<OtherWorkspaces>.Instance
        )
        {
            AddMore = services =>
                services.AddHostedService(_ =>
                {
                    opened.Add(new FailingService(fails: opened.Count == 0));
                    return opened[^1];
                }),
        };

        await others.StartAsync(Token);
        await served.Tried.WaitAsync(Token);

        served.All[0].Services.Should().BeSameAs(server);
        served.All[1].Problem.Should().Be("nobody had thought of this");
        opened.Should().ContainSingle().Which.IsDisposed.Should().BeTrue();

        served.AskAgain();
        await Eventually.TrueAsync("it is served", () => served.All[1].Services is not null);
        opened.Should().HaveCount(2);
        opened[1].IsDisposed.Should().BeFalse();

        await others.StopAsync(Token);
        opened[1].IsDisposed.Should().BeTrue("it ends with the server");
    }

    private ServerContext Context(ServedWorkspaces served)
    {
        var given = new CommandLineValues { Workspace = _first.Root, Mode = "stdio" };
        return new ServerContext(
            ServerOptionsResolver.FromProcess(given).Options,
            TransportMode.Stdio,
            new WorkspacePaths(_first.Root),
            TrustDecision.From(new Sourced<bool?>(null, "default"), recorded: null),
            []
        )
        {
            Served = served,
            ServedName = "api",
            CommandLine = given,
        };
    }

    private sealed class Lifetime : IDisposable
    {
        public ApplicationLifetime Of { get; } = new(NullLogger<ApplicationLifetime>.Instance);

        public void Dispose() => Of.StopApplication();
    }

    private sealed class FailingService(bool fails) : IHostedService, IDisposable
    {
        public bool IsDisposed { get; private set; }

        public Task StartAsync(CancellationToken cancellationToken) =>
            fails ? throw new InvalidOperationException("nobody had thought of this") : Task.CompletedTask;

        public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public void Dispose() => IsDisposed = true;
    }
}
