using LoopOrchestrator.Benchmarks.Processes;

namespace LoopOrchestrator.Benchmarks.Calls;

/// <summary>A server that is called, over either transport.</summary>
/// <param name="Folder">Where it works.</param>
/// <param name="Stdio">How it is started for one client over stdio.</param>
/// <param name="Http">How it is started for all clients over HTTP, on that port where it does not choose one itself.</param>
/// <param name="TakesPort">Whether it is told the port.</param>
internal sealed record CalledServer(string Folder, ServerCommand Stdio, Func<int, ServerCommand> Http, bool TakesPort = false);
