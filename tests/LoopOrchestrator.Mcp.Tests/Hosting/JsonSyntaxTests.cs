using System.Text;
using System.Text.Json;
using LoopOrchestrator.Mcp.Hosting.Streams;
using LoopOrchestrator.Testing;

namespace LoopOrchestrator.Mcp.Tests.Hosting;

/// <summary>Compared with the framework's reader, which needs the whole document.</summary>
public sealed class JsonSyntaxTests
{
    private const string Signs = "{}[]:,\"\\ 01.-+eEtruefalsn/bu\nax\u0001\u00e9";

    public static TheoryData<string> Documents =>
        [
            "{}",
            " [ ] ",
            "{\"a\":[1,-0.5e+10,true,false,null,{\"b\":\"\\u00e9\\n\\\"\"}]}",
            "0",
            "-0",
            "\"\"",
            "",
            "  ",
            "01",
            "-",
            "1.",
            "1.e3",
            "1e",
            "[1,]",
            "{\"a\":1,}",
            "{\"a\"}",
            "{1:2}",
            "[}",
            "{]",
            "tru",
            "truex",
            "\"\\x\"",
            "\"\\u12g4\"",
            "\"a",
            "\"a\nb\"",
            "{}{}",
            "[] x",
            "nul",
        ];

    [Theory]
    [MemberData(nameof(Documents))]
    public void Read_OfADocumentOrOfNone_SaysWhatTheFrameworkSays(string text) => Compare(Encoding.UTF8.GetBytes(text));

    [Fact]
    public void Read_OfAnythingThatWasChanged_SaysWhatTheFrameworkSays()
    {
        var random = new Random(Seeds.Daily);
        var good = "{\"a\": [1, -2.5e3, \"b\\u00e9\\\"\", {\"c\": null, \"d\": [true, false, []]}], \"e\": {}}";
        for (var round = 0; round < 5_000; round++)
        {
            var text = new StringBuilder(good);
            for (var change = random.Next(3); change >= 0; change--)
            {
                var at = random.Next(text.Length);
                _ = random.Next(3) switch
                {
                    0 => text.Remove(at, 1),
                    1 => text.Insert(at, Signs[random.Next(Signs.Length)]),
                    _ => text.Replace(text[at], Signs[random.Next(Signs.Length)], at, 1),
                };
            }

            Compare(Encoding.UTF8.GetBytes(text.ToString()), random.Next(1, 9));
        }
    }

    [Theory]
    [InlineData(64, true)]
    [InlineData(65, false)]
    public void Read_OfNestedLists_GoesAsDeepAsAMessage(int depth, bool isDocument)
    {
        var syntax = new JsonSyntax();

        var isRead = syntax.Read(Encoding.UTF8.GetBytes(new string('[', depth) + new string(']', depth)));

        (isRead && syntax.IsComplete).Should().Be(isDocument);
    }

    private static void Compare(byte[] bytes, int part = 3)
    {
        var syntax = new JsonSyntax();
        var isRead = bytes.Chunk(part).All(one => syntax.Read(one));

        Assert.True((isRead && syntax.IsComplete) == IsDocument(bytes), Encoding.UTF8.GetString(bytes));
    }

    private static bool IsDocument(byte[] bytes)
    {
        try
        {
            var reader = new Utf8JsonReader(bytes);
            while (reader.Read()) { }

            return true;
        }
        catch (JsonException)
        {
            return false;
        }
    }
}
