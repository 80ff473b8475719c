using LoopOrchestrator.Core.Diagnostics;
using LoopOrchestrator.Core.Modes;
using LoopOrchestrator.Core.Scheduling.Reading;
using LoopOrchestrator.Testing;

namespace LoopOrchestrator.Core.Tests.Scheduling;

public sealed class ScheduleSourceTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("\"mode\":\"Orchestrator\"", DiagnosticSeverity.Error, "names mode 'Orchestrator'*starts nothing*nearest: orchestrator")]
    [InlineData("\"mode\":\"zzz\"", DiagnosticSeverity.Error, "names mode 'zzz'*loop-orchestrator modes list")]
    [InlineData("\"mode\":\"cod\",\"active\":false", DiagnosticSeverity.Warning, "names mode 'cod'*nearest: code")]
    [InlineData("\"mode\":\"code\",\"workflow\":\"defalt\"", DiagnosticSeverity.Error, "names workflow 'defalt'*workflows here: default")]
    [InlineData("\"mode\":\"own\"", null, null)]
    [InlineData("\"mode\":\"nobody-asks\",\"workflow\":\"default\"", null, null)]
    public void Diagnostics_NamesOfASchedule_AreComparedWithWhatThereIs(string fields, DiagnosticSeverity? severity, string? expected)
    {
        File.WriteAllText(
            _folder.Paths.RooModes,
            "customModes:\n  - slug: own\n    name: Own\n    roleDefinition: You are own.\n    groups: [read]\n"
        );
        File.WriteAllText(
            _folder.Paths.Schedules,
            $$"""
            {"schedules":[
            {"id":"g","name":"g","taskInstructions":"x","timeInterval":"1","timeUnit":"day",
            {{fields}}}]}
            """
        );
        var source = new ScheduleSource(_folder.Paths, TimeProvider.System, ["default"], new ModeFile(_folder.Paths));

        var found = source.Diagnostics;

        if (severity is null)
        {
            found.Should().BeEmpty();
        }
        else
        {
            var one = found.Should().ContainSingle().Which;
            one.Severity.Should().Be(severity);
            one.Message.Should().Match($"schedule 'g' {expected}*");
            one.File.Should().Be("schedules.json");
            one.Line.Should().BeInRange(2, 3);
        }

        source.StartingNothing.Should().HaveCount(severity == DiagnosticSeverity.Error ? 1 : 0);
    }
}
