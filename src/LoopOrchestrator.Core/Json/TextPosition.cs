using System.Runtime.InteropServices;

namespace LoopOrchestrator.Core.Json;

/// <summary>A place in a text as editors show it.</summary>
/// <param name="Line">Counted from 1; a line ends with a line feed, with or without a carriage return before it.</param>
/// <param name="Column">Counted from 1 in Unicode characters (code points); a byte order mark takes no column.</param>
[StructLayout(LayoutKind.Auto)]
public readonly record struct TextPosition(int Line, int Column);
