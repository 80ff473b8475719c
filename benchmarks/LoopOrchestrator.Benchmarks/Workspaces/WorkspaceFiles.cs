using System.Text.Json.Nodes;

namespace LoopOrchestrator.Benchmarks.Workspaces;

/// <summary>Writes the files of a workspace that is to be measured.</summary>
internal static class WorkspaceFiles
{
    /// <summary>A mode that is built in; what it says does not matter to a program that reads nothing.</summary>
    public const string Mode = "validation-unit";

    /// <summary>Between the polite signal and the final one.</summary>
    public const int KillGraceSeconds = 1;

    /// <summary>The agent that only waits, until it is ended.</summary>
    public const string Waiting = "waiting";

    /// <summary>Configures an agent, a plain command, as the default, and one that waits.</summary>
    public static void WriteCommandAgent(string workspace, int concurrentRuns, params IEnumerable<string> command) =>
        File.WriteAllText(
            Path.Combine(workspace, "mcp_startup.json"),
            new JsonObject
            {
                ["defaultAgent"] = "nothing",
                ["agents"] = new JsonObject
                {
                    ["nothing"] = new JsonObject
                    {
                        ["kind"] = "command",
                        ["command"] = new JsonArray(command.Select(static part => (JsonNode)part).ToArray()),
                    },
                    [Waiting] = new JsonObject { ["kind"] = "command", ["command"] = new JsonArray("sleep", "3600") },
                },
                ["limits"] = new JsonObject
                {
                    ["concurrentRuns"] = concurrentRuns,
                    ["runsPerHour"] = 10_000,
                    ["queueLength"] = 10_000,
                    ["killGraceSeconds"] = KillGraceSeconds,
                },
            }.ToJsonString()
        );

    /// <summary>Writes <c>schedules.json</c> with one schedule for each cron expression.</summary>
    public static void WriteSchedules(string workspace, IEnumerable<string> crons) => WriteSchedules(workspace, crons.Select(Schedule));

    /// <summary>Cron expressions of schedules that are due half a day from now, each at another minute.</summary>
    public static IEnumerable<string> FarCrons(int count)
    {
        var hour = DateTimeOffset.UtcNow.AddHours(12).Hour;
        return Enumerable.Range(0, count).Select(index => $"{index % 60} {hour} * * *");
    }

    /// <summary>
    /// Writes schedules that together make up for a week, every five minutes: twelve of them, each once an hour, last run a week ago.
    /// </summary>
    public static void WriteWeek(string workspace) =>
        WriteSchedules(
            workspace,
            Enumerable
                .Range(0, 12)
                .Select(static index =>
                {
                    var schedule = Schedule($"{index * 5} * * * *", index);
                    schedule["misfire"] = "all";
                    schedule["misfireLimit"] = 7 * 24;
                    schedule["lastExecutionTime"] = DateTimeOffset.UtcNow.AddDays(-7).ToString("O");
                    return schedule;
                })
        );

    /// <summary>Configures that all work is handed to whoever comes for it, and that much of it may wait.</summary>
    public static void WriteHandOffs(string workspace) =>
        File.WriteAllText(Path.Combine(workspace, "mcp_startup.json"), """{ "limits": { "runsPerHour": 10000, "queueLength": 10000 } }""");

    /// <summary>Writes schedules that make up for each missed moment; a single one was last run that many seconds ago.</summary>
    public static void WriteBacklog(string workspace, int schedules, string cron, int seconds) =>
        WriteSchedules(
            workspace,
            Enumerable
                .Range(0, schedules)
                .Select(index =>
                {
                    var schedule = Schedule(cron, index);
                    schedule["misfire"] = "all";
                    schedule["misfireLimit"] = seconds;
                    schedule["lastExecutionTime"] = schedules == 1 ? DateTimeOffset.UtcNow.AddSeconds(-seconds).ToString("O") : null;
                    return schedule;
                })
        );

    private static void WriteSchedules(string workspace, IEnumerable<JsonObject> schedules) =>
        File.WriteAllText(
            Path.Combine(workspace, "schedules.json"),
            new JsonObject { ["schedules"] = new JsonArray([.. schedules]) }.ToJsonString()
        );

    private static JsonObject Schedule(string cron, int index) =>
        new()
        {
            ["id"] = $"bench-{index}",
            ["name"] = $"Bench {index}",
            ["mode"] = Mode,
            ["taskInstructions"] = "Nothing.",
            ["cron"] = cron,
            ["timeZone"] = "UTC",
        };

    /// <summary>Fills a folder with small files, the same number in each of its folders.</summary>
    public static void Fill(string folder, int files, int folders)
    {
        for (var index = 0; index < folders; index++)
        {
            // Nested, as in a folder of packages: a hundred at the top, the rest in those.
            var inner = Directory.CreateDirectory(Path.Combine(folder, $"package-{index % 100}", $"part-{index / 100}")).FullName;
            for (var file = index; file < files; file += folders)
            {
                File.WriteAllText(Path.Combine(inner, $"file-{file}.js"), "module.exports = 1;\n");
            }
        }
    }
}
