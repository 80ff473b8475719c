using System.Text.Json.Nodes;

namespace LoopOrchestrator.Mcp.Tests.Files;

/// <summary>One write to one of the four files, with a word in it by which its effect is found again.</summary>
/// <param name="Tool">The tool to call.</param>
/// <param name="Arguments">Its arguments.</param>
/// <param name="Effect">What has to be found exactly once afterwards; see <see cref="FileEffects"/>.</param>
internal sealed record MixedWrite(string Tool, JsonObject Arguments, string Effect)
{
    /// <summary>
    /// The write that a writer makes as its <paramref name="number"/>th: of 20, two intervals are started, two stopped, memory entries and
    /// items
    /// of the plan are added, one or two of each, a schedule now and then, and the rest are intervals recorded whole.
    /// </summary>
    /// <param name="writer">The writer; no two have the same.</param>
    /// <param name="number">Counts from 0.</param>
    /// <param name="pairs">
    /// Whether a start is stopped by the write after it, which needs that start's answer first; else the interval stays open, and the files
    /// that are written whole get more of the writes.
    /// </param>
    public static MixedWrite Create(int writer, int number, bool pairs)
    {
        var word = $"effect-{writer}-{number}-end";
        return (number % 20) switch
        {
            0 or 10 => Start(word),
            1 or 11 => pairs ? Stop($"effect-{writer}-{number - 1}-end") : Start(word),
            4 or 14 when !pairs || number % 20 == 4 => new(
                "append_memory",
                new JsonObject { ["section"] = "updates", ["content"] = $"Seen by {word}.\n# And a second line." },
                $"memory {word}"
            ),
            7 or 17 when !pairs || number % 20 == 7 => new(
                "update_todo",
                new JsonObject { ["action"] = "add", ["text"] = $"Look at {word}" },
                $"todo {word}"
            ),
            12 when !pairs || number % 100 == 12 => new(
                "save_schedule",
                new JsonObject
                {
                    ["name"] = word,
                    ["mode"] = "code",
                    ["task"] = "Nothing yet",
                    ["interval"] = "10 minutes",
                    ["active"] = false,
                },
                $"schedule {word}"
            ),
            _ => new(
                "log_timing",
                new JsonObject
                {
                    ["action"] = "record",
                    ["task"] = word,
                    ["mode"] = "code",
                    ["start_time"] = "2026-03-02T10:00:00Z",
                    ["end_time"] = "2026-03-02T10:05:00Z",
                },
                $"interval {word}"
            ),
        };
    }

    private static MixedWrite Start(string word) =>
        new(
            "log_timing",
            new JsonObject
            {
                ["action"] = "start",
                ["task"] = word,
                ["mode"] = "code",
                ["task_id"] = word,
            },
            $"start {word}"
        );

    private static MixedWrite Stop(string word) =>
        new("log_timing", new JsonObject { ["action"] = "stop", ["task_id"] = word }, $"stop {word}");
}
