namespace LoopOrchestrator.Core.Plots;

/// <summary>A stage of a cycle.</summary>
/// <param name="Name">What it is called; may be any text.</param>
/// <param name="State">Where it stands.</param>
/// <param name="Detail">What else there is to say of it, in a few words; may be empty.</param>
public sealed record StageMark(string Name, StageState State, string Detail);
