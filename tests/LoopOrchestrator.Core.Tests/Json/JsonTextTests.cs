using System.Text;
using System.Text.Json;
using LoopOrchestrator.Core.Diagnostics;
using LoopOrchestrator.Core.Json;

namespace LoopOrchestrator.Core.Tests.Json;

public sealed class JsonTextTests
{
    [Fact]
    public void Read_Object_KeepsOrderDuplicatesAndSpans()
    {
        var text = Parse("""{ "a": 1, "b": [true, null], "a": "x\n" }""");

        text.Problem.Should().BeNull();
        text.Root!.Members.Select(member => member.Name).Should().Equal("a", "b", "a");
        text.Root.Find("a")!.Value.Text.Should().Be("x\n");
        text.Root.Find("a")!.Value.Raw.Should().Be("\"x\\n\"");
        text.Root.Members[0].NameSpan.Should().Be(new ByteSpan(2, 5));
        text.Root.Members[0].Value.Span.Should().Be(new ByteSpan(7, 8));
        text.Root.Find("b")!.Value.Raw.Should().Be("[true, null]");
        text.Root.Find("b")!.Value.Items[0].Boolean.Should().BeTrue();
        text.Root.Find("c").Should().BeNull();
    }

    [Fact]
    public void Read_NumberForms_AreTold()
    {
        var items = Parse("[10, -3, 10.0, 1e400, 99999999999999999999]").Root!.Items;

        items.Select(item => item.TryGetInt64(out var value) ? value : (long?)null).Should().Equal(10, -3, null, null, null);
        items[2].Number.Should().Be(10);
        items[3].Number.Should().Be(double.PositiveInfinity);
    }

    [Theory]
    [InlineData("""["\ud83d\ude00"]""", "😀")]
    [InlineData("""["\ud83d"]""", "\uFFFD")]
    [InlineData("""["\ude00\ud83d"]""", "\uFFFD\uFFFD")]
    [InlineData("""["\"\\\/\b\f\n\r\t\u0041é"]""", "\"\\/\b\f\n\r\tAé")]
    public void Text_Escapes_AreResolved(string json, string expected) => Parse(json).Root!.Items[0].Text.Should().Be(expected);

    [Fact]
    public void Read_ByteOrderMark_CountsInOffsetsAndNotInColumns()
    {
        var text = JsonText.Read(Encoding.UTF8.GetPreamble().Concat("{\"a\":1}"u8.ToArray()).ToArray(), "f.json");

        text.Root!.Span.Should().Be(new ByteSpan(3, 10));
        text.GetPosition(3).Should().Be(new TextPosition(1, 1));
        text.GetPosition(0).Should().Be(new TextPosition(1, 1));
        text.GetPosition(text.Root.Members[0].NameSpan.Start).Should().Be(new TextPosition(1, 2));
    }

    [Fact]
    public void GetPosition_AnyOffset_CountsCharactersAndLines()
    {
        var text = Parse("[\r\n \"é😀\", 1\n]");

        text.GetPosition(text.Root!.Items[1].Span.Start).Should().Be(new TextPosition(2, 8));
        text.GetPosition(int.MaxValue).Should().Be(new TextPosition(3, 2));
        text.GetPosition(-1).Should().Be(new TextPosition(1, 1));
        text.GetPosition(5).Should().Be(text.GetPosition(6), "both bytes belong to one character");
    }

    [Fact]
    public void Read_CommentsAndTrailingCommas_OnlyWhereAllowed()
    {
        const string Json = "// c\n{ /* d */ \"a\": [1, 2,], }\n// end";

        Parse(Json, JsonDialect.WithComments).Root!.Find("a")!.Value.Items.Should().HaveCount(2);
        Parse(Json).Problem!.ToString().Should().Be("f.json:1:1: error: comments are not allowed in this file; remove it");
    }

