using System.Text.Json;
using LoopOrchestrator.Mcp.Tools.Calls;
using ModelContextProtocol.Protocol;

namespace LoopOrchestrator.Mcp.Tests.Tools;

public sealed class ReadableAnswerTests
{
    private const string Text = "Überprüfe 测试 <b>&'x` \U0001F600 \U00020000 \"quoted\" \\ud83d back\\slash\nline";

    [Fact]
    public void Of_AnAnswer_IsLinesWithAllThatIsInIt()
    {
        var answer = Answer(
            new
            {
                task = Text,
                count = 2,
                done = false,
                nothing = Array.Empty<string>(),
                findings = new[] { "one", "two\nlines" },
                runs = new[]
                {
                    new { run_id = "run-1", notes = new[] { "a", "b" } },
                    new { run_id = "run-2", notes = Array.Empty<string>() },
                },
            }
        );

        ReadableAnswer
            .Of(answer)
            .Content.Should()
            .ContainSingle()
            .Which.Should()
            .BeOfType<TextContentBlock>()
            .Which.Text.Should()
            .Be(
                "task:\n  Überprüfe 测试 <b>&'x` \U0001F600 \U00020000 \"quoted\" \\ud83d back\\slash\n  line\ncount: 2\ndone: false\n"
                    + "nothing: none\nfindings:\n- one\n- two\n  lines\nruns:\n- run_id: run-1 | notes: a; b\n- run_id: run-2 | notes: none"
            );
    }

    [Theory]
    [InlineData("\u3000", false)]
    [InlineData("\u00A0", false)]
    [InlineData("\u2009", false)]
    [InlineData("\u202F", false)]
    [InlineData("\uE000", false)]
    [InlineData("+<>&'`/", false)]
    [InlineData("\u007F", true)]
    [InlineData("\u0085", true)]
    [InlineData("\u001B", true)]
    [InlineData("\u2028", true)]
    [InlineData("\u202E", true)]
    [InlineData("\u200B", true)]
    public void Of_ACharacter_IsEscapedOnlyWhereItCannotBeRead(string character, bool isEscaped)
    {
        var text = ((TextContentBlock)ReadableAnswer.Of(Answer(new { task = $"a{character}b" })).Content[0]).Text;

        text.Contains(@"\u", StringComparison.Ordinal).Should().Be(isEscaped, text);
        text.Contains(character, StringComparison.Ordinal).Should().Be(!isEscaped);
        if (!isEscaped)
        {
            text.Should().Be($"task: a{character}b");
        }
    }

    [Fact]
    public void Of_AnAnswerWithABrief_HasItAsABlockOfItsOwn()
    {
        var answer = Answer(new { run_id = "run-1", brief = "# Task\n\nÄndere `x`." });

        ReadableAnswer
            .Of(answer)
            .Content.Select(static block => ((TextContentBlock)block).Text)
            .Should()
            .Equal("run_id: run-1", "# Task\n\nÄndere `x`.");
        answer.StructuredContent!.Value.GetProperty("brief").GetString().Should().StartWith("# Task");
    }

    [Fact]
    public void Of_ARefusal_IsTheSame()
    {
        var refusal = new CallToolResult { IsError = true, Content = [new TextContentBlock { Text = "no" }] };

        ReadableAnswer
            .Of(refusal)
            .Content.Should()
            .ContainSingle()
            .Which.Should()
            .BeOfType<TextContentBlock>()
            .Which.Text.Should()
            .Be("no");
    }

    private static CallToolResult Answer<T>(T content)
    {
        var structured = JsonSerializer.SerializeToElement(content);
        return new CallToolResult { StructuredContent = structured, Content = [new TextContentBlock { Text = structured.GetRawText() }] };
    }
}
