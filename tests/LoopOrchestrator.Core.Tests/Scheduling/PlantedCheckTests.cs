using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using LoopOrchestrator.Core.Agents.Supervision.Files;
using LoopOrchestrator.Core.Runs.Stores;
using LoopOrchestrator.Core.Scheduling.Ledger;
using LoopOrchestrator.Core.Tests.Agents;
using LoopOrchestrator.Testing;

namespace LoopOrchestrator.Core.Tests.Scheduling;

/// <summary>Answers of <c>onlyIf</c> checks that no check gave.</summary>
public sealed class PlantedCheckTests : IDisposable
{
    private readonly TestWorkspace _test = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose() => _test.Dispose();

    [Fact]
    public async Task Due_AnswerWasPreparedWhereItCanBeGuessed_IsAskedAllTheSame()
    {
        var schedule = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes("s")))[..16];
        for (var attempt = 1; attempt <= 3; attempt++)
        {
            Plant(string.Create(CultureInfo.InvariantCulture, $"{schedule}-{_test.Now.ToUnixTimeMilliseconds()}-{attempt}"));
        }

        _test.WriteSchedules(TestWorkspace.Every(10, more: "\"onlyIf\":[\"sh\",\"-c\",\"false\"]"));
        _test.Supervisors.OnLaunch = order => _test.Supervisors.End(order.RunId, exitCode: 1);
        await _test.RunPassAsync();
        await _test.RunPassAsync();

        _test.Supervisors.Orders.Should().ContainSingle();
        (await _test.Workspace.Schedules.Ledger.HistoryAsync("s", 10, Token))
            .Should()
            .ContainSingle()
            .Which.Outcome.Should()
            .Be(OccurrenceOutcome.Skipped);
    }

    [Fact]
    public async Task CheckGoesOn_AnswerInItsFolder_IsNotTaken()
    {
        _test.WriteSchedules(TestWorkspace.Every(10, more: "\"onlyIf\":[\"sh\",\"-c\",\"false\"]"));
        await _test.RunPassAsync();
        var check = _test.Supervisors.Orders.Should().ContainSingle().Which.RunId;
        _test.Supervisors.ComeUp(check);
        Plant(check);
        await _test.RunPassAsync();
        (await _test.Workspace.Runs.ListAsync(new RunFilter(), Token)).Should().BeEmpty();

        _test.Supervisors.End(check, exitCode: 1);
        await _test.RunPassAsync();

        (await _test.Workspace.Schedules.Ledger.HistoryAsync("s", 10, Token))
            .Should()
            .ContainSingle()
            .Which.Outcome.Should()
            .Be(OccurrenceOutcome.Skipped);
    }

    private void Plant(string name)
    {
        var folder = new RunFolder(Path.Combine(_test.Paths.Checks, name));
        folder.Create();
        folder.Write(TestAgents.Order());
        folder.Write(TestAgents.Outcome(SupervisorEnd.Exited, 0));
    }
}
