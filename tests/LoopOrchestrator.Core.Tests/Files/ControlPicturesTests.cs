using CsCheck;
using LoopOrchestrator.Core.Files;

namespace LoopOrchestrator.Core.Tests.Files;

public sealed class ControlPicturesTests
{
    private static readonly Gen<string> AnyText = Gen.OneOf(
            Gen.Char['\0', '\uFFFF'],
            Gen.Char['\0', '\u0080'],
            Gen.Char['\u23FE', '\u2428'],
            Gen.Const('\\')
        )
        .Array[0, 60]
        .Select(characters => new string(characters));

    [Fact]
    public void Decode_EncodedText_IsTheTextWithoutHalfCharacters() => FixedSample.Run(AnyText, 500, text =>
        {
            var encoded = ControlPictures.Encode(text);
            encoded.Any(char.IsControl).Should().Be(text.Any(character => character is >= '\u0080' and <= '\u009F'));
            ControlPictures.Decode(encoded).Should().Be(System.Text.Encoding.UTF8.GetString(System.Text.Encoding.UTF8.GetBytes(text)));
        });

    [Theory]
    [InlineData("a\tb\nc", "a\u2409b\u240Ac")]
    [InlineData("\u007F", "\u2421")]
    [InlineData("\u2409", "\u2426\u2409")]
    [InlineData("C:\\new\\table", "C:\\new\\table")]
    [InlineData("🔧", "🔧")]
    public void Encode_Text_IsAsDecided(string text, string encoded) => ControlPictures.Encode(text).Should().Be(encoded);

    [Fact]
    public void Encode_HalfASurrogatePair_IsReplaced() => ControlPictures.Encode("\uD800x\uDC00").Should().Be("\uFFFDx\uFFFD");

    [Fact]
    public void Encode_KeepTabs_LeavesTabs() => ControlPictures.Encode("a\tb\0", keepTabs: true).Should().Be("a\tb\u2400");
}
