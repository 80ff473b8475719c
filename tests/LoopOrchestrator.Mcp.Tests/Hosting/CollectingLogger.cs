using Microsoft.Extensions.Logging;

namespace LoopOrchestrator.Mcp.Tests.Hosting;

/// <summary>Keeps what is logged.</summary>
internal sealed class CollectingLogger : ILogger
{
    /// <summary>The entries' exceptions, in order; <see langword="null"/> for an entry without one.</summary>
    public List<Exception?> Exceptions { get; } = [];

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel) => true;

    public void Log<TState>(
        LogLevel logLevel,
        EventId eventId,
        TState state,
        Exception? exception,
        Func<TState, Exception?, string> formatter
    ) => Exceptions.Add(exception);
}
