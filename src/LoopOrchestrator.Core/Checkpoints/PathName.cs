using System.Text;

namespace LoopOrchestrator.Core.Checkpoints;

/// <summary>
/// A path below the top of a work tree as git knows it: bytes with forward slashes, in any encoding. Held one character a byte, so that it
/// compares as bytes do.
/// </summary>
/// <param name="Raw">The bytes, each as the character of its number.</param>
internal readonly record struct PathName(string Raw)
{
    private static readonly UTF8Encoding Strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <summary>The bytes.</summary>
    public byte[] Bytes => Encoding.Latin1.GetBytes(Raw);

    /// <summary>The path as text; <see langword="null"/> when it is not UTF-8.</summary>
    public string? Text
    {
        get
        {
            try
            {
                return Strict.GetString(Bytes);
            }
            catch (DecoderFallbackException)
            {
                return null;
            }
        }
    }

    /// <summary>The path for people: as it is, or in git's quoted form where it is not UTF-8 or has control characters in it.</summary>
    public string Display => Text is { } text && !text.Any(char.IsControl) ? text : Quoted();

    /// <summary>The folder that it lies in; empty for the top.</summary>
    public PathName Folder => new(Raw[..Math.Max(0, Raw.LastIndexOf('/'))]);

    /// <summary>The folders that it lies in, the outermost first.</summary>
    public IEnumerable<PathName> Parents
    {
        get
        {
            for (var slash = Raw.IndexOf('/', StringComparison.Ordinal); slash >= 0; slash = Raw.IndexOf('/', slash + 1))
            {
                yield return new PathName(Raw[..slash]);
            }
        }
    }

    /// <summary>From bytes.</summary>
    public static PathName From(ReadOnlySpan<byte> bytes) => new(Encoding.Latin1.GetString(bytes));

    /// <summary>From text.</summary>
    public static PathName From(string text) => From(Encoding.UTF8.GetBytes(text));

    /// <summary>The paths of an output in which a zero byte stands behind each.</summary>
    public static IReadOnlyList<PathName> List(ReadOnlySpan<byte> output) =>
        [.. Encoding.Latin1.GetString(output).Split('\0', StringSplitOptions.RemoveEmptyEntries).Select(static raw => new PathName(raw))];

    /// <summary>The paths as an input in which a zero byte stands behind each.</summary>
    public static byte[] Input(IEnumerable<PathName> paths) =>
        Encoding.Latin1.GetBytes(string.Concat(paths.Select(static path => path.Raw + "\0")));

    /// <summary>Whether it is that folder, or lies in it.</summary>
    /// <param name="folder">Empty for the top.</param>
    public bool IsIn(PathName folder) =>
        folder.Raw.Length == 0
        || Raw == folder.Raw
        || (Raw.StartsWith(folder.Raw, StringComparison.Ordinal) && Raw[folder.Raw.Length] == '/');

    /// <summary>Without the folder that it lies in.</summary>
    public PathName Below(PathName folder) => folder.Raw.Length == 0 ? this : new PathName(Raw[(folder.Raw.Length + 1)..]);

    private string Quoted()
    {
        var quoted = new StringBuilder("\"");
        foreach (var c in Raw)
        {
            _ = c switch
            {
                '"' or '\\' => quoted.Append('\\').Append(c),
                '\n' => quoted.Append("\\n"),
                '\t' => quoted.Append("\\t"),
                '\r' => quoted.Append("\\r"),
                < ' ' or > '~' => quoted.Append('\\').Append(Convert.ToString(c, 8).PadLeft(3, '0')),
                _ => quoted.Append(c),
            };
        }

        return quoted.Append('"').ToString();
    }
}
