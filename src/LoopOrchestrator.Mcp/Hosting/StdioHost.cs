using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace LoopOrchestrator.Mcp.Hosting;

/// <summary>Serves one client over standard input and output, until input ends or a signal comes.</summary>
internal static class StdioHost
{
    private static readonly TimeSpan AnswerGrace = TimeSpan.FromMilliseconds(250);
    private static readonly TimeSpan HostLimit = TimeSpan.FromMilliseconds(400);
    private static readonly TimeSpan HardLimit = TimeSpan.FromMilliseconds(600);

    public static async Task<int> RunAsync(ServerContext context)
    {
        var (input, output) = StandardStreams.TakeForProtocol();

        // The content root is never the client's folder: the default host watches it with all its sub-folders.
        var builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings
        {
            ApplicationName = Product.Name,
            ContentRootPath = AppContext.BaseDirectory,
        });
        builder.Logging.AddStandardErrorLog();
        builder.Services.Configure<HostOptions>(options => options.ShutdownTimeout = HostLimit);
        builder.Services.Configure<ConsoleLifetimeOptions>(options => options.SuppressStatusMessages = true);
        IHostApplicationLifetime? lifetime = null;
        var endOfInput = new EndOfInputStream(input, AnswerGrace, () => lifetime?.StopApplication(), TimeProvider.System);
        builder.Services.AddLoopOrchestratorMcp(context).WithStreamServerTransport(endOfInput, output);

        var host = builder.Build();
        lifetime = host.Services.GetRequiredService<IHostApplicationLifetime>();
        await host.StartAsync();
        await HostRunner.WaitForEndAsync(host, HardLimit);
        return Cli.ExitCode.Ok;
    }
}
