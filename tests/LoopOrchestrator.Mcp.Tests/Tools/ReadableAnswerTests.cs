using System.Text.Json;
using LoopOrchestrator.Mcp.Tools.Calls;
using ModelContextProtocol.Protocol;

namespace LoopOrchestrator.Mcp.Tests.Tools;

public sealed class ReadableAnswerTests
{
    private const string Text = "Überprüfe 测试 <b>&'x` \U0001F600 \U00020000 \"quoted\" \\ud83d back\\slash\nline";

    [Fact]
    public void Of_AnAnswer_HasNoEscapeThatJsonDoesNotAskFor()
    {
        var answer = Answer(new { task = Text });

        var text = ReadableAnswer.Of(answer).Content.Should().ContainSingle().Which.Should().BeOfType<TextContentBlock>().Which.Text;

        text.Should().Contain("Überprüfe 测试 <b>&'x` \U0001F600 \U00020000").And.NotContain("\\u00");
        using var document = JsonDocument.Parse(text);
        document.RootElement.GetProperty("task").GetString().Should().Be(Text);
    }

    [Theory]
    [InlineData("\u3000", false)]
    [InlineData("\u00A0", false)]
    [InlineData("\u2009", false)]
    [InlineData("\u202F", false)]
    [InlineData("\uE000", false)]
    [InlineData("+<>&'`/", false)]
    [InlineData("\\u3000", false)]
    [InlineData("\u007F", true)]
    [InlineData("\u0085", true)]
    [InlineData("\u001B", true)]
    [InlineData("\u2028", true)]
    public void Of_ACharacter_IsEscapedOnlyWhereItCannotBeRead(string character, bool isEscaped)
    {
        var text = ((TextContentBlock)ReadableAnswer.Of(Answer(new { task = $"a{character}b" })).Content[0]).Text;

        text.Replace(@"\\", "", StringComparison.Ordinal).Contains(@"\u", StringComparison.Ordinal).Should().Be(isEscaped, text);
        text.Contains(character, StringComparison.Ordinal).Should().Be(!isEscaped);
        using var document = JsonDocument.Parse(text);
        document.RootElement.GetProperty("task").GetString().Should().Be($"a{character}b");
    }

    [Fact]
    public void Of_AnAnswerWithABrief_HasItAsABlockOfItsOwn()
    {
        var answer = Answer(new { run_id = "run-1", brief = "# Task\n\nÄndere `x`." });

        ReadableAnswer
            .Of(answer)
            .Content.Select(static block => ((TextContentBlock)block).Text)
            .Should()
            .Equal("{\"run_id\":\"run-1\"}", "# Task\n\nÄndere `x`.");
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
