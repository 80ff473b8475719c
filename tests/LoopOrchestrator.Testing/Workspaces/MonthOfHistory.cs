using System.Collections.Concurrent;
using LoopOrchestrator.Core;
using LoopOrchestrator.Core.Agents.Supervision.Files;
using LoopOrchestrator.Core.Configuration;
using LoopOrchestrator.Core.Files;
using LoopOrchestrator.Core.Memory;
using LoopOrchestrator.Core.Runs;
using LoopOrchestrator.Core.Runs.Contracts;
using Microsoft.Extensions.Logging.Abstractions;

namespace LoopOrchestrator.Testing.Workspaces;

/// <summary>
/// A workspace with a history, as the product's own loop leaves it when its agents end as the seed says: schedules, runs, cycles with
/// reworks, an escalation, hand-offs that wait, the time log, the memory and a plan. The same seed, end and number of days give the same.
/// </summary>
internal sealed class MonthOfHistory
{
    /// <summary>The seed of the sample.</summary>
    public const int Seed = 20260302;

    private const string Configuration = """
        {
          "defaultAgent": "builder",
          "agents": {
            "builder": { "kind": "command", "command": ["sh", "-c", "true"] },
            "tests": { "kind": "command", "command": ["sh", "-c", "true"] }
          },
          "modes": {
            "validation-unit": { "agent": "tests" },
            "planning-priorities": { "agent": "handoff" }
          },
          "limits": { "maxAttempts": 1 },
          "workflows": {
            "release": {
              "stages": [
                { "stage": "implementation", "steps": [ { "mode": "implementation-features" } ],
                  "gates": [ { "command": ["sh", "-c", "test $(wc -l < notes.txt) -ge 2 || { echo 'need two lines'; exit 1; }"] } ] },
                { "stage": "validation", "gates": [ { "name": "unit tests", "command": ["npm", "test"] } ] }
              ]
            }
          }
        }

        """;

    private const string Schedules = """
        {
          "schedules": [
            { "id": "1767312000000", "name": "Unit tests of the night", "mode": "validation-unit", "taskInstructions": "Run the unit tests and report what fails.",
              "cron": "0 3 * * *", "timeZone": "UTC", "active": true },
            { "id": "1767312000001", "name": "单元测试与代码检查：每六小时一次", "mode": "validation-static", "taskInstructions": "静态检查：请逐项报告所有新的警告，并说明原因。",
              "timeInterval": "6", "timeUnit": "hour", "timeZone": "UTC", "active": true },
            { "id": "1767312000002", "name": "Performance of the implementation, measured and compared with the week before", "mode": "implementation-performance",
              "taskInstructions": "Measure the three slowest requests, compare them with the numbers of the week before, and write down what has changed and why.",
              "cron": "30 5 * * 1,4", "timeZone": "UTC", "active": true },
            { "id": "1767312000003", "name": "Deploy to the staging system", "mode": "integration-deploy", "taskInstructions": "Deploy the main branch to staging.",
              "cron": "0 18 * * *", "timeZone": "UTC", "active": true },
            { "id": "1767312000004", "name": "Feature cycle", "mode": "orchestrator", "workflow": "release", "taskInstructions": "Take the next item of the plan through the whole workflow, and leave the tree clean.",
              "cron": "15 9 * * *", "timeZone": "UTC", "active": true },
            { "id": "1767312000005", "name": "Choose the next step", "mode": "planning-priorities", "taskInstructions": "Read the plan and the memory and say what comes next.",
              "cron": "0 8 * * 1", "timeZone": "UTC", "active": true },
            { "id": "1767312000006", "name": "Old report", "mode": "ask", "taskInstructions": "Nothing any more.", "timeInterval": "1", "timeUnit": "day", "active": false }
          ]
        }

        """;

    private const string Plan = """
        # Plan

        ## Next

        - [ ] Read configuration from the environment, with a table of all variables and their defaults in the manual
        - [ ] 将所有错误信息翻译成中文，并检查表格的对齐
          - acceptance: every message has a translation
        - [ ] Cache the results of the search

        ## Done

        - [x] First release

        """;

    private static readonly TimeSpan Step = TimeSpan.FromHours(3);

    private readonly Random _random;
    private readonly JumpingTime _time;
    private readonly FakeSupervisors _supervisors;
    private readonly FakeEvidence _evidence = new();

    // Runs that are ready together are started side by side.
    private readonly ConcurrentQueue<SupervisorOrder> _started = new();
    private readonly WorkspacePaths _paths;

    private MonthOfHistory(string folder, DateTimeOffset start, int seed)
    {
        _random = new Random(seed);
        _time = new JumpingTime(start);
        _supervisors = new FakeSupervisors(_time) { OnLaunch = _started.Enqueue };
        _paths = new WorkspacePaths(folder);
    }

