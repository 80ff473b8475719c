namespace LoopOrchestrator.Core.Workspaces;

/// <summary>What a record that is about to be appended may want to know of the file that it goes to.</summary>
/// <param name="IsEmpty">The file does not exist yet or has no bytes.</param>
/// <param name="LineEnd">How the file's last complete line ends, <c>\n</c> or <c>\r\n</c>; <c>\n</c> for an empty file.</param>
public readonly record struct AppendContext(bool IsEmpty, string LineEnd);
