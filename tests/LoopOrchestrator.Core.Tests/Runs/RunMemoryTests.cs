using LoopOrchestrator.Core.Runs;
using LoopOrchestrator.Testing;

namespace LoopOrchestrator.Core.Tests.Runs;

public sealed class RunMemoryTests : IDisposable
{
    private readonly TestWorkspace _test = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose() => _test.Dispose();

    [Theory]
    [InlineData("0", "")]
    [InlineData("0 0 0", "")]
    [InlineData("1", "failed")]
    [InlineData("1 0", "failed succeeded")]
    [InlineData("0 1 0 0 0 1", "failed succeeded")]
    public async Task Write_CommandsOfASchedule_TellsOfFailuresAndTheFirstSuccessAfterOne(string exitCodes, string expected)
    {
        _test.WriteSchedules(TestWorkspace.Every(10));
        await _test.RunPassAsync();
        foreach (var exitCode in exitCodes.Split(' '))
        {
            _test.Supervisors.End(_test.Supervisors.Orders[^1].RunId, int.Parse(exitCode));
            await _test.RunPassAsync();
            await _test.PassAfterAsync(TimeSpan.FromMinutes(10));
        }

        var memory = File.Exists(_test.Paths.Memory) ? await File.ReadAllTextAsync(_test.Paths.Memory, Token) : "";
        var told = memory.Split("with agent checks: ").Skip(1).Select(static rest => rest.Split(',', '.')[0]);
        string.Join(' ', told.Order(StringComparer.Ordinal)).Should().Be(expected);
    }

    [Fact]
    public async Task Write_ProgramWithoutAReport_SaysSo()
    {
        await _test.Workspace.Runs.RequestAsync(new RunRequest("code", "look") { Agent = TestWorkspace.Program }, Token);
        await _test.RunPassAsync();
        _test.Supervisors.End(_test.Supervisors.Orders[^1].RunId);
        await _test.RunPassAsync();

        File.ReadAllText(_test.Paths.Memory).Should().Contain("with agent program: succeeded (no report)");
    }
}
