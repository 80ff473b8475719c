using System.Globalization;
using LoopOrchestrator.Mcp.Configuration;
using Serilog.Events;
using Serilog.Formatting;
using Serilog.Formatting.Display;

namespace LoopOrchestrator.Mcp.Hosting;

/// <summary>
/// One event per line: time, level, source with the id that docs/contracts.md explains, message. Control characters, which come from
/// callers, are written as escapes,
/// and lines of an exception are indented, so that nothing in a value can look like an entry of its own or steer a terminal.
/// </summary>
internal sealed class LogLineFormatter : ITextFormatter
{
    private static readonly MessageTemplateTextFormatter Message = new("{Message:lj}", CultureInfo.InvariantCulture);

    public void Format(LogEvent logEvent, TextWriter output)
    {
        output.Write(logEvent.Timestamp.ToString("yyyy-MM-dd HH:mm:ss.fff zzz", CultureInfo.InvariantCulture));
        output.Write(
            logEvent.Level switch
            {
                LogEventLevel.Verbose => " trce ",
                LogEventLevel.Debug => " dbug ",
                LogEventLevel.Information => " info ",
                LogEventLevel.Warning => " warn ",
                LogEventLevel.Error => " fail ",
                _ => " crit ",
            }
        );
        if (logEvent.Properties.TryGetValue("SourceContext", out var source) && source is ScalarValue { Value: string category })
        {
            output.Write(category[(category.LastIndexOf('.') + 1)..]);
            WriteId(logEvent, output);
            output.Write(": ");
        }

        using var message = new StringWriter(CultureInfo.InvariantCulture);
        Message.Format(logEvent, message);
        output.Write(SafeText.Escape(message.ToString()));
        output.WriteLine();
        if (logEvent.Exception is null)
        {
            return;
        }

        foreach (var line in logEvent.Exception.ToString().Split('\n'))
        {
            output.Write("    ");
            output.Write(SafeText.Escape(line.TrimEnd('\r')));
            output.WriteLine();
        }
    }

    private static void WriteId(LogEvent logEvent, TextWriter output)
    {
        if (
            logEvent.Properties.TryGetValue("EventId", out var id)
            && id is StructureValue structure
            && structure.Properties.FirstOrDefault(static property => property.Name == "Id")?.Value
                is ScalarValue { Value: int number and not 0 }
        )
        {
            output.Write(string.Create(CultureInfo.InvariantCulture, $"[{number}]"));
        }
    }
}
