using System.Text;
using System.Text.Json;
using LoopOrchestrator.Core.Agents.Contracts;
using LoopOrchestrator.Core.Agents.Supervision.Files;

namespace LoopOrchestrator.Core.Tests.Agents.Supervision;

/// <summary>
/// What is written and read by hand must be what the generated serializer writes and reads, which servers use for the same files.
/// </summary>
public sealed class SupervisorJsonTests
{
    private static readonly AgentAccount Account = new()
    {
        Result = new AgentResult(IsError: true, "é \"quoted\" <b>\n", 2),
        CostUsd = 0.1,
        Tokens = new AgentTokens(1, 2, 3),
        UsageLimit = new AgentUsageLimit("five_hour", TestAgents.Moment),
        DeniedPermissions = ["Bash"],
    };

    [Fact]
    public void Outcome_OfEveryEnd_IsWrittenAsGenerated()
    {
        foreach (
            var (end, account) in from end in Enum.GetValues<SupervisorEnd>()
                                  from account in new[] { null, Account }
                                  select (end, account)
        )
        {
            var outcome = TestAgents.Outcome(end) with
            {
                Reason = "é \"quoted\" <b>\u0001\n",
                ExitCode = account is null ? null : -1,
                Account = account,
                OutputTail = "t",
                Secret = account is null ? null : "s",
                OutputBytes = long.MaxValue,
                DroppedBytes = 6,
                EndedProcesses = 7,
            };

            Encoding
                .UTF8.GetString(SupervisorJson.Write(outcome))
                .Should()
                .Be(JsonSerializer.Serialize(outcome, RunFolderJson.Default.SupervisorOutcome));
        }
    }

    [Fact]
    public void Outcome_EveryMember_IsWritten()
    {
        var outcome = TestAgents.Outcome(SupervisorEnd.OverBudget) with
        {
            Secret = "s",
            AgentDigest = "digest",
            ErrorLine = "the last line",
            ExitCode = -1,
            Account = Account,
            OutputTail = "t",
            OutputBytes = 5,
            DroppedBytes = 6,
            EndedProcesses = 7,
        };

        ShouldSetEveryMember(
            outcome,
            new SupervisorOutcome
            {
                End = default,
                Reason = "",
                EndedAt = default,
            }
        );
        JsonSerializer.Deserialize(SupervisorJson.Write(outcome), RunFolderJson.Default.SupervisorOutcome).Should().BeEquivalentTo(outcome);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("3:4:b")]
    public void Record_ByHand_IsWrittenAsGenerated(string? agent)
    {
        var record = new SupervisorRecord("1:2:b", agent);

        Encoding
            .UTF8.GetString(SupervisorJson.Write(record))
            .Should()
            .Be(JsonSerializer.Serialize(record, RunFolderJson.Default.SupervisorRecord));
    }

    [Fact]
    public void Order_EveryMember_IsReadAsGenerated()
    {
        var order = new SupervisorOrder
        {
            RunId = "r",
            StartId = "s",
            Command = ["x", "é \"\n"],
            WorkingFolder = "/w",
            InputFile = "/in",
            Environment = new Dictionary<string, string>(StringComparer.Ordinal) { ["A"] = "", ["B"] = "\u0001" },
            PassEnvironment = ["A", "B_*"],
            Events = "claude",
            TimeoutSeconds = 1.25,
            FirstOutputSeconds = 1.5,
            FirstAnswerSeconds = 2.5,
            AgentDigest = "digest",
            SilenceSeconds = 2,
            CostLimitUsd = 0.3,
            TokenLimit = long.MaxValue,
            ResultGraceSeconds = 3,
            KillGraceSeconds = 0,
            OutputLimitBytes = 1L << 40,
            OrderedBy = "5:6:b",
            OrderedAt = TestAgents.Moment,
            Bell = "/bell",
        };

        ShouldSetEveryMember(
            order,
            new SupervisorOrder
            {
                RunId = "",
                Command = [],
                WorkingFolder = "",
                TimeoutSeconds = 0,
                Bell = "",
            }
        );
        SupervisorJson
            .ReadOrder(JsonSerializer.SerializeToUtf8Bytes(order, RunFolderJson.Default.SupervisorOrder))
            .Should()
            .BeEquivalentTo(order);
    }

