using System.Globalization;
using System.Text;
using LoopOrchestrator.Testing.Clients;

namespace LoopOrchestrator.Mcp.Tests.Load;

/// <summary>
/// Messages that nearly are some, the same ones for the same seed: a member is missing, there twice, of another type, far too large or
/// nested too deeply; the message is in a list, of an unknown method, or cut and overwritten as bytes. Nothing asks for a wait.
/// </summary>
/// <param name="seed">The seed.</param>
/// <param name="era">The revision, see <see cref="ProtocolEra"/>.</param>
internal sealed class MessageFuzzer(int seed, string era)
{
    private const string Text = "\"code\"";
    private readonly Random _random = new(seed);
    private int _sent;

    private static readonly (string Method, string? Name, (string Name, string Value)[] Parameters)[] Calls =
    [
        (
            "initialize",
            null,
            [("protocolVersion", "\"2025-11-25\""), ("capabilities", "{}"), ("clientInfo", "{\"name\":\"f\",\"version\":\"1\"}")]
        ),
        ("ping", null, []),
        ("server/discover", null, []),
        ("tools/list", null, [("cursor", "\"x\"")]),
        ("resources/list", null, []),
        ("resources/templates/list", null, []),
        ("prompts/list", null, []),
        ("resources/read", "loop://status", [("uri", "\"loop://status\"")]),
        ("resources/read", "loop://runs/none/log", [("uri", "\"loop://runs/none/log\"")]),
        ("resources/subscribe", null, [("uri", "\"loop://memory\"")]),
        ("resources/unsubscribe", null, [("uri", "\"loop://memory\"")]),
        ("subscriptions/listen", null, [("notifications", "{\"resourceSubscriptions\":[\"loop://memory\"]}")]),
        ("prompts/get", "work_the_loop", [("name", "\"work_the_loop\""), ("arguments", "{\"mode\":\"code\"}")]),
        (
            "completion/complete",
            null,
            [("ref", "{\"type\":\"ref/prompt\",\"name\":\"work_the_loop\"}"), ("argument", "{\"name\":\"mode\",\"value\":\"c\"}")]
        ),
        ("logging/setLevel", null, [("level", "\"debug\"")]),
        ("notifications/initialized", null, []),
        ("notifications/cancelled", null, [("requestId", "7"), ("reason", Text)]),
        ("notifications/progress", null, [("progressToken", "1"), ("progress", "0.5")]),
        ("tasks/get", null, [("taskId", "\"run-none\"")]),
        Tool("get_status", "{}"),
        Tool("get_run", "{\"run_id\":\"run-none\"}"),
        Tool("list_runs", "{\"limit\":3,\"state\":\"queued\"}"),
        Tool("complete_run", "{\"run_id\":\"run-none\",\"outcome\":\"succeeded\",\"summary\":\"s\",\"findings\":[\"f\"]}"),
        Tool("run_mode", "{\"mode\":\"none\",\"task\":\"t\",\"request_id\":\"r\"}"),
        Tool("list_schedules", "{\"include_inactive\":true}"),
        Tool("trigger_schedule", "{\"schedule_id\":\"none\"}"),
        Tool("search_memory", "{\"query\":\"a\",\"limit\":2}"),
        Tool("update_todo", "{\"item\":\"none\",\"done\":true}"),
        Tool("get_timing", "{\"mode\":\"code\"}"),
        Tool("list_modes", "{}"),
        Tool("no_such_tool", "{\"a\":1}"),
    ];

    private static readonly string[] Odd =
    [
        "null",
        "true",
        "0",
        "-1",
        "1.5",
        "1e400",
        "-0.0",
        "9223372036854775808",
        "1" + new string('0', 400),
        "\"\"",
        "\"\\u0000\"",
        "\"\\ud800\"",
        "\"\\u202e\\u001b[31m\"",
        "\"\ud83d\ude00\u2028\uffff\ufeff\"",
        "\"../../../etc/passwd\"",
        "\"2026-07-28\"",
        "\"%s%n{0}\"",
        "[]",
        "[[[]]]",
        "[null]",
        "{}",
        "{\"\":null}",
        "{\"__proto__\":{},\"$ref\":\"#\",\"$type\":\"System.String\"}",
    ];

    /// <summary>The next message.</summary>
    public FuzzedMessage Next()
    {
        var (method, name, parameters) = Calls[_random.Next(Calls.Length)];
        var message = Write(method, parameters);
        var bytes = Encoding.UTF8.GetBytes(
            _random.Next(20) switch
            {
                0 => $"[{message}]",
                1 => $"[{message},{message}]",
                2 => $"{message}{message}",
                3 => Nested(_random.Next(1, 400)),
                _ => message,
            }
        );
        if (_random.Next(4) == 0)
        {
            bytes = Break(bytes);
        }

        // Each is one line, whatever happened to its bytes.
        bytes.AsSpan().Replace((byte)'\n', (byte)' ');
        return new FuzzedMessage(bytes, method, name);
    }