    /// <summary>Makes it in a folder, which is made where it is not there and has to be empty.</summary>
    /// <param name="folder">The folder.</param>
    /// <param name="days">How many days the history has.</param>
    /// <param name="end">When it ends.</param>
    /// <param name="seed">What decides how the agents' work ends.</param>
    /// <param name="cancellationToken">Ends the work.</param>
    public static async Task MakeAsync(string folder, int days, DateTimeOffset end, int seed, CancellationToken cancellationToken)
    {
        Directory.CreateDirectory(folder);
        if (Directory.EnumerateFileSystemEntries(folder).Any())
        {
            throw new IOException($"{folder} is not empty; name a folder that is, or is not there.");
        }

        await new MonthOfHistory(folder, end - TimeSpan.FromDays(days), seed).MakeAsync(end, cancellationToken);
    }

    private async Task MakeAsync(DateTimeOffset end, CancellationToken cancellationToken)
    {
        await File.WriteAllTextAsync(_paths.StartupFile, Configuration, cancellationToken);
        await File.WriteAllTextAsync(_paths.Schedules, Schedules, cancellationToken);
        await File.WriteAllTextAsync(_paths.Todo, Plan, cancellationToken);
        var configuration = ConfigurationReader
            .Read(await File.ReadAllBytesAsync(_paths.StartupFile, cancellationToken), "mcp_startup.json")
            .Configuration;

        // The word is for the making alone: whoever looks at the sample later gives theirs, or not.
        var record = Path.Combine(_paths.Root, ".loop", "no-record");
        using var workspace = new Workspace(
            _paths,
            configuration,
            new WorkspaceTrust(_paths.Root, "the sample is made", record),
            new OutsideWorld(_supervisors, new FakeNotices(), _evidence) { Chance = _random },
            _time,
            NullLoggerFactory.Instance
        );
        await RememberAsync(workspace, cancellationToken);
        while (_time.GetUtcNow() + Step <= end)
        {
            await PassAsync(workspace, cancellationToken);
            _time.Advance(Step);
            await PassAsync(workspace, cancellationToken);
            await WorkAsync(workspace, cancellationToken);
        }

        await AskAsync(workspace, cancellationToken);
        await PassAsync(workspace, cancellationToken);
    }

    private static async Task RememberAsync(Workspace workspace, CancellationToken cancellationToken)
    {
        foreach (
            var (section, text) in new[]
            {
                (
                    MemorySection.Patterns,
                    "Every message that a person reads goes through the catalogue of messages; a text in the code is a defect."
                ),
                (MemorySection.Commands, "dotnet test --filter-class '*Search*' runs the tests of the search in nine seconds."),
                (MemorySection.Updates, "测试环境已迁移到新的服务器；旧地址在三月底停用。"),
            }
        )
        {
            await workspace.Memory.AppendAsync(new MemoryAppend(section, text, "finding", "code"), cancellationToken);
        }
    }

    // What people ask for by hand at the end of the history: some of it waits when it is looked at.
    private async Task AskAsync(Workspace workspace, CancellationToken cancellationToken)
    {
        foreach (var task in (string[])["Explain why the search is slow on Mondays", "请检查翻译是否完整，并列出缺少的条目"])
        {
            await workspace.Runs.RequestAsync(new RunRequest("ask", task) { Agent = "handoff", QueuesHandOff = true }, cancellationToken);
            _time.Advance(TimeSpan.FromMinutes(2));
        }
    }

    // The agents work until none is left: a cycle begins its next step or gate when the one before has ended.
    private async Task WorkAsync(Workspace workspace, CancellationToken cancellationToken)
    {
        for (var round = 0; round < 40 && !_started.IsEmpty; round++)
        {
            for (var count = _started.Count; count > 0 && _started.TryDequeue(out var order); count--)
            {
                _time.Advance(TimeSpan.FromSeconds(_random.Next(20, 400)));
                End(order);
            }

            await PassAsync(workspace, cancellationToken);
        }
    }

    private void End(SupervisorOrder order)
    {
        var isGate = order.RunId.Length > RunId.Length;
        var isDeploy = order.Environment.GetValueOrDefault("LOOP_MODE_SLUG") == "integration-deploy";
        var exitCode =
            _random.NextDouble()
            < (
                isDeploy ? 0.75
                : isGate ? 0.35
                : 0.12
            )
                ? 1
                : 0;
        _evidence.Changes += isGate || exitCode != 0 ? 0 : 1;
        var printed =
            exitCode == 0 ? "all is well\n"
            : isGate ? "checking notes.txt\nneed two lines\n"
            : "error: 连接被拒绝 (connection refused) at staging.example.org:8443 after three tries with growing pauses in between\n";
        File.WriteAllText(_supervisors.OutputOf(order.RunId), printed);
        _supervisors.End(
            order.RunId,
            new SupervisorOutcome
            {
                End = SupervisorEnd.Exited,
                Reason = $"it ended with exit code {exitCode}",
                EndedAt = _time.GetUtcNow(),
                ExitCode = exitCode,
                OutputTail = printed,
                OutputBytes = printed.Length,
            }
        );
    }

    private static async Task PassAsync(Workspace workspace, CancellationToken cancellationToken)
    {
        for (var round = 0; round < 3; round++)
        {
            await workspace.Loop.RunPassAsync(cancellationToken);
            await workspace.CycleEngine.RunPassAsync(cancellationToken);
        }
    }
}
