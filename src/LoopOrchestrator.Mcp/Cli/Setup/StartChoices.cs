using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;

namespace LoopOrchestrator.Mcp.Cli.Setup;

/// <summary>What a workspace begins with, where its files are missing.</summary>
/// <param name="Agent">Who does the work: <see cref="HandOff"/>, or the name of a known agent program.</param>
/// <param name="Every">How often the first schedule fires, as in <c>30 minutes</c>; <see cref="Off"/> where it does not by itself.</param>
/// <param name="IgnoresState">Whether <c>.gitignore</c> gets a line for <c>.loop</c>.</param>
/// <param name="Trusts">Whether the programs of the workspace may be started.</param>
internal sealed partial record StartChoices(string Agent, string Every, bool IgnoresState, bool Trusts)
{
    /// <summary>The agent of a connected client does the work.</summary>
    public const string HandOff = "handoff";

    /// <summary>The first schedule does not fire by itself.</summary>
    public const string Off = "off";

    private const string FirstTask =
        "Read TODO.md, persistent-memory.md and the latest commits. Say which open item is worth doing next and why, "
        + "and what would show that it is done. Where there is no plan yet, draft one.";

    private static readonly string[] Ignored = [".loop", ".loop/", "/.loop", "/.loop/"];

    /// <summary>What is taken where nobody says anything.</summary>
    public static StartChoices Default { get; } = new(HandOff, Off, IgnoresState: false, Trusts: false);

    /// <summary><c>mcp_startup.json</c>.</summary>
    public string StartupFile =>
        Agent == HandOff
            ? """
                {
                  "defaultAgent": "handoff"
                }

                """
            : $$"""
                {
                  "defaultAgent": "{{Agent}}",
                  "agents": { "{{Agent}}": { "kind": "cli", "preset": "{{Agent}}" } }
                }

                """;

    /// <summary>
    /// <c>schedules.json</c>: Roo Scheduler's format, with the fields that matter here; inactive unless somebody has said how often.
    /// </summary>
    public string Schedules
    {
        get
        {
            var (count, unit) = Interval(Every) ?? (10, "minute");
            return string.Create(
                CultureInfo.InvariantCulture,
                $$"""
                {
                  "schedules": [
                    {
                      "id": "next-step",
                      "name": "Choose the next step",
                      "mode": "planning-priorities",
                      "taskInstructions": "{{FirstTask}}",
                      "scheduleType": "time",
                      "timeInterval": "{{count}}",
                      "timeUnit": "{{unit}}",
                      "active": {{(Every == Off ? "false" : "true")}},
                      "taskInteraction": "wait"
                    }
                  ]
                }

                """
            );
        }
    }

    /// <summary>Says what is wrong with an interval; <see langword="null"/> for nothing.</summary>
    public static string? RefuseInterval(string text) =>
        text == Off || Interval(text) is not null
            ? null
            : $"'{text}' is no interval: write it as in '30 minutes', '6 hours' or '1 day', or {Off}.";

    /// <summary>Whether a file says of itself that it is UTF-16.</summary>
    public static bool IsUtf16(ReadOnlySpan<byte> file) => file is [0xFF, 0xFE, ..] or [0xFE, 0xFF, ..];

    /// <summary>
    /// A <c>.gitignore</c> with a line for <c>.loop</c> behind its bytes, which are in whatever encoding the names of files are in;
    /// <see langword="null"/> where it has one.
    /// </summary>
    public static byte[]? WithIgnored(byte[] file)
    {
        // A character for each byte: what is looked for is the same in all encodings of such files.
        var text = Encoding.Latin1.GetString(file.AsSpan().StartsWith(Encoding.UTF8.Preamble) ? file.AsSpan(3) : file);
        var lines = text.Split('\n').Select(static line => line.Trim(' ', '\t', '\r'));
        var newLine = text.Contains("\r\n", StringComparison.Ordinal) ? "\r\n" : "\n";
        return lines.Any(static line => Ignored.Contains(line, StringComparer.Ordinal))
            ? null
            : [.. file, .. Encoding.ASCII.GetBytes($"{(text.Length == 0 || text.EndsWith('\n') ? "" : newLine)}/.loop/{newLine}")];
    }

    private static (int Count, string Unit)? Interval(string text) =>
        Form().Match(text) is { Success: true } match
        && int.Parse(match.Groups["count"].ValueSpan, CultureInfo.InvariantCulture) is > 0 and var count
            ? (count, match.Groups["unit"].Value)
            : null;

    [GeneratedRegex(@"\A(?<count>[0-9]{1,4}) ?(?<unit>minute|hour|day)s?\z", RegexOptions.CultureInvariant | RegexOptions.NonBacktracking)]
    private static partial Regex Form();
}
