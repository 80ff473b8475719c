using System.Text;
using CsCheck;
using LoopOrchestrator.Core.Diagnostics;
using LoopOrchestrator.Core.Modes;

namespace LoopOrchestrator.Core.Tests.Modes;

/// <summary>Spoilt, hostile and random content: it may cost a finding, never an exception.</summary>
public sealed class RooModesFileHostileTests
{
    private const string Minimal = "customModes:\n  - slug: a\n    name: A\n    roleDefinition: r – “s”\n    groups: [read]\n";

    [Fact]
    public void Read_SoundTypography_IsNotTouched()
    {
        var result = Read(Minimal);

        result.Diagnostics.Should().BeEmpty();
        result.Modes.Single().RoleDefinition.Should().Be("r – “s”");
    }

    [Theory]
    [InlineData("    name", "\u00A0\u00A0\u00A0\u00A0name")]
    [InlineData("name:", "\u200Bname:")]
    [InlineData("slug: a", "slug:\u00A0a")]
    public void Read_InvisibleCharactersInTheStructure_AreCleanedWithWarning(string plain, string spoilt)
    {
        var result = Read(Minimal.Replace(plain, spoilt, StringComparison.Ordinal));

        result.Diagnostics.Should().ContainSingle().Which.Severity.Should().Be(DiagnosticSeverity.Warning);
        result.Modes.Single().Should().Be(Read(Minimal).Modes.Single(), "the prose keeps its typography");
    }

    [Theory]
    [InlineData("customModes:\n  – slug: a\n    name: A\n    roleDefinition: r\n    groups: [read]\n")]
    [InlineData("{“customModes”: [{“slug”: “a”, “name”: “A”, “roleDefinition”: “r”, “groups”: [“read”]}]}")]
    public void Read_TypographyInTheStructure_IsCleanedWithWarning(string text)
    {
        var result = Read(text);

        result
            .Modes.Single()
            .Should()
            .BeEquivalentTo(
                new
                {
                    Slug = "a",
                    Name = "A",
                    RoleDefinition = "r",
                }
            );
        result.Diagnostics.Should().ContainSingle().Which.Message.Should().Contain("quotes and dashes");
    }

    [Fact]
    public void Read_ByteOrderMarks_AreUnderstood()
    {
        RooModesFile.Read((byte[])[0xEF, 0xBB, 0xBF, .. Encoding.UTF8.GetBytes(Minimal)], "f").Should().BeEquivalentTo(Read(Minimal));

        var utf16 = RooModesFile.Read((byte[])[0xFF, 0xFE, .. Encoding.Unicode.GetBytes(Minimal)], "f");
        utf16.Modes.Should().Equal(Read(Minimal).Modes);
        utf16.Diagnostics.Should().ContainSingle(diagnostic => diagnostic.Severity == DiagnosticSeverity.Warning);
    }

    [Fact]
    public void Read_InvalidUtf8_IsReadWithWarning()
    {
        var bytes = Encoding.UTF8.GetBytes(Minimal.Replace("A", "A?", StringComparison.Ordinal));
        bytes[Array.IndexOf(bytes, (byte)'?')] = 0xFF;

        var result = RooModesFile.Read(bytes, "f");

        result.Modes.Single().Name.Should().Be("A\uFFFD");
        result
            .Diagnostics.Should()
            .ContainSingle(diagnostic =>
                diagnostic.Severity == DiagnosticSeverity.Warning && diagnostic.Line == 3 && diagnostic.Column == 12
            );
    }

    [Fact]
    public void Read_Nul_IsNotTakenForTheEnd()
    {
        var result = Read(Minimal + "\0\n");

        result.Modes.Should().BeEmpty();
        result
            .Diagnostics.Should()
            .ContainSingle(diagnostic => diagnostic.Severity == DiagnosticSeverity.Error && diagnostic.Line == 6 && diagnostic.Column == 1);
    }

    [Fact]
    public void Read_TooLarge_IsAFinding() =>
        RooModesFile
            .Read(new byte[RooModesFile.MaxBytes + 1], "f")
            .Diagnostics.Should()
            .ContainSingle(diagnostic => diagnostic.Severity == DiagnosticSeverity.Error);

    [Theory]
    [InlineData("[")]
    [InlineData("{a: ")]
    [InlineData("- ")]
    [InlineData("? ")]
    [InlineData("{? ")]
    [InlineData("- - ? ")]
    [InlineData("a: [")]
    [InlineData("&a ")]
    [InlineData("!!a ")]
    [InlineData("\"")]
    [InlineData("{\"a\":")]
    [InlineData("a: |\n ")]
    [InlineData("- a\n")]
    [InlineData("- {slug: a}\n")]
    [InlineData("---\n")]
    [InlineData("%YAML 99999999999.9\n")]
    [InlineData("%TAG ! a\n")]
    [InlineData("\\")]
    [InlineData("*a ")]
    [InlineData("<<: ")]
    [InlineData("a\n")]
    [InlineData("\u2028")]
    [InlineData("#")]
    public void Read_Endless_EndsWithoutThrowing(string repeated)
    {
        var count = 300_000 / repeated.Length;
        Read(string.Concat(Enumerable.Repeat(repeated, count))).Modes.Should().BeEmpty();
        Read("customModes:\n" + string.Concat(Enumerable.Repeat(repeated, count))).Modes.Should().BeEmpty();
    }

