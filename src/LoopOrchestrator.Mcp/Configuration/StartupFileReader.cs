using System.Text;
using System.Text.Json;

namespace LoopOrchestrator.Mcp.Configuration;

/// <summary>
/// Reads the host's keys from <c>mcp_startup.json</c>. All other keys belong to others and are passed over unread.
/// Comments and trailing commas are allowed: the file is written by people.
/// </summary>
internal static class StartupFileReader
{
    public const string ModeKey = "mode";
    public const string HostKey = "host";
    public const string PortKey = "port";
    public const string TokenFileKey = "tokenFile";
    public const string TrustKey = "trustWorkspace";

    private static readonly string[] Keys = [ModeKey, HostKey, PortKey, TokenFileKey, TrustKey];

    /// <param name="path">The file.</param>
    /// <param name="display">Its name in messages.</param>
    public static StartupFile Read(string path, string display)
    {
        byte[] bytes;
        try
        {
            bytes = File.ReadAllBytes(path);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return WithProblem(display, $"the file cannot be read: {exception.Message}");
        }

        try
        {
            return Parse(bytes, display);
        }
        catch (JsonException exception)
        {
            var line = (exception.LineNumber ?? 0) + 1;
            var column = (exception.BytePositionInLine ?? 0) + 1;
            var reason = exception.Message.Split(" LineNumber:", 2, StringSplitOptions.None)[0].Split(" Path:", 2, StringSplitOptions.None)[0];
            return WithProblem($"{display}:{line}:{column}", $"the file is not valid JSON: {reason} Correct it there, or start with another file (--config).");
        }
    }

    private static StartupFile WithProblem(string source, string message) =>
        StartupFile.Empty with { Problems = [ConfigurationProblem.Error(source, message)] };

    private static StartupFile Parse(ReadOnlySpan<byte> bytes, string display)
    {
        if (bytes.StartsWith(Encoding.UTF8.Preamble))
        {
            bytes = bytes[Encoding.UTF8.Preamble.Length..];
        }

        var reader = new Utf8JsonReader(bytes, new JsonReaderOptions { AllowTrailingCommas = true, CommentHandling = JsonCommentHandling.Skip });
        if (!reader.Read() || reader.TokenType != JsonTokenType.StartObject)
        {
            return WithProblem($"{display}:1:1", "the file must hold one JSON object, { ... }.");
        }

        var values = new Dictionary<string, StartupValue>(StringComparer.Ordinal);
        var problems = new List<ConfigurationProblem>();
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var key = reader.GetString()!;
            reader.Read();
            if (!Keys.Contains(key, StringComparer.Ordinal))
            {
                reader.Skip();
                continue;
            }

            var (line, column) = Locate(bytes, reader.TokenStartIndex);
            var place = $"{display}:{line}:{column} {key}";
            var kind = reader.TokenType;
            var text = kind switch
            {
                JsonTokenType.StartObject => "{...}",
                JsonTokenType.StartArray => "[...]",
                JsonTokenType.String => reader.GetString()!,
                _ => Encoding.UTF8.GetString(reader.ValueSpan),
            };
            reader.Skip();
            if (!values.TryAdd(key, new StartupValue(kind, text, place)))
            {
                problems.Add(ConfigurationProblem.Error(place, $"the key is given twice; keep one (the first is at {values[key].Place})."));
            }
        }

        // Reads to the end, so that anything after the object is reported as the syntax error that it is.
        while (reader.Read())
        {
        }

        return new StartupFile(values, problems);
    }

    private static (int Line, int Column) Locate(ReadOnlySpan<byte> bytes, long index)
    {
        var before = bytes[..(int)index];
        var lineStart = before.LastIndexOf((byte)'\n') + 1;
        return (before.Count((byte)'\n') + 1, Encoding.UTF8.GetCharCount(before[lineStart..]) + 1);
    }
}
