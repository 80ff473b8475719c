using Microsoft.Extensions.Logging;

namespace LoopOrchestrator.Testing;

/// <summary>What was logged once.</summary>
/// <param name="Id">The event's number.</param>
/// <param name="Level">How important it is.</param>
/// <param name="Text">The message, with its values filled in.</param>
/// <param name="Exception">What is logged with it.</param>
internal sealed record LogEntry(int Id, LogLevel Level, string Text, Exception? Exception);
