using LoopOrchestrator.Core.Runs;
using LoopOrchestrator.Core.Runs.Contracts;
using LoopOrchestrator.Mcp.Tests.Pages;

namespace LoopOrchestrator.Mcp.Tests.Browser;

/// <summary>A workspace with something on each page: schedules, runs that ended in each way, and one that asks.</summary>
internal static class SampleWorkspace
{
    private const string Schedules = """
        { "schedules": [
          { "id": "nightly", "name": "Nightly checks", "mode": "code", "taskInstructions": "Run the checks.\n<script>alert(1)</script>",
            "scheduleType": "time", "timeInterval": "6", "timeUnit": "hour", "startDate": "2030-01-01", "active": true },
          { "id": "idle", "name": "Not now", "mode": "ask", "taskInstructions": "Look around.", "scheduleType": "time",
            "timeInterval": "1", "timeUnit": "day", "active": false }
        ] }
        """;

    /// <summary>Fills the workspace of a server and starts it.</summary>
    public static async Task FillAsync(PageServer server)
    {
        server.Files.Write("schedules.json", Schedules);
        await server.StartAsync();
        await EndAsync(server, "Mend the parser.", RunState.Succeeded, "The parser is mended.");
        await EndAsync(server, "Write <b>bold</b> & \"quoted\" things.", RunState.Failed, "It broke: 1 < 2.");
        await EndAsync(server, "Choose a colour.", RunState.NeedsInput, "I have to know more.", "Which colour is it to be?");
        await server.Workspace.Runs.RequestAsync(
            new RunRequest("code", "Wait for somebody.") { Agent = "handoff", QueuesHandOff = true },
            Token
        );
    }

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    /// <summary>Has a piece of work end.</summary>
    internal static async Task EndAsync(PageServer server, string task, RunState outcome, string summary, params string[] questions)
    {
        var runs = server.Workspace.Runs;
        var run = await runs.RequestAsync(new RunRequest("code", task) { Agent = "handoff", QueuesHandOff = true }, Token);
        var taken = (await runs.ClaimAsync(run.Id, mode: null, Token))!;
        await runs.CompleteAsync(
            taken.Id,
            new RunReport(outcome, summary, [], [], questions),
            leaseToken: taken.LeaseToken,
            cancellationToken: Token
        );
    }
}
