namespace LoopOrchestrator.Core.Files;

/// <summary>What a record that is about to be appended may want to know of the file that it goes to.</summary>
/// <param name="IsEmpty">
/// Nothing stands before the record: the file is missing or empty and no record of the same batch came earlier.
/// </param>
/// <param name="LineEnd">How the file's last complete line ends, <c>\n</c> or <c>\r\n</c>; <c>\n</c> for an empty file.</param>
/// <param name="Length">The file's length on disk in bytes. Records composed earlier in the same batch are not in it yet.</param>
/// <param name="StartsBatch">No record of this batch has been composed before, so the file's bytes are all there is.</param>
internal readonly record struct AppendContext(bool IsEmpty, string LineEnd, long Length, bool StartsBatch);
