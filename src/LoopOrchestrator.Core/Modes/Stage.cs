namespace LoopOrchestrator.Core.Modes;

/// <summary>A stage of a cycle, in the order in which a cycle passes through them.</summary>
public enum Stage
{
    /// <summary>The change is made.</summary>
    Implementation,

    /// <summary>Does it do what it should: is it correct?</summary>
    Validation,

    /// <summary>Does it do so well enough to be used?</summary>
    Quality,

    /// <summary>The change becomes part of the product.</summary>
    Integration,

    /// <summary>What comes next.</summary>
    Planning,
}
