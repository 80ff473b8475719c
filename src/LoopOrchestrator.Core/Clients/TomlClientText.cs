using System.Globalization;
using System.Text;
using LoopOrchestrator.Core.Diagnostics;
using LoopOrchestrator.Core.Errors;
using LoopOrchestrator.Core.Toml;

namespace LoopOrchestrator.Core.Clients;

/// <summary>
/// The file of a client that writes TOML. The entry is a table of its own; one that is written in braces or by dotted keys is told, and
/// left to its user.
/// </summary>
internal sealed class TomlClientText : IClientText
{
    private readonly McpClient _client;
    private readonly TomlText _text;
    private readonly string _file;
    private readonly string[] _path;
    private readonly string _newLine;

    private TomlClientText(McpClient client, TomlText text, string file)
    {
        (_client, _text, _file) = (client, text, file);
        _path = [client.Container, IClientText.Name];
        _newLine = text.Text.AsSpan().Count("\r\n") * 2 > text.Text.AsSpan().Count('\n') ? "\r\n" : "\n";
    }

    public Diagnostic? Problem => _text.Problem;

    public IReadOnlyDictionary<string, string> Values => _text.Values;

    public ClientEntry? Entry =>
        Tables is [var first, ..] ? new ClientEntry(_text.LineOf(first.Start), Server)
        : IsElsewhere ? new ClientEntry(1, Server)
        : null;

    private IReadOnlyList<TomlTable> Tables => [.. _text.Tables.Where(table => table.IsAtOrBelow(_path))];

    private string Place => TomlText.PlaceOf(_path) + IClientText.Separator;

    private bool IsElsewhere => Values.Keys.Any(key => key.StartsWith(Place, StringComparison.Ordinal));

    private ClientServer Server
    {
        get
        {
            var program = Text("command");
            return new ClientServer
            {
                Command = program is null ? [] : [program, .. Items("args")],
                Environment = Values
                    .Where(value => value.Key.StartsWith($"{Place}env{IClientText.Separator}", StringComparison.Ordinal))
                    .Where(static value => AsText(value.Value) is not null)
                    .ToDictionary(value => value.Key[(Place.Length + 4)..], static value => AsText(value.Value)!, StringComparer.Ordinal),
                Url = program is null ? Text("url") : null,
            };
        }
    }

    public static TomlClientText Read(ReadOnlyMemory<byte> bytes, string file, McpClient client) =>
        new(client, TomlText.Read(bytes.Span, file), file);

    public IReadOnlyList<byte[]> With(IReadOnlyList<EntryMember> members)
    {
        var tables = Tables;
        CheckForm(tables);
        List<TomlTable> ours = [.. tables.Where(table => table.Path.Count == _path.Length || IsEnvironment(table))];
        var block = Block(members, ours);
        var text = _text.Text;
        if (ours.Count == 0)
        {
            var gap =
                text.Trim('\uFEFF').Length == 0 ? ""
                : text.EndsWith('\n') ? _newLine
                : _newLine + _newLine;
            return [Encoding.UTF8.GetBytes(text + gap + block)];
        }

        var result = new StringBuilder(text);
        foreach (var table in Enumerable.Reverse(ours).Where(table => table != ours[0]))
        {
            Cut(result, table);
        }

        result.Remove(ours[0].Start, ours[0].End - ours[0].Start).Insert(ours[0].Start, block);
        return [Encoding.UTF8.GetBytes(result.ToString())];
    }

    public IReadOnlyList<byte[]> Without()
    {
        var tables = Tables;
        CheckForm(tables);
        if (tables.Count == 0)
        {
            return [];
        }

        var result = new StringBuilder(_text.Text);
        foreach (var table in tables.Reverse())
        {
            Cut(result, table);
        }

        return [Encoding.UTF8.GetBytes(result.ToString())];
    }

    // With the empty line before it, where what follows is one too or nothing.
    private static void Cut(StringBuilder text, TomlTable table)
    {
        var (start, end) = (table.Start, table.End);
        var isFollowedByNothing = end >= text.Length || text[end] is '\r' or '\n';
        if (isFollowedByNothing && start >= 2 && text[start - 1] == '\n')
        {
            var before = text[start - 2] == '\r' ? start - 2 : start - 1;
            if (before > 0 && text[before - 1] == '\n')
            {
                start = before;
            }
        }

        text.Remove(start, end - start);
    }

