using LoopOrchestrator.Core.Errors;

namespace LoopOrchestrator.Core.Agents.Supervision;

/// <summary>
/// The system did not start a supervisor: it had no file, process or memory for it at this moment. Nothing was begun, so it can be
/// tried again.
/// </summary>
/// <param name="message">What the system said.</param>
/// <param name="innerException">The system's error.</param>
internal sealed class SupervisorNotStartedException(string message, Exception innerException) : UserErrorException(message, innerException);
