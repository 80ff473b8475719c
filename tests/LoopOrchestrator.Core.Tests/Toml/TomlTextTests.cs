using System.Text;
using LoopOrchestrator.Core.Toml;

namespace LoopOrchestrator.Core.Tests.Toml;

/// <summary>What a TOML file says, and where it is none.</summary>
public sealed class TomlTextTests
{
    [Theory]
    [InlineData("a = \"x\\n\\u00e9\\U0001F527\"", "a", "String:x\n\u00e9\U0001F527")]
    [InlineData("a = 'C:\\x'", "a", "String:C:\\x")]
    [InlineData("a = \"\"\"\nx\\\n   y\"\"\"\"", "a", "String:xy\"")]
    [InlineData("a = '''\nx\n'y'''", "a", "String:x\n'y")]
    [InlineData("a = 1_000", "a", "Word:1_000")]
    [InlineData("a = 1979-05-27 07:32:00.5", "a", "Word:1979-05-27 07:32:00.5")]
    [InlineData("a = -inf # c", "a", "Word:-inf")]
    [InlineData("a.\"b c\".d = true", "a|b c|d", "Word:true")]
    [InlineData("[a . b]\nc = 1", "a|b|c", "Word:1")]
    [InlineData("[a]\n[a.b]\n[a.b.c]\nd = 0.5e-3", "a|b|c|d", "Word:0.5e-3")]
    [InlineData("[a.b]\n[a]\nc = {}", "a|c", "InlineTable:")]
    [InlineData("a = [ 1, # one\n [],\n]", "a|\u001E1", "Array:")]
    [InlineData("[[a]]\nb = 1\n[[a]]\nb = 2\n[a.c]\nd = 3", "a|\u001E1|c|d", "Word:3")]
    [InlineData("\uFEFFa = 1\r\nb = 2\r\n", "b", "Word:2")]
    public void Read_AValue_IsAtItsPlace(string text, string place, string value)
    {
        var read = TomlText.Read(Encoding.UTF8.GetBytes(text), "f");

        read.Problem.Should().BeNull();
        read.Values.Should().Contain(TomlText.PlaceOf(place.Split('|')), value);
    }

    [Theory]
    [InlineData("a", "f:1:2: error: '=' was expected")]
    [InlineData("a = ", "f:1:5: error: the file ends")]
    [InlineData("a = yes", "f:1:5: error: 'yes' is no value of TOML")]
    [InlineData("a = 1 b = 2", "f:1:7: error: the line should end")]
    [InlineData("\n\u00e9 = 1", "f:2:1: error: a key was expected")]
    [InlineData("a = 1\na = 2", "f:2:1: error: 'a' is there twice")]
    [InlineData("[a]\nb.c = 1\nb = 2", "f:3:1: error: 'a.b' is there twice")]
    [InlineData("[a]\nb = 1\n[a.b]", "f:3:1: error: 'a.b' is a value already")]
    [InlineData("a = {b = 1}\n[a.c]", "f:2:1: error: 'a' is a value already")]
    [InlineData("[[a]]\n[a]", "f:2:1: error: 'a' is a list of tables already")]
    [InlineData("[a]\n[[a]]", "f:2:1: error: 'a' is a table already")]
    [InlineData("a = \"\\q\"", "f:1:6: error: a backslash")]
    [InlineData("a = '''x", "f:1:5: error: the text that begins here is never closed")]
    [InlineData("a = [1 2]", "f:1:8: error: a comma or ']'")]
    [InlineData("[a", "f:1:3: error: ']' was expected")]
    public void Read_NoToml_IsToldWithItsPlace(string text, string problem) =>
        TomlText.Read(Encoding.UTF8.GetBytes(text), "f").Problem!.ToString().Should().StartWith(problem);

    [Fact]
    public void Read_AnyCutOfAFile_EndsWithValuesOrAPlace()
    {
        const string Text =
            "\uFEFFa = \"x\\u00e9\" # c\r\n[b.'c d']\nd = [1, {e = '''y''', f = 1979-05-27T07:32:00Z}]\n[[g]]\nh = \"\"\"\nz\\\n\"\"\"\n";
        for (var length = 0; length <= Text.Length; length++)
        {
            var read = TomlText.Read(Encoding.UTF8.GetBytes(Text[..length]), "f");

            Assert.True(read.Problem is null or { Line: > 0, Column: > 0 }, Text[..length]);
        }

        TomlText.Read(Encoding.UTF8.GetBytes("a = " + new string('[', 100_000)), "f").Problem!.Message.Should().Contain("nested");
        TomlText.Read([0xFF], "f").Problem!.Message.Should().Contain("UTF-8");
    }
}
