using LoopOrchestrator.Core.Runs;
using LoopOrchestrator.Core.Storage.Sqlite.Stores;
using LoopOrchestrator.Testing;
using Microsoft.Data.Sqlite;

namespace LoopOrchestrator.Core.Tests.Runs;

/// <summary>The queue is asked each time that a run ends, so that must cost the same however many runs wait.</summary>
public sealed class RunQueueTests : IDisposable
{
    private readonly TestWorkspace _test = new();

    public void Dispose() => _test.Dispose();

    [Fact]
    public async Task Queue_Order_IsThatOfItsIndex()
    {
        await _test.Workspace.Runs.RequestAsync(new RunRequest("code", "work"), TestContext.Current.CancellationToken);
        using var connection = new SqliteConnection($"Data Source={_test.Paths.Database};Pooling=False");
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText =
            $"EXPLAIN QUERY PLAN SELECT * FROM {QueueRows.Queue} WHERE state = 'queued' ORDER BY {QueueRows.StartOrder} LIMIT 1";
        using var reader = command.ExecuteReader();
        var plan = new List<string>();
        while (reader.Read())
        {
            plan.Add(reader.GetString(3));
        }

        plan.Should().ContainSingle("nothing is sorted").Which.Should().Contain("runs_queue");
    }
}