    private static (string Method, string? Name, (string Name, string Value)[] Parameters) Tool(string name, string arguments) =>
        ("tools/call", name, [("name", $"\"{name}\""), ("arguments", arguments)]);

    private string Write(string method, (string Name, string Value)[] parameters)
    {
        List<(string Name, string Value)> inner = [.. parameters];
        if (era == ProtocolEra.Stateless)
        {
            List<(string Name, string Value)> meta =
            [
                ("io.modelcontextprotocol/protocolVersion", $"\"{era}\""),
                ("io.modelcontextprotocol/clientCapabilities", "{}"),
                ("io.modelcontextprotocol/clientInfo", "{\"name\":\"f\",\"version\":\"1\"}"),
            ];
            inner.Add(("_meta", Changed(meta, chance: 8)));
        }
        else if (_random.Next(6) == 0)
        {
            inner.Add(("_meta", Odd[_random.Next(Odd.Length)]));
        }

        // Within the arguments, as well as around them.
        for (var index = 0; index < inner.Count; index++)
        {
            if (inner[index].Value.StartsWith("{\"", StringComparison.Ordinal) && _random.Next(4) == 0)
            {
                inner[index] = (
                    inner[index].Name,
                    inner[index].Value.Replace(Member(inner[index].Value), Value(), StringComparison.Ordinal)
                );
            }
        }

        List<(string Name, string Value)> outer = [("jsonrpc", "\"2.0\""), ("id", Id()), ("method", $"\"{method}\"")];
        outer.Add(("params", Changed(inner, chance: 3)));
        switch (_random.Next(16))
        {
            case 0:
                outer.RemoveAt(1);
                break;
            case 1:
                outer[2] = ("result", Value());
                break;
            case 2:
                outer[2] = ("error", "{\"code\":-1,\"message\":\"m\"}");
                break;
            case 3:
                outer[2] = ("method", "\"no/such\"");
                break;
        }

        return Changed(outer, chance: 6);
    }

    // The first value within an object.
    private static string Member(string value)
    {
        var start = value.IndexOf(':', StringComparison.Ordinal) + 1;
        return value[start..value.IndexOfAny([',', '}'], start)] is { Length: > 0 } member ? member : value;
    }

    private string Id() =>
        _random.Next(10) switch
        {
            0 => Value(),
            1 => "\"text\"",
            2 => "1",
            _ => (1_000 + _sent++).ToString(CultureInfo.InvariantCulture),
        };

    private string Value() =>
        _random.Next(40) switch
        {
            0 => Nested(_random.Next(1, 200)),
            1 => $"\"{new string('y', _random.Next(60_000))}\"",
            2 => $"[{string.Join(',', Enumerable.Repeat("1", _random.Next(3_000)))}]",
            _ => Odd[_random.Next(Odd.Length)],
        };

    private static string Nested(int depth) =>
        depth % 2 == 0
            ? new string('[', depth) + new string(']', depth)
            : string.Concat(Enumerable.Repeat("{\"a\":", depth)) + "1" + new string('}', depth);

    // One time in so many, one member is not what it should be.
    private string Changed(List<(string Name, string Value)> members, int chance)
    {
        if (members.Count > 0 && _random.Next(chance) == 0)
        {
            var at = _random.Next(members.Count);
            var (name, value) = members[at];
            switch (_random.Next(5))
            {
                case 0:
                    members.RemoveAt(at);
                    break;
                case 1:
                    members.Insert(_random.Next(members.Count), (name, Value()));
                    break;
                case 2:
                    members[at] = (name, value + Value());
                    break;
                case 3:
                    members[at] = (name.ToUpperInvariant(), value);
                    break;
                default:
                    members[at] = (name, Value());
                    break;
            }
        }

        return $"{{{string.Join(',', members.Select(static member => $"\"{member.Name}\":{member.Value}"))}}}";
    }

    private byte[] Break(byte[] bytes)
    {
        var at = _random.Next(bytes.Length);
        switch (_random.Next(5))
        {
            case 0:
                return bytes[..at];
            case 1:
                return [.. bytes[..at], .. bytes[Math.Min(bytes.Length, at + 1 + _random.Next(8))..]];
            case 2:
                var more = new byte[_random.Next(1, 64)];
                _random.NextBytes(more);
                return [.. bytes[..at], .. more, .. bytes[at..]];
            case 3:
                _random.NextBytes(bytes.AsSpan(at, Math.Min(8, bytes.Length - at)));
                return bytes;
            default:
                bytes[at] ^= (byte)(1 << _random.Next(8));
                return bytes;
        }
    }
}
