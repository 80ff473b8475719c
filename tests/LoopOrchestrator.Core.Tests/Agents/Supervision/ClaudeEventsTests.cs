using System.Text;
using CsCheck;
using LoopOrchestrator.Core.Agents.Supervision;

namespace LoopOrchestrator.Core.Tests.Agents.Supervision;

public sealed class ClaudeEventsTests
{
    private const string Sound = """{"type":"result","subtype":"success","is_error":false,"num_turns":3,"result":"done ✔","session_id":"s-1","total_cost_usd":0.25}""";

    [Fact]
    public void ReadResult_Result_TellsEverything() =>
        Read(Sound).Should().Be(new AgentResult(IsError: false, "done ✔", 0.25, 3, "s-1"));

    [Fact]
    public void ReadResult_Error_SaysSo() =>
        Read("""{"type":"result","subtype":"error_max_turns","is_error":true}""").Should().Be(new AgentResult(IsError: true, null, null, null, null));

    [Fact]
    public void ReadResult_FieldsOfOtherKinds_CountAsNotThere() =>
        Read("""{"type":"result","is_error":"true","num_turns":1.5,"result":{"a":1},"session_id":7,"total_cost_usd":"a lot"}""")
            .Should().Be(new AgentResult(IsError: false, null, null, null, null));

    [Fact]
    public void ReadResult_CostBeyondAllNumbers_CountsAsNotThere() =>
        Read("""{"type":"result","total_cost_usd":1e999,"num_turns":99999999999}""").Should().Be(new AgentResult(IsError: false, null, null, null, null));

    [Theory]
    [InlineData("""{"type":"assistant","message":{"content":[{"type":"text","text":"{\"type\":\"result\"}"}]}}""")]
    [InlineData("""{"type":"system","subtype":"init","result":"no"}""")]
    [InlineData("""{"Type":"result"}""")]
    [InlineData("""{"type":["result"]}""")]
    [InlineData("""["type","result"]""")]
    [InlineData("""{"type":"result" """)]
    [InlineData("""{"type":"result"} {"type":"result"}""")]
    [InlineData("""{"type":"result","result":"\ud800"}""")]
    [InlineData("type: result")]
    [InlineData("null")]
    [InlineData("")]
    public void ReadResult_AnythingElse_IsNone(string line) => Read(line).Should().BeNull();

    [Fact]
    public void ReadResult_NestedTooDeep_IsNone() => Read(new string('[', 100_000)).Should().BeNull();

    [Fact]
    public void ReadResult_HugeText_IsCutBetweenCharacters()
    {
        var result = Read($$"""{"type":"result","result":"x{{string.Concat(Enumerable.Repeat("😀", 100_000))}}"}""");

        result!.Text!.Length.Should().Be((16 * 1024) - 1);
        result.Text.EnumerateRunes().Should().NotContain(Rune.ReplacementChar);
    }

    [Fact]
    public void ReadResult_DamagedBytes_NeverThrows()
    {
        var sound = Encoding.UTF8.GetBytes(Sound);
        FixedSample.Run(Gen.Select(Gen.Int[0, sound.Length - 1], Gen.Byte), 3000, value =>
        {
            var bytes = sound.ToArray();
            bytes[value.Item1] = value.Item2;
            FluentActions.Invoking(() => ClaudeEvents.ReadResult(bytes)).Should().NotThrow();
        });
    }

    private static AgentResult? Read(string line) => ClaudeEvents.ReadResult(Encoding.UTF8.GetBytes(line));
}
