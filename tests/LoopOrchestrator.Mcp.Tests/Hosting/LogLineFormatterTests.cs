using LoopOrchestrator.Mcp.Hosting;
using Microsoft.Extensions.Logging;
using Serilog;
using Serilog.Core;
using Serilog.Events;

namespace LoopOrchestrator.Mcp.Tests.Hosting;

public sealed class LogLineFormatterTests
{
    [Fact]
    public void Format_ControlCharactersInAValue_CannotForgeAnEntry()
    {
        var sink = new TextSink();
        using (var logger = new LoggerConfiguration().WriteTo.Sink(sink).CreateLogger())
        {
            logger.Error(
                new InvalidOperationException("bad\n2026-01-01 00:00:00.000 +00:00 info Forged: entry"),
                "The tool {Tool} failed",
                "x\r\n2026 info Forged: \u001b[2J\u2028"
            );
        }

        var lines = sink.Text.ToString().TrimEnd('\n').Split('\n');
        lines[0].Should().EndWith(@"The tool x\r\n2026 info Forged: \u001b[2J\u2028 failed");
        lines.Skip(1).Should().OnlyContain(line => line.StartsWith("    ", StringComparison.Ordinal));
    }

    [Fact]
    public void Format_EventWithAnId_HasItBehindItsSource()
    {
        var sink = new TextSink();
        using (
            var factory = LoggerFactory.Create(logging =>
                logging.AddSerilog(new LoggerConfiguration().WriteTo.Sink(sink).CreateLogger(), dispose: true)
            )
        )
        {
            factory
                .CreateLogger("Some.Place.Watcher")
                .Log(LogLevel.Warning, new EventId(203), "Almost over", null, static (text, _) => text);
            factory.CreateLogger("Some.Place.Framework").Log(LogLevel.Warning, default, "No id", null, static (text, _) => text);
        }

        sink.Text.ToString().Should().MatchRegex(@"^\S+ \S+ \S+ warn Watcher\[203\]: Almost over\n\S+ \S+ \S+ warn Framework: No id\n$");
    }

    private sealed class TextSink : ILogEventSink
    {
        public StringWriter Text { get; } = new() { NewLine = "\n" };

        public void Emit(LogEvent logEvent) => new LogLineFormatter().Format(logEvent, Text);
    }
}
