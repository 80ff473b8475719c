using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Text.Json;
using LoopOrchestrator.Core.Diagnostics;
using LoopOrchestrator.Core.Json;
using LoopOrchestrator.Core.Scheduling.Calendar;
using LoopOrchestrator.Core.Text;

namespace LoopOrchestrator.Core.Scheduling.Reading;

/// <summary>
/// The fields of one entry, read with the format's tolerances: null and blank strings are absent, numbers and booleans may be strings.
/// What cannot be read becomes a finding and <see langword="null"/>. For one entry and one thread.
/// </summary>
internal sealed class ScheduleFields
{
    private const int ShownCharacters = 60;
    private readonly JsonText _text;
    private readonly ImmutableArray<Diagnostic>.Builder _diagnostics;
    private readonly string _label;

    public ScheduleFields(JsonText text, JsonTextNode node, int number, ImmutableArray<Diagnostic>.Builder diagnostics)
    {
        _text = text;
        _diagnostics = diagnostics;
        Node = node;
        Id = node.Find("id")?.Value switch
        {
            { Kind: JsonValueKind.String, Text: { } id } when !string.IsNullOrWhiteSpace(id) => id,
            { Kind: JsonValueKind.Number } value => value.Raw,
            _ => null,
        };
        _label = Id is null ? $"schedule number {number}" : $"schedule {Quote(Id)}";
    }

    /// <summary>The entry.</summary>
    public JsonTextNode Node { get; }

    /// <summary>Its id; a number's digits count as one, because ids are made of digits anyway.</summary>
    public string? Id { get; }

    /// <summary>Whether an error was reported.</summary>
    public bool Failed { get; private set; }

    /// <summary>What a value is, for a message.</summary>
    public static string Describe(JsonTextNode node) =>
        node.Kind switch
        {
            JsonValueKind.Object => "an object",
            JsonValueKind.Array => "a list",
            JsonValueKind.String => Quote(node.Text!),
            _ => Shorten(node.Raw),
        };

    /// <summary>Text in quotes, cut when it is long.</summary>
    public static string Quote(string text) => $"\"{Shorten(text)}\"";

    /// <summary>Adds a finding about this entry.</summary>
    public void Report(DiagnosticSeverity severity, int offset, string message)
    {
        Failed |= severity is DiagnosticSeverity.Error;
        _diagnostics.Add(_text.DiagnosticAt(severity, offset, $"{_label}: {message}"));
    }

    /// <summary>Adds a finding about a value.</summary>
    public void Report(DiagnosticSeverity severity, JsonTextMember member, string message) =>
        Report(severity, member.Value.Span.Start, $"{member.Name} is {Describe(member.Value)}; {message}");

    /// <summary>The field, unless it is absent, null or blank.</summary>
    public bool TryFind(string key, [NotNullWhen(true)] out JsonTextMember? member)
    {
        member = Node.Find(key);
        if (member?.Value is not { Kind: not JsonValueKind.Null } value || (value.Text is { } text && string.IsNullOrWhiteSpace(text)))
        {
            member = null;
        }

        return member is not null;
    }

    /// <summary>A string, as it stands.</summary>
    public string? Text(string key)
    {
        if (!TryFind(key, out var member))
        {
            return null;
        }

        if (member.Value is { Kind: JsonValueKind.Number })
        {
            return member.Value.Raw;
        }

        if (member.Value.Text is null)
        {
            Report(DiagnosticSeverity.Error, member, "write it as a string in double quotes");
        }

        return member.Value.Text;
    }

    /// <summary>A whole number in a range.</summary>
    public int? Whole(string key, int min, int max)
    {
        if (!TryFind(key, out var member))
        {
            return null;
        }

        var node = member.Value;
        if (TryReadWhole(node, out var number) && number >= min && number <= max)
        {
            return (int)number;
        }

        Report(DiagnosticSeverity.Error, member, $"write a whole number from {min} to {max}");
        return null;
    }

    /// <summary>True or false.</summary>
    public bool? Flag(string key) => TryFind(key, out var member) ? Flag(member, DiagnosticSeverity.Error) : null;

    /// <summary>The value of a member as true or false; otherwise a finding of the severity given.</summary>
    public bool? Flag(JsonTextMember member, DiagnosticSeverity otherwise)
    {
        if (member.Value.Boolean is { } flag)
        {
            return flag;
        }

        if (member.Value.Text is { } text && bool.TryParse(text, out flag))
        {
            Report(
                DiagnosticSeverity.Information,
                member,
                $"read as {(flag ? "true" : "false")}; Roo Scheduler takes any string for true, so write it without quotes"
            );
            return flag;
        }

        Report(otherwise, member, "write true or false");
        return null;
    }

    /// <summary>One of some names, spelled exactly.</summary>
    public T? Choice<T>(string key, params ReadOnlySpan<(string Name, T Value)> allowed)
        where T : struct
    {
        if (!TryFind(key, out var member))
        {
            return null;
        }

        var names = new List<string>(allowed.Length);
        foreach (var (name, value) in allowed)
        {
            if (string.Equals(name, member.Value.Text?.Trim(), StringComparison.Ordinal))
            {
                return value;
            }

            names.Add(name);
        }

        var nearest = member.Value.Text is { } text ? NearestName.Find(text.Trim(), names) : null;
        Report(
            DiagnosticSeverity.Error,
            member,
            $"write {string.Join(", ", names.Take(names.Count - 1).Select(Quote))} or "
                + $"{Quote(names[^1])}{(nearest is null ? "" : $"; {Quote(nearest)} is nearest")}"
        );
        return null;
    }

    /// <summary>A duration, see <see cref="DurationText"/>.</summary>
    public TimeSpan? Duration(string key)
    {
        if (!TryFind(key, out var member))
        {
            return null;
        }

        var text = member.Value.Kind is JsonValueKind.Number ? member.Value.Raw : member.Value.Text;
        if (text is not null && DurationText.TryParse(text, out var duration))
        {
            return duration;
        }

        Report(DiagnosticSeverity.Error, member, $"write {DurationText.Forms}");
        return null;
    }

    /// <summary>A local date.</summary>
    public DateOnly? Date(string key)
    {
        if (!TryFind(key, out var member))
        {
            return null;
        }

        if (
            DateOnly.TryParseExact(member.Value.Text?.Trim(), "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var date)
        )
        {
            return date;
        }

        Report(DiagnosticSeverity.Error, member, "write a date that exists as \"YYYY-MM-DD\"");
        return null;
    }

    private static bool TryReadWhole(JsonTextNode node, out long number)
    {
        if (node.Text is { } text)
        {
            return long.TryParse(text.Trim(), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out number);
        }

        if (node.TryGetInt64(out number))
        {
            return true;
        }

        // 10.0 and 1e1 are whole numbers too, to JavaScript.
        var fits = node.Number is { } real && double.IsInteger(real) && Math.Abs(real) <= int.MaxValue;
        number = fits ? (long)node.Number!.Value : 0;
        return fits;
    }

    private static string Shorten(string text) =>
        string.Concat(TextCut.Shorten(text, ShownCharacters).Select(static c => char.IsControl(c) ? ' ' : c));
}
