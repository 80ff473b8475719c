using System.Text.Json;
using LoopOrchestrator.Core.Diagnostics;
using LoopOrchestrator.Core.Json;

namespace LoopOrchestrator.Core.Configuration.Values;

/// <summary>
/// The values of a configuration file, each checked as it is read: what cannot be used becomes a finding with its line and column, and the
/// reading goes on, so that all of them are told at once. For one file and one thread.
/// </summary>
internal sealed class ConfigurationValues(JsonText text)
{
    private const int MaxNameLength = 64;

    private readonly List<Diagnostic> _diagnostics = [];

    /// <summary>What was found so far, in the order of reading.</summary>
    public IReadOnlyList<Diagnostic> Diagnostics => _diagnostics;

    /// <summary>How many errors were found so far: who reads a part can tell with it whether that part is sound.</summary>
    public int ErrorCount => _diagnostics.Count(static diagnostic => diagnostic.Severity == DiagnosticSeverity.Error);

    /// <summary>The text of a member; <see langword="null"/> where it is missing, or is no text, which is told.</summary>
    public string? Text(JsonTextNode node, string name, string key) =>
        node.Find(name) is { } member ? Text(member.Value, $"{key}.{name}") : null;

    /// <summary>A value as text; <see langword="null"/> where it is none, which is told.</summary>
    public string? Text(JsonTextNode node, string key)
    {
        if (node.Text is { } value)
        {
            return value;
        }

        Error(node, $"{key} has to be a text");
        return null;
    }

    /// <summary>
    /// The address of a member; <see langword="null"/> where it is missing, or is neither https nor http on this machine, which is told.
    /// </summary>
    public Uri? Address(JsonTextNode node, string name, string key)
    {
        if (node.Find(name) is not { } member || Text(member.Value, $"{key}.{name}") is not { } text)
        {
            return null;
        }

        if (
            Uri.TryCreate(text, UriKind.Absolute, out var address)
            && (address.Scheme == Uri.UriSchemeHttps || (address.Scheme == Uri.UriSchemeHttp && address.IsLoopback))
        )
        {
            return address;
        }

        Error(member.Value, $"{key}.{name} has to be an https address, or an http address of this machine");
        return null;
    }

    /// <summary>
    /// The texts of a member, such as the words of a command; none where it is missing, or is no such list, which is told.
    /// </summary>
    public List<string> Texts(JsonTextNode node, string name, string key)
    {
        if (node.Find(name)?.Value is not { } list)
        {
            return [];
        }

        if (
            list.Kind != JsonValueKind.Array
            || list.Items.Any(static item => item.Kind != JsonValueKind.String)
            || (list.Items.Length > 0 && string.IsNullOrWhiteSpace(list.Items[0].Text))
        )
        {
            Error(list, $"{key}.{name} has to be a list of texts, one for each argument: no shell takes it apart");
            return [];
        }

        return list.Items.Select(static item => item.Text!).ToList();
    }

    /// <summary>
    /// The number of a member; <see langword="null"/> where it is missing, or is none from <paramref name="least"/> to
    /// <paramref name="most"/>, which is told.
    /// </summary>
    public double? Number(JsonTextNode node, string name, string key, double least, double most, bool whole)
    {
        if (node.Find(name)?.Value is not { } value)
        {
            return null;
        }

        if (value.Number is { } number && number >= least && number <= most && (!whole || number == Math.Truncate(number)))
        {
            return number;
        }

        Error(value, $"{key}.{name} is {value.Raw} and must be a {(whole ? "whole " : "")}number from {least} to {most}");
        return null;
    }

    /// <summary>
    /// The truth of a member; <see langword="null"/> where it is missing, or is neither <c>true</c> nor <c>false</c>, which is told.
    /// </summary>
    public bool? Flag(JsonTextNode node, string name, string key)
    {
        if (node.Find(name)?.Value is not { } value)
        {
            return null;
        }

        if (value.Boolean is null)
        {
            Error(value, $"{key}.{name} is {value.Raw} and must be true or false");
        }

        return value.Boolean;
    }

    /// <summary>
    /// What the word at <paramref name="value"/> stands for; <see langword="null"/> where it is none of those that there are, which is
    /// told.
    /// </summary>
    public T? Word<T>(JsonTextNode value, string key, IReadOnlyDictionary<string, T> words)
        where T : struct
    {
        if (value.Text is { } text && words.TryGetValue(text, out var known))
        {
            return known;
        }

        var nearest = value.Text is { } word ? NearestName.Find(word, words.Keys) : null;
        Error(
            value,
            $"{key} is {value.Raw} and must be {string.Join(", ", words.Keys.SkipLast(1))} or "
                + $"{words.Keys.Last()}{(nearest is null ? "" : $"; '{nearest}' is nearest")}"
        );
        return null;
    }

    /// <summary>Whether a value is an object; where it is none, that is told with an example.</summary>
    public bool IsObject(JsonTextNode node, string key, string example)
    {
        if (node.Kind == JsonValueKind.Object)
        {
            return true;
        }

        Error(node, $"{key} has to be an object, such as {example}");
        return false;
    }

    /// <summary>Reports members that mean nothing here; they are ignored.</summary>
    public void CheckKeys(JsonTextNode node, IReadOnlyList<string> known, string where)
    {
        foreach (var member in node.Members)
        {
            if (!known.Contains(member.Name, StringComparer.Ordinal))
            {
                var nearest = NearestName.Find(member.Name, known);
                _diagnostics.Add(
                    text.DiagnosticAt(
                        DiagnosticSeverity.Warning,
                        member.NameSpan.Start,
                        $"{where} has an unknown key '{member.Name}', which is passed "
                            + $"over{(nearest is null ? "" : $"; '{nearest}' is nearest")}; known keys: {string.Join(", ", known)}"
                    )
                );
            }
        }
    }

    /// <summary>
    /// Reports a name that cannot be one: it has 1 to 64 characters that can be printed, no space at its ends, and is not among
    /// <paramref name="names"/>.
    /// </summary>
    /// <param name="place">Where it stands.</param>
    /// <param name="name">The name.</param>
    /// <param name="key">What it is the name of, for messages.</param>
    /// <param name="names">Those that are taken; it is added.</param>
    public void CheckName(JsonTextNode place, string name, string key, HashSet<string> names)
    {
        if (name.Length is 0 or > MaxNameLength || name.Any(char.IsControl) || name.Trim() != name)
        {
            Error(place, $"{key} needs a name of 1 to {MaxNameLength} characters in one line, without spaces at its ends");
        }
        else if (!names.Add(name))
        {
            Error(place, $"{key}: the name '{name}' is there already; give each one its own");
        }
    }

    /// <summary>The line that a value begins in, counted from 1.</summary>
    public int Line(JsonTextNode node) => text.GetPosition(node.Span.Start).Line;

    /// <summary>Reports an error at a value.</summary>
    public void Error(JsonTextNode node, string message) =>
        _diagnostics.Add(text.DiagnosticAt(DiagnosticSeverity.Error, node.Span.Start, message));
}
