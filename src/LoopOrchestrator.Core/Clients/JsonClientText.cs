using System.Globalization;
using System.Text.Json;
using LoopOrchestrator.Core.Diagnostics;
using LoopOrchestrator.Core.Errors;
using LoopOrchestrator.Core.Json;

namespace LoopOrchestrator.Core.Clients;

/// <summary>The file of a client that writes JSON, with comments and trailing commas where there are some.</summary>
internal sealed class JsonClientText : IClientText
{
    private const string Inputs = "inputs";
    private const string InputId = "loop-token";
    private readonly McpClient _client;
    private readonly JsonText _text;

    private JsonClientText(McpClient client, JsonText text)
    {
        (_client, _text) = (client, text);
        Problem = text.Problem
            ?? (
                text.Root is { Kind: not JsonValueKind.Object } root
                    ? text.DiagnosticAt(DiagnosticSeverity.Error, root.Span.Start, "an object { } was expected here")
                    : null
            );
        Values = Problem is null ? Flatten(text.Root!) : new Dictionary<string, string>(StringComparer.Ordinal);
    }

    public Diagnostic? Problem { get; }

    public IReadOnlyDictionary<string, string> Values { get; }

    public ClientEntry? Entry =>
        Problem is null && Container is { Kind: JsonValueKind.Object } container && container.Find(IClientText.Name) is { } entry
            ? new ClientEntry(_text.GetPosition(entry.NameSpan.Start).Line, ServerOf(entry.Value))
            : null;

    private JsonTextNode? Container => _text.Root?.Find(_client.Container)?.Value;

    /// <summary>Reads a file; one without anything in it is an empty object.</summary>
    public static JsonClientText Read(ReadOnlyMemory<byte> bytes, string file, McpClient client) =>
        new(client, JsonText.Read(IsBlank(bytes.Span) ? "{}\n"u8.ToArray() : bytes, file, JsonDialect.WithComments));

    public IReadOnlyList<byte[]> With(IReadOnlyList<EntryMember> members)
    {
        List<byte[]> steps = [WithEntry(members)];
        if (_client.AsksForToken && members.Any(static member => member.Name == "headers"))
        {
            var text = Again(steps[^1]);
            if (WithInput(text) is { } added)
            {
                steps.Add(added);
            }
        }

        return steps;
    }

    public IReadOnlyList<byte[]> Without()
    {
        List<byte[]> steps = [];
        var text = _text;
        while (text.Root!.Find(_client.Container)?.Value is { } container && container.Find(IClientText.Name) is { } entry)
        {
            steps.Add(JsonTextEdit.Remove(text, container, container.Members.IndexOf(entry)));
            text = Again(steps[^1]);
        }

        if (_client.AsksForToken && text.Root!.Find(Inputs)?.Value is { Kind: JsonValueKind.Array } inputs)
        {
            var ours = inputs.Items.FirstOrDefault(IsOurInput);
            if (ours is not null)
            {
                steps.Add(JsonTextEdit.Remove(text, inputs, inputs.Items.IndexOf(ours)));
            }
        }

        return steps;
    }

    private byte[] WithEntry(IReadOnlyList<EntryMember> members)
    {
        var root = _text.Root!;
        if (Container is not { } container)
        {
            return JsonTextEdit.AddMember(
                _text,
                root,
                root.Members.Length - 1,
                _client.Container,
                JsonDraft.Object([(IClientText.Name, Draft(members, existing: null))])
            );
        }

        if (container.Kind is not JsonValueKind.Object)
        {
            throw Refused(_text, container, $"'{_client.Container}' is no object, so no server can be added to it");
        }

        return container.Find(IClientText.Name) is { } entry
            ? JsonTextEdit.Replace(_text, entry.Value, Draft(members, entry.Value))
            : JsonTextEdit.AddMember(_text, container, container.Members.Length - 1, IClientText.Name, Draft(members, existing: null));
    }

    private static byte[]? WithInput(JsonText text)
    {
        var draft = JsonDraft.Object([
            ("type", JsonDraft.Of("promptString")),
            ("id", JsonDraft.Of(InputId)),
            ("description", JsonDraft.Of("The access token of Loop Orchestrator")),
            ("password", JsonDraft.Of(true)),
        ]);
        var root = text.Root!;
        return root.Find(Inputs)?.Value switch
        {
            null => JsonTextEdit.AddMember(
                text,
                root,
                root.Members.Length - 1,
                Inputs,
                JsonDraft.Raw($"[{draft.Render(JsonStyle.Default, indentation: null)}]")
            ),
            { Kind: JsonValueKind.Array } inputs => inputs.Items.Any(IsOurInput) ? null : JsonTextEdit.AddItem(text, inputs, draft),
            { } other => throw Refused(text, other, $"'{Inputs}' is no array, so the question for the token cannot be added to it"),
        };
    }

