using System.Text.Json;
using LoopOrchestrator.Core.Files;
using LoopOrchestrator.Core.Json;

namespace LoopOrchestrator.Mcp.Configuration;

/// <summary>
/// Reads the host's keys from <c>mcp_startup.json</c>. All other keys belong to others and are passed over.
/// Comments and trailing commas are allowed: the file is written by people.
/// </summary>
internal static class StartupFileReader
{
    public const string ModeKey = "mode";
    public const string HostKey = "host";
    public const string PortKey = "port";
    public const string TokenFileKey = "tokenFile";
    public const string ToolsetsKey = "toolsets";
    public const string TrustKey = "trustWorkspace";

    /// <summary>An object, whose members are values of their own under <see cref="HttpPrefix"/> and their name.</summary>
    public const string HttpKey = "http";
    public const string HttpPrefix = "http.";

    /// <summary>The text of an array that holds something else than strings; of any other it is its strings, with commas between.</summary>
    public const string MixedArray = "[...]";

    /// <summary>What is an object in the file, and whose members are values of their own under its name, a dot and theirs.</summary>
    public static IReadOnlyList<string> Objects { get; } = [HttpKey, OAuthResolver.Key, OAuthResolver.ScopesKey];

    private static readonly string[] Keys = [ModeKey, HostKey, PortKey, TokenFileKey, ToolsetsKey, TrustKey, HttpKey];

    /// <param name="path">The file.</param>
    /// <param name="display">Its name in messages.</param>
    public static StartupFile Read(SharedPath path, string display)
    {
        try
        {
            return Parse(path.ReadOrNull() ?? throw new FileNotFoundException("there is no such file"), display);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return WithProblem(display, $"the file cannot be read: {exception.Message}");
        }
    }

    private static StartupFile WithProblem(string source, string message) =>
        StartupFile.Empty with
        {
            Problems = [ConfigurationProblem.Error(source, message)],
        };

    private static StartupFile Parse(byte[] bytes, string display)
    {
        var text = JsonText.Read(bytes, display, JsonDialect.WithComments);
        if (text.Problem is { } problem)
        {
            return WithProblem(
                problem.Line is null ? display : $"{display}:{problem.Line}:{problem.Column}",
                $"the file is not valid JSON: {problem.Message} Correct it there, or start with another file (--config)."
            );
        }

        if (text.Root is not { Kind: JsonValueKind.Object } root)
        {
            return WithProblem($"{display}:1:1", "the file must hold one JSON object, { ... }.");
        }

        var values = new Dictionary<string, StartupValue>(StringComparer.Ordinal);
        var problems = new List<ConfigurationProblem>();
        foreach (var member in root.Members.Where(static member => Keys.Contains(member.Name, StringComparer.Ordinal)))
        {
            AddAll(member, member.Name);
        }

        return new StartupFile(values, problems);

        void AddAll(JsonTextMember member, string name)
        {
            Add(member, name);
            if (Objects.Contains(name, StringComparer.Ordinal))
            {
                foreach (var inner in member.Value.Members)
                {
                    AddAll(inner, $"{name}.{inner.Name}");
                }
            }
        }

        void Add(JsonTextMember member, string name)
        {
            var (line, column) = text.GetPosition(member.Value.Span.Start);
            var place = $"{display}:{line}:{column} {name}";
            if (!values.TryAdd(name, new StartupValue(member.Value.Kind, Shown(member.Value), place)))
            {
                problems.Add(
                    ConfigurationProblem.Error(place, $"the key is given twice; keep one (the first is at {values[name].Place}).")
                );
            }
        }
    }

    private static string Shown(JsonTextNode value) =>
        value.Kind switch
        {
            JsonValueKind.Object => "{...}",
            JsonValueKind.Array when value.Items.All(static item => item.Kind == JsonValueKind.String) => string.Join(
                ',',
                value.Items.Select(static item => item.Text)
            ),
            JsonValueKind.Array => MixedArray,
            _ => value.Text ?? value.Raw,
        };
}
