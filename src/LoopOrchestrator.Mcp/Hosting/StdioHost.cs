using LoopOrchestrator.Core.Logs;
using LoopOrchestrator.Mcp.Bootstrap;
using LoopOrchestrator.Mcp.Hosting.Streams;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace LoopOrchestrator.Mcp.Hosting;

/// <summary>Serves one client over standard input and output, until input ends or a signal comes.</summary>
internal static partial class StdioHost
{
    // What HTTP takes of a body by default, so that the same message goes through both doors.
    private const int MaxLineBytes = 30_000_000;
    private static readonly TimeSpan AnswerGrace = TimeSpan.FromMilliseconds(250);
    private static readonly TimeSpan HostLimit = TimeSpan.FromMilliseconds(400);
    private static readonly TimeSpan HardLimit = TimeSpan.FromMilliseconds(600);

    public static async Task<int> RunAsync(ServerContext context)
    {
        var (input, output) = StandardStreams.TakeForProtocol();

        // The content root is never the client's folder: the default host watches it with all its sub-folders.
        var builder = Host.CreateEmptyApplicationBuilder(
            new HostApplicationBuilderSettings { ApplicationName = Product.Name, ContentRootPath = AppContext.BaseDirectory }
        );
        builder.Logging.AddStandardErrorLog();
        builder.Services.AddHostSettings(HostLimit);
        IHostApplicationLifetime? lifetime = null;
        ILogger? logger = null;
        var answers = new LineOutputStream(output);
        var messages = new MessageLineStream(input, MaxLineBytes, answers.WriteLineAsync, () => Log.LineTooLong(logger!, MaxLineBytes));
        var endOfInput = new EndOfInputStream(messages, AnswerGrace, () => lifetime?.StopApplication(), TimeProvider.System);
        builder.Services.AddLoopOrchestratorMcp(context).WithStreamServerTransport(endOfInput, answers);

        var host = builder.Build();
        lifetime = host.Services.GetRequiredService<IHostApplicationLifetime>();
        logger = host.Services.GetRequiredService<ILoggerFactory>().CreateLogger(typeof(StdioHost));
        await host.StartAsync();
        await HostRunner.WaitForEndAsync(host, HardLimit);
        return ExitCode.Ok;
    }

    private static partial class Log
    {
        [LoggerMessage(LogEvents.LineTooLong, LogLevel.Warning, "Dropped a line on standard input that is longer than {Limit} bytes")]
        public static partial void LineTooLong(ILogger logger, int limit);
    }
}
