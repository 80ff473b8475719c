using System.Text.Json;
using LoopOrchestrator.Core.Files;

namespace LoopOrchestrator.Core.Agents.Presets;

/// <summary>
/// A home of Gemini CLI's own for one run: the user's, with our settings beside theirs. Its file of system settings would do too, and it
/// passes over that one for every user but root. What the user has beside the settings (the sign-in, extensions, memory) is linked. Files
/// that the program replaces instead of writing into them (a sign-in that it has renewed) stand in this home then, and go with it.
/// </summary>
internal static class GeminiHome
{
    private const string Variable = "GEMINI_CLI_HOME";
    private const string Folder = ".gemini";
    private const string Settings = "settings.json";
    private const string Dotenv = ".env";
    private const long MaxSettings = 4 * 1024 * 1024;

    private static readonly JsonDocumentOptions Lenient = new() { CommentHandling = JsonCommentHandling.Skip, AllowTrailingCommas = true };

    /// <summary>The same call with that home.</summary>
    /// <param name="invocation">The call.</param>
    /// <param name="call">What it is made of.</param>
    /// <param name="ours">Our settings.</param>
    public static AgentInvocation AddTo(AgentInvocation invocation, AgentCall call, byte[] ours)
    {
        var home = call.Folder.Home;
        var links = new Dictionary<string, string>(StringComparer.Ordinal);
        var theirs = default(byte[]);
        if (UserHome(call) is { } user)
        {
            var folder = Path.Combine(user, Folder);
            theirs = Read(Path.Combine(folder, Settings));
            foreach (var entry in EntriesOf(folder))
            {
                if (Path.GetFileName(entry) is var name && name != Settings)
                {
                    links[Path.Combine(home, Folder, name)] = entry;
                }
            }

            if (File.Exists(Path.Combine(user, Dotenv)))
            {
                links[Path.Combine(home, Dotenv)] = Path.Combine(user, Dotenv);
            }
        }

        return invocation with
        {
            Files = new Dictionary<string, byte[]>(invocation.Files, StringComparer.Ordinal)
            {
                [Path.Combine(home, Folder, Settings)] = Merged(theirs, ours),
            },
            Home = home,
            Links = links,
            Environment = new Dictionary<string, string>(invocation.Environment, StringComparer.Ordinal) { [Variable] = home },
        };
    }

    private static string? UserHome(AgentCall call) =>
        call.Agent.ValueOf(Variable) is { Length: > 0 } own ? own
        : call.Agent.ValueOf("HOME") is { Length: > 0 } home ? home
        : null;

    // A folder that cannot be read is one that the program could not read either: it says so, with our settings alone.
    private static IReadOnlyList<string> EntriesOf(string folder)
    {
        try
        {
            return Directory.Exists(folder) ? [.. Directory.EnumerateFileSystemEntries(folder)] : [];
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return [];
        }
    }

    private static byte[]? Read(string file)
    {
        try
        {
            return SharedPath.Named(file, MaxSettings).ReadOrNull();
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    private static byte[] Merged(byte[]? theirs, byte[] ours)
    {
        if (theirs is null)
        {
            return ours;
        }

        try
        {
            using var left = JsonDocument.Parse(theirs, Lenient);
            using var right = JsonDocument.Parse(ours);
            return left.RootElement.ValueKind != JsonValueKind.Object
                ? ours
                : McpServerCommand.Write(writer => WriteMembers(writer, left.RootElement, right.RootElement));
        }
        catch (JsonException)
        {
            // It would say so itself, and go on without them.
            return ours;
        }
    }

    private static void WriteMembers(Utf8JsonWriter writer, JsonElement theirs, JsonElement ours)
    {
        foreach (var member in theirs.EnumerateObject().Where(member => !ours.TryGetProperty(member.Name, out _)))
        {
            member.WriteTo(writer);
        }

        foreach (var member in ours.EnumerateObject())
        {
            writer.WritePropertyName(member.Name);
            var kind = member.Value.ValueKind;
            if (!theirs.TryGetProperty(member.Name, out var before) || before.ValueKind != kind)
            {
                member.Value.WriteTo(writer);
            }
            else if (kind == JsonValueKind.Object && member.Name != McpServerCommand.Name)
            {
                writer.WriteStartObject();
                WriteMembers(writer, before, member.Value);
                writer.WriteEndObject();
            }
            else if (kind == JsonValueKind.Array)
            {
                writer.WriteStartArray();
                foreach (var item in before.EnumerateArray().Concat(member.Value.EnumerateArray()))
                {
                    item.WriteTo(writer);
                }

                writer.WriteEndArray();
            }
            else
            {
                member.Value.WriteTo(writer);
            }
        }
    }
}
