namespace LoopOrchestrator.Core.Tests.Storage;

/// <summary>Marks the suite that every implementation of a port has to pass.</summary>
[AttributeUsage(AttributeTargets.Class, Inherited = false)]
internal sealed class ContractOfAttribute(Type port) : Attribute
{
    /// <summary>The port.</summary>
    public Type Port { get; } = port;
}
