using System.Text;
using System.Text.Json;
using LoopOrchestrator.Core.Agents.Events;
using LoopOrchestrator.Core.Agents.Presets;
using LoopOrchestrator.Core.Agents.Results;

namespace LoopOrchestrator.Core.Tests.Agents.Events;

public sealed class JsonLineReducerTests
{
    private const int MaxString = 16;

    [Theory]
    [InlineData("""{"a":"short","b":[1,2]}""", """{"a":"short","b":[1,2]}""")]
    [InlineData("""{"a":"0123456789abcdefXXXX","b":1}""", """{"a":"0123456789abcdef","b":1}""")]
    [InlineData("""{"a":"0123456789abcde\"XXXX\\","b":"x"}""", """{"a":"0123456789abcde\"","b":"x"}""")]
    [InlineData("""{"a":"0123456789abcdef\\","b":"x"}""", """{"a":"0123456789abcdef","b":"x"}""")]
    [InlineData("""{"0123456789abcdefLONGNAME":"x"}""", """{"0123456789abcdef":"x"}""")]
    [InlineData("no json \" at all", "no json \" at all")]
    public void Add_InPiecesOfAnySize_CutsStringsAndKeepsTheRest(string line, string expected)
    {
        for (var piece = 1; piece <= 7; piece++)
        {
            var reducer = new JsonLineReducer(MaxString, maxTotal: 1000);
            foreach (var part in Encoding.UTF8.GetBytes(line).Chunk(piece))
            {
                reducer.Add(part);
            }

            Encoding.UTF8.GetString(reducer.Kept.Span).Should().Be(expected, $"pieces have {piece} bytes");
        }
    }

    [Theory]
    [InlineData("äöüßäöüßäöüßäöüßäöüß")]
    [InlineData("測試測試測試測試測試測試")]
    [InlineData("🎯🎯🎯🎯🎯🎯🎯🎯🎯🎯")]
    [InlineData("x🎯🎯🎯🎯🎯🎯🎯🎯🎯🎯")]
    public void Add_CharactersOfSeveralBytes_AreKeptWhole(string text)
    {
        foreach (
            var line in new[]
            {
                $$"""{"a":"{{text}}"}""",
                JsonSerializer.Serialize(new Dictionary<string, string>(StringComparer.Ordinal) { ["a"] = text }),
            }
        )
        {
            for (var max = 1; max <= 40; max++)
            {
                var reducer = new JsonLineReducer(max, maxTotal: 1000);
                reducer.Add(Encoding.UTF8.GetBytes(line));

                using var kept = JsonDocument.Parse(reducer.Kept);
                text.Should().StartWith(kept.RootElement.GetProperty("a").GetString());
            }
        }
    }

    [Fact]
    public void Add_MoreThanMayBeKept_KeepsNothing()
    {
        var reducer = new JsonLineReducer(MaxString, maxTotal: 100);

        reducer.Add(Encoding.UTF8.GetBytes($"[{new string('1', 100)}]"));

        reducer.IsOver.Should().BeTrue();
        reducer.Kept.Length.Should().Be(0);
    }

    [Fact]
    public void Add_MembersPastTheRoom_AreLeftOutAndWhatFollowsStays()
    {
        // Text in what is left out that looks like its end.
        var numbers = string.Join(',', Enumerable.Range(0, 500));
        var line = $$"""{"a":[{{numbers}},["]}",{"x":"\\"}],"\"]"],"b":{"c":{"d":[{{numbers}}],"e":1},"f":2},"type":"result","ok":true}""";
        for (var piece = 1; piece <= 7; piece++)
        {
            var reducer = new JsonLineReducer(MaxString, maxTotal: 400);
            foreach (var part in Encoding.UTF8.GetBytes(line).Chunk(piece))
            {
                reducer.Add(part);
            }

            using var kept = JsonDocument.Parse(reducer.Kept);
            var root = kept.RootElement;
            root.GetProperty("a")
                .EnumerateArray()
                .Select(static one => one.GetInt32())
                .Should()
                .Equal(Enumerable.Range(0, root.GetProperty("a").GetArrayLength()));
            root.GetProperty("b").GetProperty("f").GetInt32().Should().Be(2);
            root.GetProperty("b").GetProperty("c").GetProperty("e").GetInt32().Should().Be(1);
            (root.GetProperty("type").GetString(), root.GetProperty("ok").GetBoolean()).Should().Be(("result", true));
        }
    }

    [Fact]
    public void Add_NestedDeeperThanCanBeRead_IsEmptiedThere()
    {
        var reducer = new JsonLineReducer(MaxString, maxTotal: 10_000);

        reducer.Add(Encoding.UTF8.GetBytes($$"""{"a":{{new string('[', 5000)}}"x",1{{new string(']', 5000)}},"type":"result"}"""));

        using var kept = JsonDocument.Parse(reducer.Kept);
        kept.RootElement.GetProperty("type").GetString().Should().Be("result");
    }

    [Theory]
    [InlineData(
        """{"type":"result","permission_denials":[@{}],"subtype":"error_max_turns","num_turns":7}""",
        """{"tool_name":"Bash","tool_use_id":"toolu"},"""
    )]
    [InlineData("""{"type":"result","modelUsage":{@"z":1},"subtype":"error_max_turns","num_turns":7}""", """ "model":{"inputTokens":1},""")]
    [InlineData("""{"usage":{"iterations":[@0]},"type":"result","is_error":false,"subtype":"error_max_turns","num_turns":7}""", "1,")]
    public void Lines_WithAListOrObjectOfMebibytes_AreUnderstood(string line, string member)
    {
        var events = new AgentEvents();
        var assembler = new LineAssembler(1024 * 1024, one => AgentEventLines.Read(new ClaudePreset(), one, events));
        var around = line.Split('@');
        var part = Encoding.UTF8.GetBytes(string.Concat(Enumerable.Repeat(member, 1000)));

        assembler.Add(Encoding.UTF8.GetBytes(around[0]));
        for (var bytes = 0; bytes < 3 * 1024 * 1024; bytes += part.Length)
        {
            assembler.Add(part);
        }

        assembler.Add(Encoding.UTF8.GetBytes(around[1] + "\n"));

        var result = events.Account!.Result!;
        (result.IsError, result.Subtype, result.Turns).Should().Be((true, "error_max_turns", 7));
    }

    [Theory]
    [InlineData(3)]
    [InlineData(40)]
    public void Lines_OfManyMebibytes_AreUnderstood(int mebibytes)
    {
        var lines = new List<string>();
        var assembler = new LineAssembler(1024 * 1024, line => lines.Add(Encoding.UTF8.GetString(line.Span)));
        var filler = Encoding.ASCII.GetBytes(new string('x', 64 * 1024));
        var before = GC.GetAllocatedBytesForCurrentThread();

        assembler.Add("{\"type\":\"tool_result\",\"text\":\""u8);
        for (var part = 0; part < mebibytes * 16; part++)
        {
            assembler.Add(filler);
        }

        assembler.Add("\",\"end\":true}\n{\"type\":\"result\"}\n"u8);

        (GC.GetAllocatedBytesForCurrentThread() - before).Should().BeLessThan(8 * 1024 * 1024);
        lines.Should().HaveCount(2);
        using var first = JsonDocument.Parse(lines[0]);
        first.RootElement.GetProperty("end").GetBoolean().Should().BeTrue();
        lines[1].Should().Be("""{"type":"result"}""");
    }
}
