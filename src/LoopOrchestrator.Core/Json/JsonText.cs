using System.Text;
using System.Text.Unicode;
using LoopOrchestrator.Core.Diagnostics;

namespace LoopOrchestrator.Core.Json;

/// <summary>
/// The bytes of a JSON file and what they say, each value with its exact place, so that a finding can point at it
/// and a later edit can replace it and leave every other byte as it was. Immutable and safe for concurrent use;
/// the caller must not change the bytes afterwards.
/// </summary>
public sealed class JsonText
{
    /// <summary>Deeper nesting is reported instead of read.</summary>
    public const int MaxDepth = 64;

    /// <summary>Larger files are reported instead of read (16 MiB).</summary>
    public const int MaxBytes = 16 * 1024 * 1024;

    private static readonly byte[] ByteOrderMark = [0xEF, 0xBB, 0xBF];
    private readonly Lazy<int[]> _lineStarts;

    private JsonText(ReadOnlyMemory<byte> bytes, string file)
    {
        Bytes = bytes;
        File = file;
        _lineStarts = new(FindLineStarts);
    }

    /// <summary>The file as it was given, byte order mark included.</summary>
    public ReadOnlyMemory<byte> Bytes { get; }

    /// <summary>What findings call the file.</summary>
    public string File { get; }

    /// <summary>The outermost value; <see langword="null"/> exactly when there is a <see cref="Problem"/>.</summary>
    public JsonTextNode? Root { get; private init; }

    /// <summary>Why the file could not be read, with line and column; <see langword="null"/> when it could.</summary>
    public Diagnostic? Problem { get; private init; }

    /// <summary>Reads a file. Never throws for what the bytes hold: what is wrong with them becomes <see cref="Problem"/>.</summary>
    /// <param name="utf8">The whole file; UTF-8, a byte order mark is allowed.</param>
    /// <param name="file">What findings call the file.</param>
    /// <param name="dialect">What is accepted beyond the standard.</param>
    public static JsonText Read(ReadOnlyMemory<byte> utf8, string file, JsonDialect dialect = JsonDialect.Strict)
    {
        ArgumentNullException.ThrowIfNull(file);
        var text = new JsonText(utf8, file);
        if (utf8.Length > MaxBytes)
        {
            return text.With(null, "the file is larger than 16 MiB; nothing of it was read");
        }

        if (FindForeignEncoding(utf8.Span) is (var offset, { } reason))
        {
            return text.With(offset, reason);
        }

        var start = utf8.Span.StartsWith(ByteOrderMark) ? ByteOrderMark.Length : 0;
        if (utf8.Span[start..].IndexOfAnyExcept(" \t\r\n"u8) < 0)
        {
            return text.With(null, "the file is empty; JSON needs at least a value such as {}");
        }

        var builder = new JsonTreeBuilder(text, start, dialect);
        var (root, fault) = builder.Build();
        return fault is { } found ? text.With(found.Offset, found.Message) : new JsonText(utf8, file) { Root = root };
    }

    /// <summary>Line and column of a byte.</summary>
    /// <param name="offset">From the file's start; outside the file means its nearest end, inside a character that character.</param>
    public TextPosition GetPosition(int offset)
    {
        var bytes = Bytes.Span;
        offset = Math.Clamp(offset, 0, bytes.Length);
        var starts = _lineStarts.Value;
        var found = Array.BinarySearch(starts, offset);
        var line = found >= 0 ? found : ~found - 1;
        var from = starts[line];
        if (line == 0 && bytes.StartsWith(ByteOrderMark))
        {
            from = Math.Min(ByteOrderMark.Length, offset);
        }

        var column = 1;
        for (var i = from + 1; i <= offset && i < bytes.Length; i++)
        {
            column += IsContinuation(bytes[i]) ? 0 : 1;
        }

        return new(line + 1, offset == bytes.Length && offset > from ? column + 1 : column);
    }

    /// <summary>A finding that points at a place of this file.</summary>
    /// <param name="severity">What it holds back.</param>
    /// <param name="offset">The byte it is about, as <see cref="GetPosition"/> takes it.</param>
    /// <param name="message">What is wrong, why, and what to do about it.</param>
    public Diagnostic DiagnosticAt(DiagnosticSeverity severity, int offset, string message)
    {
        var position = GetPosition(offset);
        return new(severity, File, position.Line, position.Column, message);
    }

    private static bool IsContinuation(byte value) => (value & 0xC0) == 0x80;

    private static (int Offset, string? Reason)? FindForeignEncoding(ReadOnlySpan<byte> bytes)
    {
        if (bytes.StartsWith((ReadOnlySpan<byte>)[0xFF, 0xFE]) || bytes.StartsWith((ReadOnlySpan<byte>)[0xFE, 0xFF]))
        {
            return (0, "the file is UTF-16; save it as UTF-8");
        }

        if (bytes.IndexOf((byte)0) is var nul and >= 0)
        {
            return (
                nul,
                "there is a NUL byte here, so this is no text (or its writing was cut off by a crash); restore the file or remove the byte"
            );
        }

        if (Utf8.IsValid(bytes))
        {
            return null;
        }

        var offset = 0;
        while (Rune.DecodeFromUtf8(bytes[offset..], out _, out var used) is System.Buffers.OperationStatus.Done)
        {
            offset += used;
        }

        return (offset, $"the byte 0x{bytes[offset]:X2} is not valid UTF-8 here; save the file as UTF-8");
    }

    private JsonText With(int? offset, string message) =>
        new(Bytes, File)
        {
            Problem = offset is { } at
                ? DiagnosticAt(DiagnosticSeverity.Error, at, message)
                : new(DiagnosticSeverity.Error, File, null, null, message),
        };

    private int[] FindLineStarts()
    {
        var bytes = Bytes.Span;
        var starts = new int[bytes.Count((byte)'\n') + 1];
        for (int line = 1, at = 0; line < starts.Length; line++)
        {
            at += bytes[at..].IndexOf((byte)'\n') + 1;
            starts[line] = at;
        }

        return starts;
    }
}
