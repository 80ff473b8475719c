using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;

namespace LoopOrchestrator.Mcp.Hosting;

/// <summary>Sets a host up, and runs it to its end, which comes in time whatever a call in flight does.</summary>
internal static class HostRunner
{
    /// <summary>
    /// How long the host waits for what is in flight when it stops; and it says nothing of its own. The options stand there ready: each
    /// that a host puts together out of what configures it costs a start a millisecond.
    /// </summary>
    public static IServiceCollection AddHostSettings(this IServiceCollection services, TimeSpan shutdown) =>
        services
            .AddSingleton(Options.Create(new HostOptions { ShutdownTimeout = shutdown }))
            .AddSingleton(Options.Create(new ConsoleLifetimeOptions { SuppressStatusMessages = true }));

    /// <summary>
    /// Waits until the host has stopped, or until <paramref name="limit"/> after it was told to. Past the limit the caller returns
    /// from Main, which ends the process: agents' runs live on under their supervisors, and everything acknowledged is on disk.
    /// </summary>
    public static async Task WaitForEndAsync(IHost host, TimeSpan limit)
    {
        var time = host.Services.GetRequiredService<TimeProvider>();
        var lifetime = host.Services.GetRequiredService<IHostApplicationLifetime>();
        var limitReached = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        using var stopping = lifetime.ApplicationStopping.Register(() => _ = SignalAsync());
        await Task.WhenAny(StopAsync(host), limitReached.Task);

        async Task SignalAsync()
        {
            await Task.Delay(limit, time);
            limitReached.TrySetResult();
        }
    }

    private static async Task StopAsync(IHost host)
    {
        try
        {
            await host.WaitForShutdownAsync();
            if (host is IAsyncDisposable disposable)
            {
                await disposable.DisposeAsync();
            }
        }
        catch (OperationCanceledException)
        {
            // The host's own limit passed with something still in flight; the process ends now.
        }
    }
}
