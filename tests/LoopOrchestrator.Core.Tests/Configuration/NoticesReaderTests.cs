using System.Text;
using LoopOrchestrator.Core.Alarms;
using LoopOrchestrator.Core.Configuration;
using LoopOrchestrator.Core.Diagnostics;

namespace LoopOrchestrator.Core.Tests.Configuration;

public sealed class NoticesReaderTests
{
    [Fact]
    public void Read_EveryKey_IsUnderstood()
    {
        var (alarm, diagnostics) = Read(
            """
            { "alarm": { "skipsToTell": 5 }, "notices": [
                { "on": ["escalation", "recovered", "escalation"], "webhook": "https://example.org/hook", "secretVariable": "LOOP_NOTICE_SECRET" },
                { "on": ["skips"], "command": ["tell", "me"] } ] }
            """
        );

        diagnostics.Should().BeEmpty();
        alarm.SkipsToTell.Should().Be(5);
        alarm
            .Notices.Should()
            .BeEquivalentTo([
                new NoticeTarget(0)
                {
                    On = ["escalation", "recovered"],
                    Webhook = new Uri("https://example.org/hook"),
                    SecretVariable = "LOOP_NOTICE_SECRET",
                },
                new NoticeTarget(1) { On = ["skips"], Command = ["tell", "me"] },
            ]);
    }

    [Fact]
    public void Read_Nothing_TellsNobodyAndThreeSkipsAreMany()
    {
        var (alarm, _) = Read("{}");

        alarm.Notices.Should().BeEmpty();
        alarm.SkipsToTell.Should().Be(3);
    }

    [Theory]
    [InlineData("""{"notices":{}}""", "notices has to be a list")]
    [InlineData("""{"notices":["x"]}""", "notices[0] has to be an object")]
    [InlineData("""{"notices":[{"command":["x"]}]}""", "notices[0].on has to be a list of what is told: escalation, needs_input")]
    [InlineData("""{"notices":[{"on":[],"command":["x"]}]}""", "notices[0].on has to be a list")]
    [InlineData("""{"notices":[{"on":["skip"],"command":["x"]}]}""", "'skips' is nearest")]
    [InlineData("""{"notices":[{"on":["skips"]}]}""", "notices[0] needs either command or webhook")]
    [InlineData("""{"notices":[{"on":["skips"],"command":["x"],"webhook":"https://example.org"}]}""", "and not both")]
    [InlineData("""{"notices":[{"on":["skips"],"webhook":"http://example.org"}]}""", "notices[0].webhook has to be an https address")]
    [InlineData("""{"notices":[{"on":["skips"],"command":"x"}]}""", "notices[0].command has to be a list of texts")]
    [InlineData("""{"notices":[{"on":["skips"],"command":["x"],"secretVariable":"A"}]}""", "goes with webhook only")]
    [InlineData(
        """{"notices":[{"on":["skips"],"webhook":"https://example.org","secretVariable":"s3cr3t!"}]}""",
        "and not the secret itself"
    )]
    [InlineData("""{"alarm":{"skipsToTell":0}}""", "alarm.skipsToTell is 0 and must be a whole number from 1 to 1000")]
    public void Read_OneMistake_IsTold(string text, string message) =>
        Read(text)
            .Diagnostics.Should()
            .ContainSingle()
            .Which.Should()
            .Match<Diagnostic>(finding =>
                finding.Severity == DiagnosticSeverity.Error
                && finding.Line == 1
                && finding.Message.Contains(message, StringComparison.Ordinal)
            );

    private static (AlarmSettings Alarm, IReadOnlyList<Diagnostic> Diagnostics) Read(string text)
    {
        var reading = ConfigurationReader.Read(Encoding.UTF8.GetBytes(text), "mcp_startup.json");
        return (reading.Configuration.Alarm, reading.Diagnostics);
    }
}
