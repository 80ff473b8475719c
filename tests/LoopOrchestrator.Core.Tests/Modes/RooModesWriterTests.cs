using System.Text;
using CsCheck;
using LoopOrchestrator.Core.Modes;
using LoopOrchestrator.Testing;

namespace LoopOrchestrator.Core.Tests.Modes;

public sealed class RooModesWriterTests
{
    private static readonly string[] Nasty =
    [
        "null",
        "~",
        "true",
        "No",
        "1e3",
        "0x1F",
        "2026-01-01",
        "- a",
        "a: b",
        "a #b",
        "#",
        "'",
        "\"",
        "''",
        "\\",
        "\\n",
        "%",
        "@x",
        "`x",
        "*a",
        "&a",
        "!a",
        "|",
        ">",
        "{a",
        "[a",
        "]",
        ",",
        "?",
        "? a",
        "<<",
        "=",
        " lead",
        "trail ",
        "\ttab",
        "a\tb",
        "a\n",
        "a\n\n",
        "\na",
        "a\n\nb",
        "a\n  b",
        "  a\nb",
        "a\n   \nb",
        "a \nb",
        "a\r\nb",
        "a\rb",
        "---\na",
        "a\n---\nb",
        "a\n...\n",
        "# a\n# b",
        "\u0085",
        "\u2028",
        "\u2029",
        "\uFEFFa",
        "\u200B",
        "\u00A0",
        "🔧",
        "👩‍🚀",
        "\u0001",
        "\u007F",
        "\u001b[0m",
        "é",
        "日本語",
        "\uE000",
        "\uFFFD",
        "\uFFFE",
        "“a” – b",
        "${x}",
        "a:",
        ":a",
        ":",
        "-",
        "--",
        "0",
        "0o7",
        ".",
        "...",
        "a'b\"c\\d",
    ];

    [Fact]
    public void Write_AllBuiltIns_ReadBackEqual()
    {
        var yaml = RooModesWriter.Write(BuiltInModes.All);

        var result = RooModesFile.Read(Encoding.UTF8.GetBytes(yaml), ".roomodes");

        result.Diagnostics.Should().BeEmpty();
        result.Modes.Should().Equal(BuiltInModes.All.Select(mode => mode with { Stage = null, Source = ModeSource.Workspace }));
    }

    [Fact]
    public void Write_NoModes_ReadsBackAsNone()
    {
        RooModesWriter.Write([]).Should().Be("customModes: []\n");
        RooModesFile.Read(Encoding.UTF8.GetBytes(RooModesWriter.Write([])), "f").Should().BeEquivalentTo(RooModesResult.Empty);
    }

    [Fact]
    public void Write_Modes_IsMadeForPeople()
    {
        var mode = new Mode
        {
            Slug = "docs",
            Name = "Docs: writer",
            RoleDefinition = "One.\n\n  Two.",
            CustomInstructions = "a\nb\n",
            Groups = [new("read"), new("edit", @"\.md$", "Markdown only"), new("mcp")],
        };

        RooModesWriter
            .Write([mode])
            .Should()
            .Be(
                """
                customModes:
                  - slug: docs
                    name: 'Docs: writer'
                    roleDefinition: |-
                      One.

                        Two.
                    customInstructions: |
                      a
                      b
                    groups:
                      - read
                      - - edit
                        - fileRegex: '\.md$'
                          description: Markdown only
                      - mcp

                """
            );
    }

    // Nearly every mode of Roo has an emoji in its name; and what is not seen when the file is reviewed must not stand in it unseen.
    [Theory]
    [InlineData("🔧 Debug", "'🔧 Debug'")]
    [InlineData("👩‍🚀", "\"👩\\u200D🚀\"")]
    [InlineData("日本語", "'日本語'")]
    [InlineData("a\u202Eb", "\"a\\u202Eb\"")]
    [InlineData("a\u200Bb", "\"a\\u200Bb\"")]
    [InlineData("\uFEFFa", "\"\\uFEFFa\"")]
    [InlineData("a\u00A0b", "\"a\\xA0b\"")]
    public void Write_CharactersOutsideOfAscii_AreReadableAndNoneIsHidden(string name, string written) =>
        RooModesWriter
            .Write([
                new Mode
                {
                    Slug = "a",
                    Name = name,
                    RoleDefinition = "r",
                },
            ])
            .Should()
            .Contain($"    name: {written}\n");

    [Fact]
    public void Write_NastyTexts_ReadBackEqual()
    {
        foreach (var nasty in Nasty)
        {
            RoundTrip(
                new()
                {
                    Slug = "a",
                    Name = "x" + nasty,
                    RoleDefinition = nasty + "x",
                    CustomInstructions = nasty,
                    Description = nasty,
                    Source = ModeSource.Workspace,
                }
            );
        }
    }

    [Fact]
    public void Write_SomeText_ReadsBackEqual() => RoundTrip(500, FixedSample.Seed);

    [Fact(Explicit = true)]
    [Trait("kind", "soak")]
    public void Write_AnyText_ReadsBackEqual() => RoundTrip(10_000, Seeds.Draw());

    private static void RoundTrip(int modes, int seed)
    {
        var piece = Gen.Frequency(
            (4, (IGen<string>)Gen.OneOf(Nasty)),
            (2, Gen.String),
            (3, Gen.OneOf("a", "b c", "\n", " ", "\n\n", ":", "  "))
        );
        var text = Gen.Select(piece.Array[0, 8], parts => Sound(string.Concat(parts)));
        var required = text.Select(value => string.IsNullOrWhiteSpace(value) ? "x" + value : value);
        var optional = text.Select(value => value.Length == 0 ? null : value);
        var regex = Gen.OneOf(null, @"\.md$", @"^src/.*\.(ts|js)$", "'", "\"", "# x", "a: b", " ");
        var groups = Gen.Select(regex, optional, optional, (pattern, first, second) =>
            (IReadOnlyList<ModeGroup>)[new("read", null, first), new("edit", pattern, second), new("mcp")]
        );

        FixedSample.Run(
            Gen.Select(required, required, optional, optional, optional, groups),
            modes,
            value =>
            {
                var (name, role, description, when, instructions, allowed) = value;
                RoundTrip(
                    new()
                    {
                        Slug = "null",
                        Name = name,
                        RoleDefinition = role,
                        Description = description,
                        WhenToUse = when,
                        CustomInstructions = instructions,
                        Groups = allowed,
                        Source = ModeSource.Workspace,
                    }
                );
            },
            seed: seed
        );
    }

    private static void RoundTrip(Mode mode)
    {
        var yaml = RooModesWriter.Write([mode, mode with { Slug = "b" }]);
        var result = RooModesFile.Read(Encoding.UTF8.GetBytes(yaml), "f");

        result.Diagnostics.Should().BeEmpty("this was written:\n{0}", yaml);
        result.Modes.Should().HaveCount(2);
        result.Modes[0].Should().Be(mode, "this was written:\n{0}", yaml);
    }

    /// <summary>Without halves of surrogate pairs, which no UTF-8 file can hold.</summary>
    private static string Sound(string text) => Encoding.UTF8.GetString(Encoding.UTF8.GetBytes(text));
}
