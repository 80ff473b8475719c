using System.Text;
using System.Text.Json;
using LoopOrchestrator.Core.Files;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using ModelContextProtocol;
using Serilog;
using Serilog.Core;
using Serilog.Events;
using Serilog.Extensions.Logging;
using Serilog.Sinks.File;

namespace LoopOrchestrator.Mcp.Hosting;

/// <summary>Where log entries go. The only place that knows Serilog.</summary>
internal static class LoggingSetup
{
    private const int LogFilesKept = 7;
    private const long LogFileBytes = 10 * 1024 * 1024;

    // The framework and the SDK tell much that is of no use to who runs the server.
    private static readonly LoggerFilterOptions Filter = new()
    {
        MinLevel = LogLevel.Information,
        Rules =
        {
            new LoggerFilterRule(providerName: null, "Microsoft", LogLevel.Warning, filter: null),
            new LoggerFilterRule(providerName: null, "ModelContextProtocol", LogLevel.Warning, filter: null),
        },
    };

    /// <summary>Standard error only: the client of a stdio server shows it, and keeps it if it wishes.</summary>
    public static void AddStandardErrorLog(this ILoggingBuilder logging) => Add(logging, Base());

    /// <summary>Standard error, and a file per day in the workspace's state folder.</summary>
    public static void AddConsoleAndFileLog(this ILoggingBuilder logging, WorkspacePaths paths)
    {
        StateFolder.Ensure(paths);

        // A new day's file would make its folders, the workspace's own included, while that is moved away.
        Add(
            logging,
            Base()
                .WriteTo.Conditional(
                    _ => Directory.Exists(paths.State),
                    file =>
                        file.File(
                            new LogLineFormatter(),
                            Path.Combine(paths.State, "logs", "server-.log"),
                            rollingInterval: RollingInterval.Day,
                            rollOnFileSizeLimit: true,
                            fileSizeLimitBytes: LogFileBytes,
                            retainedFileCountLimit: LogFilesKept,
                            hooks: new LinkRefusal(),
                            encoding: new UTF8Encoding(encoderShouldEmitUTF8Identifier: false)
                        )
                )
        );
    }

    private static LoggerConfiguration Base() =>
        new LoggerConfiguration()
            .MinimumLevel.Information()
            .Filter.ByExcluding(WasAnswered)
            .WriteTo.Console(new LogLineFormatter(), standardErrorFromLevel: LogEventLevel.Verbose);

    /// <summary>
    /// Keeps the log out of a file that a link in the folder of logs leads to. Standard error has the entries all the same.
    /// </summary>
    private sealed class LinkRefusal : FileLifecycleHooks
    {
        public override Stream OnFileOpened(string path, Stream underlyingStream, Encoding encoding)
        {
            if (GuardedFile.Exists(path))
            {
                return underlyingStream;
            }

            underlyingStream.Dispose();
            throw new LinkRefusedException($"{path} is a symbolic link, and below .loop no link is followed; nothing is logged there");
        }
    }

    /// <summary>A mistake of the caller's that the SDK has answered, or a call that was ended: no failure of the server's.</summary>
    private static bool WasAnswered(LogEvent logEvent) =>
        logEvent.Exception is McpProtocolException or OperationCanceledException
        || (logEvent.Exception is JsonException && IsOfTheSdk(logEvent));

    // Parameters that cannot be read, see RequestParameters. A JSON text of ours that cannot be read is another matter.
    private static bool IsOfTheSdk(LogEvent logEvent) =>
        logEvent.Properties.TryGetValue(Constants.SourceContextPropertyName, out var source)
        && source is ScalarValue { Value: string name }
        && name.StartsWith("ModelContextProtocol.", StringComparison.Ordinal);

    private static void Add(ILoggingBuilder logging, LoggerConfiguration configuration)
    {
        // Made here instead of out of the options of providers and filters, which a start would put together first.
        logging.Services.AddSingleton<ILoggerFactory>(_ =>
        {
            // Not given to the constructor: a factory disposes only of what was added to it, and the file stays open otherwise.
            var factory = new LoggerFactory([], Filter);
            factory.AddProvider(new SerilogLoggerProvider(configuration.CreateLogger(), dispose: true));
            return factory;
        });
    }
}
