using System.Reflection;
using LoopOrchestrator.Core.Timing.Reports;
using LoopOrchestrator.Testing;
using LoopOrchestrator.Testing.Processes;
using Microsoft.Data.Sqlite;

namespace LoopOrchestrator.Mcp.Tests.EndToEnd;

/// <summary>
/// A server starts on what version 0.1.0 left: its database, its word of trust, its run folders, its time log, and a file that opened the
/// server.
/// </summary>
public sealed class UpgradeTests : IAsyncLifetime
{
    private const string Ended = "run-20260102-030405-00000001";
    private const string Queued = "run-20260102-030505-00000002";
    private const string Header = "timestamp\tmode\ttask_id\tstart_time\tend_time\tduration\ttask\tresult\tpriority";
    private readonly LoopWorkspace _loop = new();

    public async ValueTask InitializeAsync()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "The test's own record of trust is chosen by XDG_CONFIG_HOME.");
        _loop.AddCommand("worker", "mark", "starts");
        _loop.Limits["keepRowsDays"] = 3650;
        _loop.More["host"] = "0.0.0.0";
        _loop.More["tokenFile"] = "token";
        _loop.WriteConfiguration("worker");
        _loop.Files.Write("token", "0123456789abcdef");
        var nightly = LoopWorkspace.DueNow("nightly");
        nightly["timeInterval"] = "1";
        _loop.WriteSchedules(nightly);
        _loop.Files.Write(
            "task_timing.tsv",
            Header
                + "\n"
                + Row("2026-01-31T23:00:00.000Z", "a", "started")
                + Row("2026-02-01T00:30:00.000Z", "a", "completed")
                + Row("2026-02-03T00:00:00.000Z", "b", "started")
        );
        _loop.Files.Write($".loop/runs/{Ended}/output.log", "what it printed\n");
        await CreateDatabaseAsync();
        Directory.CreateDirectory(Path.Combine(_loop.ConfigurationFolder, "loop-orchestrator"));
        await File.WriteAllTextAsync(
            Path.Combine(_loop.ConfigurationFolder, "loop-orchestrator", "trusted-workspaces"),
            _loop.Root + "\n",
            TestContext.Current.CancellationToken
        );
    }

    public ValueTask DisposeAsync() => _loop.DisposeAsync();

    [Fact]
    public async Task Server_OnTheWorkspaceOfTheVersionBefore_KeepsWhatIsThereAndTellsWhatIsDifferent()
    {
        var server = await _loop.StartHttpAsync();
        var client = await _loop.ConnectAsync(server);

        server.Address!.Host.Should().Be("127.0.0.1");
        server.ErrorText.Should().Contain("host: warning").And.Contain("tokenFile: warning");
        var status = await client.CallAsync("get_status");
        status.GetProperty("trusted").GetBoolean().Should().BeTrue();
        status.TryGetProperty("held_back", out var held).Should().BeTrue();
        held.GetArrayLength().Should().Be(0, "what is there at the first start counts as seen");

        var runs = (await client.CallAsync("list_runs"))
            .GetProperty("runs")
            .EnumerateArray()
            .ToDictionary(static run => run.Text("run_id"), static run => run.Text("state"), StringComparer.Ordinal);
        runs.Should().HaveCount(4).And.Contain(Ended, "succeeded").And.Contain(Queued, "queued");
        (await client.CallAsync("get_run", ("run_id", Ended))).GetRawText().Should().Contain("what it printed");
        var schedule = (await client.CallAsync("list_schedules")).GetProperty("schedules").EnumerateArray().Single();
        schedule.GetRawText().Should().Contain("on holiday");
        _loop.Marks("starts").Should().Be(0, "a schedule that was paused stays paused");

        await Eventually.TrueAsync("months that are over have files", () => File.Exists(_loop.FullPath("timing/task_timing-2026-02.tsv")));
        _loop.Files.Read("timing/task_timing-2026-01.tsv").Should().Be(Header + "\n" + Row("2026-01-31T23:00:00.000Z", "a", "started"));
        TimingLogReader
            .Read(_loop.Files.Paths)
            .Entries.Where(static row => row.TaskId is "a" or "b")
            .Should()
            .HaveCount(3, "they are read as before");

        (await PragmaAsync("user_version")).Should().Be(11);
        (await PragmaAsync("application_id")).Should().Be(0x4C6F4F72);
        var told = await ServerProcess.RunAsync(
            new ServerStart(_loop.Root, "status")
            {
                Environment = new Dictionary<string, string>(StringComparer.Ordinal) { ["XDG_CONFIG_HOME"] = _loop.ConfigurationFolder },
            }
        );
        told.Output.Should().Contain("kept no list");
    }

    [Fact]
    public async Task Program_OnADatabaseOfANewerVersion_RefusesItByName()
    {
        await ExecuteAsync("PRAGMA user_version = 12; PRAGMA application_id = 0x4C6F4F72");

        var result = await ServerProcess.RunAsync(new ServerStart(_loop.Root, "runs", "list"));

        result.ExitCode.Should().Be(1);
        result.Error.Should().Contain("state.db has schema version 12 and this program knows 11").And.Contain("newer version");
        (await PragmaAsync("user_version")).Should().Be(12);
    }

    private static string Row(string moment, string id, string state) =>
        $"{moment}\tcode\t{id}\t{moment}\t\t\tsome work\t{state}\tnormal\n";

    private async Task CreateDatabaseAsync()
    {
        var root = typeof(UpgradeTests)
            .Assembly.GetCustomAttributes<AssemblyMetadataAttribute>()
            .Single(static attribute => attribute.Key == "RepositoryRoot")
            .Value!;
        var released = Path.Combine(
            root,
            "tests",
            "LoopOrchestrator.Core.Tests",
            "Storage",
            "Sqlite",
            "Database",
            "Released",
            "schema-6.sql"
        );
        await ExecuteAsync(await File.ReadAllTextAsync(released, TestContext.Current.CancellationToken));
    }

    private async Task ExecuteAsync(string sql)
    {
        await using var connection = await OpenAsync();
        await using var command = new SqliteCommand(sql, connection);
        await command.ExecuteNonQueryAsync(TestContext.Current.CancellationToken);
    }

    private async Task<long> PragmaAsync(string name)
    {
        await using var connection = await OpenAsync();
        await using var command = new SqliteCommand($"PRAGMA {name}", connection);
        return (long)(await command.ExecuteScalarAsync(TestContext.Current.CancellationToken))!;
    }

    private async Task<SqliteConnection> OpenAsync()
    {
        var connection = new SqliteConnection($"Data Source={_loop.Files.Paths.Database};Pooling=False");
        await connection.OpenAsync(TestContext.Current.CancellationToken);
        return connection;
    }
}