    [Fact]
    public void Read_AliasBombsAndCycles_CostNothing()
    {
        var bomb = new StringBuilder("a0: &a0 [x, x]\n");
        for (var level = 1; level < 60; level++)
        {
            bomb.Append($"a{level}: &a{level} [*a{level - 1}, *a{level - 1}]\n");
        }

        Read($"{bomb}customModes: *a59\n").Modes.Should().BeEmpty();
        Read($"{bomb}? *a59\n: 1\n").Diagnostics.Should().ContainSingle(diagnostic => diagnostic.Message.Contains("a key must be text"));
        Read("customModes: &m [*m, *m]\n").Modes.Should().BeEmpty();
        Read("customModes:\n- &e {slug: e, name: E, roleDefinition: *e, groups: &g [*g]}\n").Modes.Should().BeEmpty();
        Read("&k {customModes: *k}\n").Modes.Should().BeEmpty();
    }

    [Fact]
    public void Read_ManyAliasesOfOneLargeMode_CostLittle()
    {
        var groups = string.Join(
            ", ",
            Enumerable.Range(0, 100).Select(number => $"[g{number}, {{fileRegex: '{new string('a', 1_000)}{number}'}}]")
        );

        var result = Read(
            $"customModes:\n- &m {{slug: a, name: A, roleDefinition: r, groups: "
                + $"[{groups}]}}\n{string.Concat(Enumerable.Repeat("- *m\n", 100_000))}"
        );

        result.Modes.Should().ContainSingle();
        result.HasErrors.Should().BeTrue();
    }

    [Fact]
    public void Read_EndlessGroups_LeaveTheModeOut() =>
        Read(
            $"customModes:\n- {{slug: a, name: A, roleDefinition: r, groups: "
                + $"[{string.Concat(Enumerable.Range(0, 100_000).Select(number => $"g{number},"))}]}}\n"
        )
            .Diagnostics.Should()
            .ContainSingle(diagnostic => diagnostic.Severity == DiagnosticSeverity.Error && diagnostic.Message.Contains("100000 entries"));

    [Fact]
    public void Read_ThousandsOfModes_AreReadUpToALimit()
    {
        var result = Read(
            "customModes:\n"
                + string.Concat(
                    Enumerable.Range(0, 1_001).Select(number => $"- {{slug: a{number}, name: A, roleDefinition: r, groups: []}}\n")
                )
        );

        result.Modes.Should().HaveCount(1_000);
        result
            .Diagnostics.Should()
            .ContainSingle(diagnostic => diagnostic.Severity == DiagnosticSeverity.Error && diagnostic.Line == 1_002);
    }

    [Fact]
    public void Read_HundredsOfErrors_AreCappedInTheReport() =>
        Read("customModes:\n" + string.Concat(Enumerable.Repeat("- x\n", 900)))
            .Diagnostics.Should()
            .HaveCount(201)
            .And.Subject.Last()
            .Message.Should()
            .StartWith("700 more");

    [Fact]
    public void Read_RandomBytes_GivesWholeModesAndFindingsWithAPlace() =>
        FixedSample.Run(Gen.Byte.Array[0, 400], 2_000, GivesWholeModesAndFindingsWithAPlace);

    [Fact]
    public void Read_RandomYamlTokens_GivesWholeModesAndFindingsWithAPlace()
    {
        string[] tokens =
        [
            "customModes:",
            "\n",
            "\n  ",
            "\n    ",
            "- ",
            "slug: a",
            "slug",
            "name: N",
            "roleDefinition: r",
            "groups: ",
            "[",
            "]",
            "{",
            "}",
            ",",
            ": ",
            "? ",
            "&x ",
            "*x",
            "!t ",
            "!!str ",
            "|",
            "|-",
            ">2+",
            "\"",
            "'",
            "\\x",
            "\\ud83d",
            "%YAML 1.1",
            "---",
            "...",
            "\t",
            "\r",
            "#",
            "\u00A0",
            "\uFEFF",
            "\u2028",
            "“",
            "–",
            "edit",
            "fileRegex: '('",
            "null",
            "~",
            "\ud800",
            "@",
            "`",
            "<<",
        ];
        FixedSample.Run(
            Gen.OneOf(tokens).Array[0, 40].Select(parts => Encoding.UTF8.GetBytes("customModes:\n" + string.Concat(parts))),
            10_000,
            GivesWholeModesAndFindingsWithAPlace
        );
    }

    [Fact]
    public void Read_DamagedGoodFile_GivesWholeModesAndFindingsWithAPlace()
    {
        var good = Encoding.UTF8.GetBytes(RooModesWriter.Write(BuiltInModes.All.Take(2)));
        FixedSample.Run(Gen.Select(Gen.Int[0, good.Length - 1], Gen.Byte, Gen.Int[0, good.Length]), 1_000, value =>
        {
            var (at, replacement, length) = value;
            var damaged = good[..Math.Max(length, 1)];
            damaged[at % damaged.Length] = replacement;
            GivesWholeModesAndFindingsWithAPlace(damaged);
            RooModesFile.Read(damaged, "f").Modes.Should().HaveCountLessThanOrEqualTo(2);
        });
    }

    /// <summary>Whatever the file is: what is in force can be used, and what is wrong says where.</summary>
    private static void GivesWholeModesAndFindingsWithAPlace(byte[] bytes)
    {
        var result = RooModesFile.Read(bytes, "f");

        // Not by FluentAssertions: it compiles each predicate anew, which took ten times as long as what is tested.
        Assert.DoesNotContain(result.Diagnostics, static diagnostic => diagnostic.Message.Length == 0 || diagnostic.Line < 1);
        Assert.DoesNotContain(result.Modes, static mode => mode.Slug.Length == 0 || mode.Name.Length == 0);
        result.Modes.Select(static mode => mode.Slug).Should().OnlyHaveUniqueItems();
    }

    private static RooModesResult Read(string text) => RooModesFile.Read(Encoding.UTF8.GetBytes(text), "f");
}
