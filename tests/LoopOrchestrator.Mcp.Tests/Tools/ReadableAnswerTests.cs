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
