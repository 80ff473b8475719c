using System.Globalization;
using Serilog.Events;
using Serilog.Formatting;

namespace LoopOrchestrator.Mcp.Hosting;

/// <summary>
/// One event per line: time, level, source, message. Control characters, which come from callers, are written as escapes,
/// and lines of an exception are indented, so that nothing in a value can look like an entry of its own or steer a terminal.
/// </summary>
internal sealed class LogLineFormatter : ITextFormatter
{
    public void Format(LogEvent logEvent, TextWriter output)
    {
        output.Write(logEvent.Timestamp.ToString("yyyy-MM-dd HH:mm:ss.fff zzz", CultureInfo.InvariantCulture));
        output.Write(logEvent.Level switch
        {
            LogEventLevel.Verbose => " trce ",
            LogEventLevel.Debug => " dbug ",
            LogEventLevel.Information => " info ",
            LogEventLevel.Warning => " warn ",
            LogEventLevel.Error => " fail ",
            _ => " crit ",
        });
        if (logEvent.Properties.TryGetValue("SourceContext", out var source) && source is ScalarValue { Value: string category })
        {
            output.Write(category[(category.LastIndexOf('.') + 1)..]);
            output.Write(": ");
        }

        WriteEscaped(output, logEvent.RenderMessage(CultureInfo.InvariantCulture));
        output.WriteLine();
        if (logEvent.Exception is null)
        {
            return;
        }

        foreach (var line in logEvent.Exception.ToString().Split('\n'))
        {
            output.Write("    ");
            WriteEscaped(output, line.TrimEnd('\r'));
            output.WriteLine();
        }
    }

    internal static void WriteEscaped(TextWriter output, string text)
    {
        foreach (var character in text)
        {
            switch (character)
            {
                case '\n':
                    output.Write("\\n");
                    break;
                case '\r':
                    output.Write("\\r");
                    break;
                case '\t':
                    output.Write("\\t");
                    break;
                case '\u2028' or '\u2029':
                case var c when char.IsControl(c):
                    output.Write($"\\u{(int)character:x4}");
                    break;
                default:
                    output.Write(character);
                    break;
            }
        }
    }
}
