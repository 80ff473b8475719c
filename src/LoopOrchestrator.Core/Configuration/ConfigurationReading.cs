using LoopOrchestrator.Core.Diagnostics;

namespace LoopOrchestrator.Core.Configuration;

/// <summary>What a configuration file says.</summary>
/// <param name="Configuration">The configuration, with the defaults for what the file leaves out or has wrong.</param>
/// <param name="Diagnostics">What is wrong in the file; empty when nothing is.</param>
public sealed record ConfigurationReading(OrchestratorConfiguration Configuration, IReadOnlyList<Diagnostic> Diagnostics);