    [Theory]
    [InlineData("""{"a": 1 "b": 2}""", 1, 9, "a comma is missing before '\"b'")]
    [InlineData("[1 2]", 1, 4, "found '2' where ',' or ']' was expected")]
    [InlineData("{\n  \"a\": 1,\n}", 2, 9, "a comma before the closing '}'")]
    [InlineData("{\"a\": tru}", 1, 7, "'tru' is no JSON value")]
    [InlineData("{'a': 1}", 1, 2, "double quotes")]
    [InlineData("{a: 1}", 1, 2, "found 'a' where a name in double quotes or '}' was expected")]
    [InlineData("{\"a\" 1}", 1, 6, "colon")]
    [InlineData("{\"a\": }", 1, 7, "found '}' where the value of the name before it was expected")]
    [InlineData("{\"a\": 01}", 1, 7, "'01' is not a number")]
    [InlineData("{\"a\": \"x\ny\"}", 1, 9, "line break")]
    [InlineData("{\"a\": \"C:\\x\"}", 1, 10, "'\\x' is no escape")]
    [InlineData("{\"a\": \"x}", 1, 7, "never closed")]
    [InlineData("{\n \"a\": [1", 2, 9, "the '[' opened at line 2, column 7 is never closed")]
    [InlineData("{} {}", 1, 4, "nothing may follow")]
    [InlineData("[1]]", 1, 4, "nothing may follow")]
    [InlineData("{]", 1, 2, "found ']'")]
    public void Read_SyntaxError_SaysWhereAndWhat(string json, int line, int column, string part)
    {
        var text = Parse(json);

        text.Root.Should().BeNull();
        text.Problem!.Message.Should().Contain(part);
        (text.Problem.Line, text.Problem.Column).Should().Be((line, column));
        text.Problem.Severity.Should().Be(DiagnosticSeverity.Error);
        text.Problem.File.Should().Be("f.json");
    }

    [Theory]
    [InlineData(new byte[] { }, "empty")]
    [InlineData(new byte[] { 0xEF, 0xBB, 0xBF, 0x20, 0x0A }, "empty")]
    [InlineData(new byte[] { 0x5B, 0x22, 0xC3, 0x28, 0x22, 0x5D }, "not valid UTF-8")]
    [InlineData(new byte[] { 0x5B, 0x00, 0x5D }, "NUL")]
    [InlineData(new byte[] { 0xFF, 0xFE, 0x7B, 0x00, 0x7D, 0x00 }, "UTF-16")]
    public void Read_NotJsonText_IsReported(byte[] bytes, string part) =>
        JsonText.Read(bytes, "f.json").Problem!.Message.Should().Contain(part);

    [Fact]
    public void Read_Depth_HasALimit()
    {
        Parse(new string('[', 64) + new string(']', 64)).Problem.Should().BeNull();
        var problem = Parse(new string('[', 65) + new string(']', 65)).Problem!;
        problem.Message.Should().Contain("more than 64 deep");
        problem.Column.Should().Be(65);
    }

    [Fact]
    public void Read_TooLarge_IsReported() =>
        JsonText
            .Read(new byte[JsonText.MaxBytes + 1], "f.json")
            .Problem!.ToString()
            .Should()
            .StartWith("f.json: error: the file is larger than 16 MiB");

    [Fact]
    public void Kind_OfEachNode_IsTold() =>
        Parse("[1,\"\",{},[],null,true,false]")
            .Root!.Items.Select(item => item.Kind)
            .Should()
            .Equal(
                JsonValueKind.Number,
                JsonValueKind.String,
                JsonValueKind.Object,
                JsonValueKind.Array,
                JsonValueKind.Null,
                JsonValueKind.True,
                JsonValueKind.False
            );

    private static JsonText Parse(string json, JsonDialect dialect = JsonDialect.Strict) =>
        JsonText.Read(Encoding.UTF8.GetBytes(json), "f.json", dialect);
}
