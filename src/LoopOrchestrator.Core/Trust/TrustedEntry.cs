using System.Globalization;
using System.Text;
using System.Text.Json.Serialization;
using LoopOrchestrator.Core.Secrets;
using LoopOrchestrator.Core.Text;

namespace LoopOrchestrator.Core.Trust;

/// <summary>
/// One thing that trust is about: a command that could be executed, an address that would be called, or a permission. It is known by its
/// kind and place; its digest covers all of it, its text only what a person reads.
/// </summary>
public sealed record TrustedEntry
{
    /// <summary>The name of the agent that starts nothing: whoever has it needs no trust.</summary>
    internal const string NoProgram = "handoff";

    private const int MaxTextLength = 300;

    /// <summary>What it is.</summary>
    public required TrustedKind Kind { get; init; }

    /// <summary>Where it stands, such as <c>mcp_startup.json: agents.claude</c>.</summary>
    public required string Place { get; init; }

    /// <summary>What it is in words, without values of variables; before a person sees it, <see cref="ForPeople"/> cuts it.</summary>
    public required string Text { get; init; }

    /// <summary>SHA-256 over everything that counts, place included.</summary>
    public required string Digest { get; init; }

    /// <summary>The groups of a mode, or the name of an agent; <see langword="null"/> for commands and addresses.</summary>
    public IReadOnlyList<string>? Values { get; init; }

    /// <summary>What a mode may do by this program itself, without any word of the user.</summary>
    [JsonIgnore]
    public IReadOnlyList<string>? Always { get; init; }

    /// <summary>Whether it follows from something else in the list, and is therefore not in it.</summary>
    [JsonIgnore]
    public bool IsImplied { get; init; }

    /// <summary>Of the entry that says which guards there are: these; it is never in a list.</summary>
    [JsonIgnore]
    public TrustedGuards? Guards { get; init; }

    /// <summary>Whether it comes from a file that is read once, at the start of a process.</summary>
    [JsonIgnore]
    internal bool IsFixed =>
        Kind is not (TrustedKind.OnlyIf or TrustedKind.ModeGroups) && !(Kind == TrustedKind.CommitGate && Guards is not null);

    /// <summary>A command.</summary>
    /// <param name="kind">What it is.</param>
    /// <param name="place">Where it stands.</param>
    /// <param name="command">The program and its arguments.</param>
    /// <param name="exitCode">The exit code that means success.</param>
    public static TrustedEntry OfCommand(TrustedKind kind, string place, IReadOnlyList<string> command, int exitCode = 0)
    {
        ArgumentNullException.ThrowIfNull(command);
        return Create(kind, place, Words(command), [.. command, exitCode.ToString(CultureInfo.InvariantCulture)]);
    }

    /// <summary>Which agent something has.</summary>
    public static TrustedEntry OfAgentName(TrustedKind kind, string place, string agent) =>
        Create(kind, place, agent, [agent]) with
        {
            Values = [agent],
        };

    /// <summary>That no other guards stand here than these; see <see cref="TrustedGuards"/>.</summary>
    /// <param name="kind">What they are.</param>
    /// <param name="place">What they guard.</param>
    /// <param name="guards">Which there are.</param>
    public static TrustedEntry OfGuards(TrustedKind kind, string place, TrustedGuards guards)
    {
        ArgumentNullException.ThrowIfNull(guards);
        return Create(kind, place, "", ["guards", .. guards.Present.Order(StringComparer.Ordinal)]) with
        {
            Guards = guards,
            IsImplied = true,
        };
    }

    /// <summary>Anything else.</summary>
    /// <param name="kind">What it is.</param>
    /// <param name="place">Where it stands.</param>
    /// <param name="text">What a person reads.</param>
    /// <param name="parts">All that counts, in an order that is always the same; the number of parts counts as well.</param>
    public static TrustedEntry Create(TrustedKind kind, string place, string text, IReadOnlyList<string> parts)
    {
        ArgumentNullException.ThrowIfNull(parts);
        return new()
        {
            Kind = kind,
            Place = place,
            Text = text,
            Digest = TrustDigest.Of([kind.Name(), place, .. parts]),
        };
    }

    /// <summary>The same, with its text cut and without credentials.</summary>
    internal TrustedEntry ForPeople(Redactor redactor) =>
        this with
        {
            Text = TextCut.Head(redactor.Redact(Text), MaxTextLength).ToString(),
        };

    /// <summary>A program call as one would type it; never given to a shell.</summary>
    public static string Words(IEnumerable<string> words) =>
        string.Join(
            ' ',
            words.Select(static word =>
                word.Length == 0 || word.Any(static c => char.IsWhiteSpace(c) || char.IsControl(c) || c is '"' or '\'')
                    ? $"'{Visible(word).Replace("'", "'\\''", StringComparison.Ordinal)}'"
                    : word
            )
        );

    private static string Visible(string word)
    {
        var text = new StringBuilder(word.Length);
        foreach (var c in word)
        {
            _ = char.IsControl(c) ? text.Append(CultureInfo.InvariantCulture, $"\\u{(int)c:x4}") : text.Append(c);
        }

        return text.ToString();
    }
}
