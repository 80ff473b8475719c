namespace LoopOrchestrator.Core.Files;

/// <summary>What is to be appended, and what its caller is told when it is on disk.</summary>
/// <typeparam name="T">What the caller is told.</typeparam>
/// <param name="Text">Text that ends with a line end, or nothing.</param>
/// <param name="Result">For the caller.</param>
internal readonly record struct Appended<T>(string Text, T Result);
