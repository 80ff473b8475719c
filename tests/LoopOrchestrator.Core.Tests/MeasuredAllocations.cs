namespace LoopOrchestrator.Core.Tests;

/// <summary>Tests that count what the process allocates: they run when no other test does, which would be counted too.</summary>
[CollectionDefinition(Name, DisableParallelization = true)]
public sealed class MeasuredAllocations
{
    public const string Name = "measured allocations";
}
