using System.Text;
using System.Text.Json;
using LoopOrchestrator.Core.Agents.Supervision;

namespace LoopOrchestrator.Core.Tests.Agents.Supervision;

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
        foreach (var line in new[] { $$"""{"a":"{{text}}"}""", JsonSerializer.Serialize(new Dictionary<string, string>(StringComparer.Ordinal) { ["a"] = text }) })
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

        reducer.Add(Encoding.UTF8.GetBytes($"[{string.Join(',', Enumerable.Range(0, 100))}]"));

        reducer.IsOver.Should().BeTrue();
        reducer.Kept.Length.Should().Be(0);
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