    [Theory]
    [InlineData("""{"run_id":"r","command":["x"],"working_folder":"/w","timeout_seconds":1,"bell":"b"}""")]
    [InlineData(
        """{"run_id":"r","command":["x"],"working_folder":"/w","timeout_seconds":1,"bell":"b","pass_environment":null,"input_file":null,"silence_seconds":null,"new_field":[1]}"""
    )]
    public void Order_LeastText_HasTheDefaults(string text) =>
        SupervisorJson
            .ReadOrder(Encoding.UTF8.GetBytes(text))
            .Should()
            .BeEquivalentTo(
                new SupervisorOrder
                {
                    RunId = "r",
                    Command = ["x"],
                    WorkingFolder = "/w",
                    TimeoutSeconds = 1,
                    Bell = "b",
                }
            );

    [Fact]
    public void Order_NamesThatOccurTwice_TheLastOneCounts() =>
        SupervisorJson
            .ReadOrder(
                """{"run_id":"r","command":["x"],"working_folder":"/w","timeout_seconds":1,"bell":"b","bell":"c","environment":{"A":"1","\u0041":"2"}}"""u8.ToArray()
            )
            .Should()
            .BeEquivalentTo(new { Bell = "c", Environment = new Dictionary<string, string>(StringComparer.Ordinal) { ["A"] = "2" } });

    [Theory]
    [InlineData("""{"run_id":"r","command":[null],"working_folder":"/w","timeout_seconds":1,"bell":"b"}""")]
    [InlineData("""{"run_id":"r","command":"x","working_folder":"/w","timeout_seconds":1,"bell":"b"}""")]
    [InlineData("""{"run_id":null,"command":["x"],"working_folder":"/w","timeout_seconds":1,"bell":"b"}""")]
    [InlineData("""{"run_id":1,"command":["x"],"working_folder":"/w","timeout_seconds":1,"bell":"b"}""")]
    [InlineData("""{"run_id":"r","command":["x"],"working_folder":"/w","timeout_seconds":"1","bell":"b"}""")]
    [InlineData("""{"run_id":"r","command":["x"],"working_folder":"/w","timeout_seconds":1}""")]
    [InlineData("""{"run_id":"r","command":["x"],"working_folder":"/w","timeout_seconds":1,"bell":"b","kill_grace_seconds":null}""")]
    [InlineData("""{"run_id":"r","command":["x"],"working_folder":"/w","timeout_seconds":1,"bell":"b","token_limit":1.5}""")]
    [InlineData("""{"run_id":"r","command":["x"],"working_folder":"/w","timeout_seconds":1,"bell":"b","ordered_at":"soon"}""")]
    [InlineData("""{"run_id":"r","command":["x"],"working_folder":"/w","timeout_seconds":1,"bell":"b","environment":{"A":null}}""")]
    [InlineData("""{"run_id":"r","command":["x"],"working_folder":"/w","timeout_seconds":1,"bell":"b","environment":[]}""")]
    [InlineData("[]")]
    [InlineData("1")]
    [InlineData("")]
    public void Order_TextThatIsNone_IsNone(string text) => SupervisorJson.ReadOrder(Encoding.UTF8.GetBytes(text)).Should().BeNull();

    // A member that is added later and not set by the test would be the same whether or not it is written and read.
    private static void ShouldSetEveryMember<T>(T value, T least) =>
        typeof(T)
            .GetProperties()
            .Should()
            .AllSatisfy(member => member.GetValue(value).Should().NotBeEquivalentTo(member.GetValue(least), member.Name));
}