    private static UserErrorException Refused(JsonText text, JsonTextNode node, string why) =>
        new($"{text.DiagnosticAt(DiagnosticSeverity.Error, node.Span.Start, why)}. Nothing was changed.");

    private JsonDraft Draft(IReadOnlyList<EntryMember> members, JsonTextNode? existing)
    {
        List<(string Name, JsonDraft Value)> result = [];
        foreach (var member in members)
        {
            var there = existing?.Find(member.Name)?.Value;
            result.Add((member.Name, member.IsPreference && there is not null ? JsonDraft.Raw(there.Raw) : Joined(member.Value, there)));
        }

        foreach (var member in existing?.Members ?? [])
        {
            if (!result.Exists(one => one.Name == member.Name) && IsKept(member.Name, members))
            {
                result.Add((member.Name, JsonDraft.Raw(member.Value.Raw)));
            }
        }

        return JsonDraft.Object(result);
    }

    // What says how the server is reached is ours; variables that somebody has added stay as long as the server is started.
    private bool IsKept(string name, IReadOnlyList<EntryMember> members) =>
        name == _client.Shape.EnvironmentName
            ? members.Any(static member => member.Name == "command")
            : !_client.Shape.Managed.Contains(name, StringComparer.Ordinal);

    // As above, one by one.
    private static JsonDraft Joined(EntryValue value, JsonTextNode? there)
    {
        var draft = value.ToJson();
        return value.Members is null || there is not { Kind: JsonValueKind.Object }
            ? draft
            : JsonDraft.Object([
                .. draft.Members,
                .. there
                    .Members.Where(member => value.Members.All(one => one.Key != member.Name))
                    .Select(static member => (member.Name, JsonDraft.Raw(member.Value.Raw))),
            ]);
    }

    private ClientServer ServerOf(JsonTextNode entry)
    {
        // Cline's own command writes how a server is reached into an object of its own.
        var node = entry.Find("transport")?.Value is { Kind: JsonValueKind.Object } transport ? transport : entry;
        var command = node.Find("command")?.Value;
        IReadOnlyList<string> words =
            command is { Kind: JsonValueKind.Array } ? Texts(command)
            : command?.Text is { } program ? [program, .. Texts(node.Find("args")?.Value)]
            : [];
        return new ClientServer
        {
            Command = words,
            Environment = (node.Find(_client.Shape.EnvironmentName)?.Value.Members ?? [])
                .Where(static member => member.Value.Text is not null)
                .GroupBy(static member => member.Name, StringComparer.Ordinal)
                .ToDictionary(static member => member.Key, static member => member.Last().Value.Text!, StringComparer.Ordinal),
            Url = words.Count == 0 ? (node.Find("url") ?? node.Find("httpUrl"))?.Value.Text : null,
        };
    }

    private static IReadOnlyList<string> Texts(JsonTextNode? list) =>
        list is null ? [] : [.. list.Items.Select(static item => item.Text).OfType<string>()];

    private static bool IsOurInput(JsonTextNode input) => input.Find("id")?.Value.Text == InputId;

    private static JsonText Again(byte[] bytes) => JsonText.Read(bytes, "", JsonDialect.WithComments);

    private static bool IsBlank(ReadOnlySpan<byte> bytes)
    {
        ReadOnlySpan<byte> mark = [0xEF, 0xBB, 0xBF];
        return (bytes.StartsWith(mark) ? bytes[mark.Length..] : bytes).IndexOfAnyExcept(" \t\r\n"u8) < 0;
    }

    private static Dictionary<string, string> Flatten(JsonTextNode root)
    {
        var values = new Dictionary<string, string>(StringComparer.Ordinal);
        Add(values, "", root);
        return values;
    }

    private static void Add(Dictionary<string, string> values, string place, JsonTextNode node)
    {
        if (node.Members.Length > 0)
        {
            foreach (var member in node.Members.Where(member => node.Find(member.Name) == member))
            {
                Add(values, place.Length == 0 ? member.Name : $"{place}{IClientText.Separator}{member.Name}", member.Value);
            }
        }
        else if (node.Items.Length > 0)
        {
            for (var index = 0; index < node.Items.Length; index++)
            {
                Add(values, string.Create(CultureInfo.InvariantCulture, $"{place}{IClientText.Separator}\u001E{index}"), node.Items[index]);
            }
        }
        else if (place.Length > 0)
        {
            values[place] = $"{node.Kind}:{node.Text ?? (node.Kind is JsonValueKind.Object or JsonValueKind.Array ? "" : node.Raw)}";
        }
    }
}
