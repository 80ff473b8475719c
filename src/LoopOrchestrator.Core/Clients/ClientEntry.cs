namespace LoopOrchestrator.Core.Clients;

/// <summary>An entry as a client's file has it.</summary>
/// <param name="Line">The line in which it begins, counted from 1.</param>
/// <param name="Server">What it starts or calls; without either where it says neither in a form that is known here.</param>
internal sealed record ClientEntry(int Line, ClientServer Server);
