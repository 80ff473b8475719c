using System.Text;
using LoopOrchestrator.Core.Agents.Supervision;

namespace LoopOrchestrator.Core.Tests.Agents.Supervision;

public sealed class LastLineTests
{
    [Theory]
    [InlineData("first\nsecond\n", "second")]
    [InlineData("first\nsecond", "second")]
    [InlineData("said\n\n   \n", "said")]
    [InlineData("\u001b[31mError: no home\u001b[0m\n", "Error: no home")]
    [InlineData(
        "Error: no home\n    at open (file:///a/b.js:1:2)\n    at async Chat.run (file:///a.js:3:4)\n\nNode.js v20.20.2\n",
        "Error: no home"
    )]
    [InlineData("cannot look at what is there\n", "cannot look at what is there")]
    [InlineData("", null)]
    [InlineData("\n}\n", null)]
    public void Complete_OfWhatWasPrinted_IsTheLastThatSaysSomething(string text, string? expected)
    {
        foreach (var chunk in new[] { 1, 3, 4096 })
        {
            var line = new LastLine();
            foreach (var piece in Encoding.UTF8.GetBytes(text).Chunk(chunk))
            {
                line.Add(piece);
            }

            line.Complete().Should().Be(expected);
        }
    }

    [Fact]
    public void Complete_OfALineWithoutEnd_IsItsBegin()
    {
        var line = new LastLine();
        for (var piece = 0; piece < 1000; piece++)
        {
            line.Add(Encoding.UTF8.GetBytes(new string('x', 1000)));
        }

        line.Complete().Should().Be(new string('x', 500));
    }
}