    private bool IsEnvironment(TomlTable table) => table.Path.Count == _path.Length + 1 && table.Path[^1] == "env";

    private void CheckForm(IReadOnlyList<TomlTable> tables)
    {
        if (tables.Any(static table => table.IsArray) || (tables.Count == 0 && IsElsewhere))
        {
            throw new UserErrorException(
                $"{_file}: the entry {string.Join('.', _path)} is not written as a table of its own, and only that form is changed here; "
                    + $"nothing was written. Write it below a line [{string.Join('.', _path)}], or change it by hand."
            );
        }
    }

    // Changed key by key, so that what a person has written into the entry stays: comments, empty lines, the order.
    private string Block(IReadOnlyList<EntryMember> members, IReadOnlyList<TomlTable> ours)
    {
        var main = ours.FirstOrDefault(table => table.Path.Count == _path.Length);
        List<EntryMember> wanted = [.. members.Select(Joined)];
        if (HasVariables && members.All(static member => member.Name != "env") && members.Any(static member => member.Name == "command"))
        {
            wanted.Add(new EntryMember("env", EntryValue.Of(Server.Environment)));
        }

        var block = new StringBuilder(main is null ? $"[{string.Join('.', _path)}]" : _text.Text[main.Start..main.End].TrimEnd('\r', '\n'));
        block.Append(_newLine);
        foreach (var member in wanted.Where(member => main?.Keys.Exists(key => key.Path[0] == member.Name) is not true))
        {
            if (member.Name == "env")
            {
                ours.Where(IsEnvironment).SelectMany(Comments).ToList().ForEach(line => block.Append(line).Append(_newLine));
            }

            block.Append(Line(member)).Append(_newLine);
        }

        foreach (var key in Enumerable.Reverse(main?.Keys ?? []))
        {
            var name = key.Path[0];
            var member = wanted.Find(one => one.Name == name);
            if (member is null ? !_client.Shape.Managed.Contains(name, StringComparer.Ordinal) : member.IsPreference)
            {
                continue;
            }

            var (start, end) = (key.Start - main!.Start, key.Value.End - main.Start);
            if (member is not null && main.Keys.Find(one => one.Path[0] == name) == key)
            {
                block.Remove(start, end - start).Insert(start, Line(member));
            }
            else
            {
                RemoveLines(block, start, end);
            }
        }

        return block.ToString();
    }

    private static string Line(EntryMember member) => $"{TomlStrings.Key(member.Name)} = {member.Value.ToToml()}";

    // A comment behind the value is about it, and goes too.
    private static void RemoveLines(StringBuilder block, int start, int end)
    {
        while (start > 0 && block[start - 1] != '\n')
        {
            start--;
        }

        while (end < block.Length && block[end] != '\n')
        {
            end++;
        }

        block.Remove(start, Math.Min(end + 1, block.Length) - start);
    }

    // Lines of a table that hold nothing but a comment, where the table itself goes.
    private IEnumerable<string> Comments(TomlTable table)
    {
        var at = table.Start;
        foreach (var line in _text.Text[table.Start..table.End].Split('\n'))
        {
            var start = at;
            if (line.TrimStart().StartsWith('#') && table.Keys.TrueForAll(key => start < key.Start || start >= key.Value.End))
            {
                yield return line.Trim();
            }

            at += line.Length + 1;
        }
    }

    private bool HasVariables => Server.Environment.Count > 0;

    // Variables that somebody has added stay.
    private EntryMember Joined(EntryMember member) =>
        member.Name != "env"
            ? member
            : member with
            {
                Value = member.Value with
                {
                    Members =
                    [
                        .. member.Value.Members!,
                        .. Server
                            .Environment.Where(variable => member.Value.Members!.All(one => one.Key != variable.Key))
                            .Select(static variable => KeyValuePair.Create(variable.Key, EntryValue.Of(variable.Value))),
                    ],
                },
            };

    private string? Text(string name) => Values.TryGetValue(Place + name, out var value) ? AsText(value) : null;

    private IEnumerable<string> Items(string name)
    {
        for (var index = 0; ; index++)
        {
            if (Text(string.Create(CultureInfo.InvariantCulture, $"{name}{IClientText.Separator}\u001E{index}")) is not { } item)
            {
                yield break;
            }

            yield return item;
        }
    }

    private static string? AsText(string value) => value.StartsWith("String:", StringComparison.Ordinal) ? value["String:".Length..] : null;
}
