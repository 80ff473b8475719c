using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;

namespace LoopOrchestrator.Testing;

/// <summary>Keeps the log entries of everything that is made with it.</summary>
internal sealed class RecordingLog : ILoggerFactory, ILogger
{
    private readonly ConcurrentQueue<LogEntry> _entries = new();

    /// <summary>What was logged, in order.</summary>
    public IReadOnlyList<LogEntry> Entries => [.. _entries];

    public void AddProvider(ILoggerProvider provider) { }

    public ILogger CreateLogger(string categoryName) => this;

    public void Dispose() { }

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel) => true;

    public void Log<TState>(
        LogLevel logLevel,
        EventId eventId,
        TState state,
        Exception? exception,
        Func<TState, Exception?, string> formatter
    ) => _entries.Enqueue(new(eventId.Id, logLevel, formatter(state, exception), exception));
}
