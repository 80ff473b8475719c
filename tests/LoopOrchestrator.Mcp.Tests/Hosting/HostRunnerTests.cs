using LoopOrchestrator.Mcp.Hosting;
using LoopOrchestrator.Testing.Processes;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Time.Testing;

namespace LoopOrchestrator.Mcp.Tests.Hosting;

public sealed class HostRunnerTests
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(1);

    [Fact]
    public async Task WaitForEnd_WithSomethingThatNeverStops_EndsAtTheLimit()
    {
        var time = new FakeTimeProvider();
        var host = await StartAsync(time, new NeverStopping());
        var end = HostRunner.WaitForEndAsync(host, Limit);

        host.Services.GetRequiredService<IHostApplicationLifetime>().StopApplication();
        time.Advance(Limit - TimeSpan.FromTicks(1));
        end.IsCompleted.Should().BeFalse();
        time.Advance(TimeSpan.FromTicks(1));

        await end.WaitAsync(ServerProcess.HangGuard, TestContext.Current.CancellationToken);
    }

    [Fact]
    public async Task WaitForEnd_WithNothingInFlight_NeedsNoTime()
    {
        var host = await StartAsync(new FakeTimeProvider(), service: null);
        var end = HostRunner.WaitForEndAsync(host, Limit);

        host.Services.GetRequiredService<IHostApplicationLifetime>().StopApplication();

        await end.WaitAsync(ServerProcess.HangGuard, TestContext.Current.CancellationToken);
    }

    private static async Task<IHost> StartAsync(TimeProvider time, IHostedService? service)
    {
        var builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings { ContentRootPath = AppContext.BaseDirectory });
        builder.Services.AddSingleton(time);
        builder.Services.AddSingleton<IHostLifetime, NoLifetime>();
        if (service is not null)
        {
            builder.Services.AddSingleton(service);
        }

        var host = builder.Build();
        await host.StartAsync(TestContext.Current.CancellationToken);
        return host;
    }

    private sealed class NeverStopping : IHostedService
    {
        public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public Task StopAsync(CancellationToken cancellationToken) => new TaskCompletionSource().Task;
    }

    /// <summary>The default one listens for the test program's own signals.</summary>
    private sealed class NoLifetime : IHostLifetime
    {
        public Task WaitForStartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    }
}
