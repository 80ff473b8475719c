using System.Text.Json;
using System.Text.Json.Nodes;
using LoopOrchestrator.Mcp.Tests.Cli;
using LoopOrchestrator.Testing.Processes;

namespace LoopOrchestrator.Mcp.Tests.EndToEnd;

/// <summary>Each preset's whole path: its call, its events in its own dialect, its way back, and what is kept of it.</summary>
public sealed class PresetDoorTests : IAsyncLifetime
{
    // Put together here, so that no file holds anything that looks real.
    private static readonly string Token = "ghp_" + string.Concat(Enumerable.Repeat("aB3dE5", 6));

    private static readonly string[] WithEvents = ["claude", "codex", "opencode", "gemini", "cline", "copilot", "qwen", "kilo"];
    private readonly LoopWorkspace _workspace = new();

    public ValueTask InitializeAsync()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Processes are counted in /proc.");
        return ValueTask.CompletedTask;
    }

    public ValueTask DisposeAsync() => _workspace.DisposeAsync();

    [Fact]
    public async Task EveryDialect_WholeTurn_IsKeptWithTheRun()
    {
        var runs = await EndsAsync(WithEvents, static preset =>
            [
                "way",
                "say",
                preset,
                "begin",
                "",
                "say",
                preset,
                "denied",
                "",
                "print",
                "no event at all",
                "say",
                preset,
                "success",
                "This is what I did.",
            ]
        );

        foreach (var (preset, run) in runs)
        {
            run.Text("state").Should().Be("succeeded", preset);
            run.Text("summary").Should().Be("This is what I did.", preset);
            run.GetProperty("input_tokens").GetInt64().Should().Be(40, preset);
            run.GetProperty("output_tokens").GetInt64().Should().Be(5, preset);
            run.GetProperty("cached_tokens").GetInt64().Should().Be(30, preset);
            run.Text("session_id").Should().MatchRegex(preset is "claude" or "copilot" ? "^[0-9a-f-]{36}$" : $"^{preset}-session$", preset);
            Cost(run).Should().Be(preset is "claude" or "opencode" or "kilo" or "cline" ? 0.0421 : null, preset);
            Denied(run)
                .Should()
                .Be(
                    preset switch
                    {
                        "claude" => "Bash",
                        "qwen" => "edit",
                        "gemini" => "shell-1",
                        "copilot" => "denied-by-rules",
                        _ => "",
                    },
                    preset
                );
            run.TryGetProperty("usage_limit", out _).Should().BeFalse(preset);
            run.Text("output_tail").Should().Contain("no event at all", preset);
            var read = await CommandLineHere.RunAsync("--workspace", _workspace.Root, "runs", "log", run.Text("run_id"));
            read.Output.Should().Contain("no event at all\n", preset).And.Contain("assistant  This is what I did.\n", preset);
            read.Output.Should().NotMatchRegex("(?m)^[{]", preset);
            WayBack(run)
                .Should()
                .Contain(ProductExecutable.Path, preset)
                .And.Contain("LOOP_RUN_TOKEN", preset)
                .And.Be(WayBack(runs["codex"]), preset);
        }

        var raw = await CommandLineHere.RunAsync("--workspace", _workspace.Root, "runs", "log", runs["codex"].Text("run_id"), "--raw");
        raw.Output.Should().Contain("no event at all\n").And.MatchRegex("(?m)^[{].*This is what I did");
    }

    // One that sends a result, and one that sends none.
    [Fact]
    public Task Dialect_Error_FailsTheRun() => FailAsync("codex", "opencode");

    [Fact(Explicit = true)]
    [Trait("kind", "soak")]
    public Task EveryDialect_Error_FailsTheRun() => FailAsync(WithEvents);

    private async Task FailAsync(params string[] presets)
    {
        var runs = await EndsAsync(presets, static preset => ["way", "say", preset, "begin", "", "say", preset, "error", "I could not."]);

        foreach (var (preset, run) in runs)
        {
            run.Text("state").Should().Be("failed", preset);
            run.Text("summary").Should().Be("I could not.", preset);
            run.Text("reason")
                .Should()
                .Contain(preset is "opencode" or "kilo" ? "the last that it told was an error" : "its result says that it failed", preset);
        }
    }

    // Claude's is in AgentDoorTests.
    [Fact]
    public Task DialectWithAResult_HangAfterIt_IsEndedAndStands() => HangAsync("codex", "gemini");

    // OpenCode and Kilo send no result; their process ends when they are done.
    [Fact(Explicit = true)]
    [Trait("kind", "soak")]
    public Task EveryDialectWithAResult_HangAfterIt_IsEndedAndStands() =>
        HangAsync([.. WithEvents.Except(["opencode", "kilo"], StringComparer.Ordinal)]);

    private async Task HangAsync(params string[] presets)
    {
        var runs = await EndsAsync(presets, static preset => ["say", preset, "begin", "", "say", preset, "success", "Done.", "hang"]);

        foreach (var (preset, run) in runs)
        {
            run.Text("state").Should().Be("succeeded", preset);
            run.Text("reason").Should().Contain("gave its result but did not end", preset);
            LoopWorkspace.Workers(run.Text("run_id")).Should().BeEmpty(preset);
        }
    }

    // The others find the same: EveryDialect_WholeTurn_IsKeptWithTheRun.
    [Fact]
    public Task WayBack_IsFound_AndTheReportStands() => ReportAsync("codex", "own");

    [Fact(Explicit = true)]
    [Trait("kind", "soak")]
    public Task EveryWayBack_IsFound_AndTheReportStands() => ReportAsync([.. WithEvents, "own"]);

    private async Task ReportAsync(params string[] presets)
    {
        var runs = await EndsAsync(presets, static preset => ["way", "report", "succeeded", "I say so myself", "exit", "3"]);

        foreach (var (preset, run) in runs)
        {
            run.Text("state").Should().Be("succeeded", "{0} printed {1}", preset, run.Text("output_tail"));
            run.Text("summary").Should().Be("I say so myself", preset);
            WayBack(run).Should().Be(WayBack(runs[presets[0]]), preset);
        }
    }

    [Fact]
    public async Task Aider_WithoutEvents_IsJudgedByItsExitCode()
    {
        var runs = await EndsAsync(["aider"], static _ =>
            ["print", """{"type":"result","is_error":true,"result":"not an event here"}""", "stdin"]
        );

        runs["aider"].Text("state").Should().Be("succeeded");
        runs["aider"].Text("output_tail").Should().Contain("stdin E3B0C442", "its input is empty: the brief is a file");
    }

    [Fact]
    public async Task UsageLimit_IsToldWithItsReset_AndNotForARunThatSucceeded()
    {
        var runs = await EndsAsync(
            ["claude", "copilot", "opencode"],
            static preset => ["say", preset, "begin", "", "say", preset, "limited", "", "say", preset, "error", "No more.", "exit", "1"],
            areToWait: true
        );

        runs["claude"].Text("usage_limit").Should().Be("five_hour");
        runs["claude"].GetProperty("usage_limit_until").GetDateTimeOffset().Should().Be(DateTimeOffset.FromUnixTimeSeconds(1893456000));
        runs["claude"].Text("reason").Should().Contain("until 2030-01-01T00:00:00Z");
        runs["copilot"].Text("usage_limit").Should().Be("rate_limit");
        runs["copilot"].TryGetProperty("usage_limit_until", out _).Should().BeFalse();
        runs["opencode"].Text("usage_limit").Should().Be("rate_limit");
        runs["opencode"].Text("reason").Should().Contain("it goes on at").And.Contain("its agent did not say when the limit ends");
    }

    [Fact]
    public async Task Environment_IsByTheList_AndCredentialsAreNowhereInWhatIsKept()
    {
        const string secret = "correct-horse-battery";
        foreach (var name in new[] { "OPENAI_API_KEY", "ANTHROPIC_API_KEY", "MY_PASSWORD", "UNRELATED", "LOOP_TOOLSETS" })
        {
            _workspace.Variables[name] = name == "LOOP_TOOLSETS" ? "default" : $"{secret}-{name}";
        }

        string[] script =
        [
            "env",
            "OPENAI_API_KEY",
            "env",
            "ANTHROPIC_API_KEY",
            "env",
            "MY_PASSWORD",
            "env",
            "UNRELATED",
            "env",
            "LOOP_TOOLSETS",
            "env",
            "SET_HERE",
            "print",
            $"token {Token}",
            "report",
            "succeeded",
            $"pushed with {Token}",
        ];
        _workspace.AddCli("agent", "codex", script);
        _workspace.SetEnvironment("agent", ["MY_*", "LOOP_*"], new JsonObject { ["SET_HERE"] = "yes" });
        _workspace.WriteConfiguration();
        var (server, client) = await _workspace.ServeAsync();

        var run = await client.EndOfRunAsync(await client.StartRunAsync("agent"));

        var output = run.Text("output_tail");
        output
            .Should()
            .Contain(
                "OPENAI_API_KEY=[redacted:OPENAI_API_KEY]\nANTHROPIC_API_KEY=\nMY_PASSWORD=[redacted:MY_PASSWORD]\n"
                    + "UNRELATED=\nLOOP_TOOLSETS=\nSET_HERE=yes\ntoken [redacted:github-token]\n"
            );
        run.Text("summary").Should().Be("pushed with [redacted:github-token]");
        await client.CallAsync(
            "append_memory",
            ("section", "updates"),
            ("content", $"The token is {Token}, the password {secret}-MY_PASSWORD.")
        );
        _workspace
            .Files.Read("persistent-memory.md")
            .Should()
            .Contain("The token is [redacted:github-token], the password [redacted:MY_PASSWORD].");
        foreach (
            var file in Directory
                .EnumerateFiles(_workspace.Root, "*", SearchOption.AllDirectories)
                .Where(static file => Path.GetFileName(file) != "mcp_startup.json" && !file.EndsWith(".lock", StringComparison.Ordinal))
        )
        {
            var text = await ReadAsync(file);
            text.Should().NotContain(secret, file);
            (file.EndsWith("order.json", StringComparison.Ordinal) || !text.Contains(Token, StringComparison.Ordinal))
                .Should()
                .BeTrue("only the configured command line itself names it, not {0}", file);
        }

        server.ErrorText.Should().NotContain(secret).And.NotContain(Token);
    }

    private async Task<Dictionary<string, JsonElement>> EndsAsync(
        IReadOnlyList<string> presets,
        Func<string, string[]> script,
        bool areToWait = false
    )
    {
        foreach (var preset in presets)
        {
            _workspace.AddCli(preset, preset == "own" ? null : preset, script(preset));
        }

        _workspace.WriteConfiguration();
        var client = await _workspace.ServeHereAsync();
        var ids = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var preset in presets)
        {
            ids[preset] = await client.StartRunAsync(preset, ("timeout_seconds", 600));
        }

        var ends = new Dictionary<string, JsonElement>(StringComparer.Ordinal);
        foreach (var (preset, id) in ids)
        {
            ends[preset] = areToWait ? await client.QueuedAgainAsync(id) : await client.EndOfRunAsync(id);
        }

        return ends;
    }

    // The server that its program has found, wherever it looks for it.
    private static string WayBack(JsonElement run) =>
        run.Text("output_tail")
            .Split('\n')
            .Single(static line => line.StartsWith("way: ", StringComparison.Ordinal))
            .Replace(run.Text("run_id"), "its own run", StringComparison.Ordinal);

    private static double? Cost(JsonElement run) => run.TryGetProperty("cost_usd", out var cost) ? cost.GetDouble() : null;

    private static string Denied(JsonElement run) => run.TryGetProperty("denied_permissions", out _) ? run.Lines("denied_permissions") : "";

    private static async Task<string> ReadAsync(string file)
    {
        await using var stream = new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        using var reader = new StreamReader(stream);
        return await reader.ReadToEndAsync(TestContext.Current.CancellationToken);
    }
}
