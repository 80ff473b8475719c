using LoopOrchestrator.Core.Agents.Supervision.Files;
using LoopOrchestrator.Core.Errors;

namespace LoopOrchestrator.Core.Agents.Supervision;

/// <summary>Starts the supervisor of a run whose order is on disk.</summary>
internal interface ISupervisorLauncher
{
    /// <summary>Starts it and returns; the supervisor goes on by itself.</summary>
    /// <param name="folder">The run's folder.</param>
    /// <param name="start">What its outcome is known by; its hash is in the database already.</param>
    /// <param name="onExit">Called once when the supervisor is seen to end. Not called after the death of this process, naturally.</param>
    /// <exception cref="UserErrorException">It could not be started.</exception>
    void Launch(RunFolder folder, SupervisorStart start, Action onExit);

    /// <summary>How an MCP client starts this program on stdio: the program and its first arguments.</summary>
    IReadOnlyList<string> SelfCommand { get; }
}
