using System.Text;
using LoopOrchestrator.Core.Diagnostics;
using LoopOrchestrator.Core.Modes;

namespace LoopOrchestrator.Core.Tests.Modes;

/// <summary>Which files Roo Code refuses; each verdict here was compared with its own reader (npm yaml 2.9.1, zod 3).</summary>
public sealed class RooAcceptanceTests
{
    private const string Good = "customModes:\n  - slug: a\n    name: Name\n    roleDefinition: R\n    groups: [read]\n";

    // What one line of a mode says, and whether Roo takes it.
    [Theory]
    [InlineData("description:", false)]
    [InlineData("description: ~", false)]
    [InlineData("description: ''", true)]
    [InlineData("description: !!str 12", true)]
    [InlineData("description: !!int \"5\"", false)]
    [InlineData("description: a: b", false)]
    [InlineData("customInstructions: 5", false)]
    [InlineData("customInstructions: [a]", false)]
    [InlineData("whenToUse: false", false)]
    [InlineData("whenToUse: yes", true)]
    [InlineData("whenToUse: 2026-01-01", true)]
    [InlineData("whenToUse: 12:30", true)]
    [InlineData("name: 12", false)]
    [InlineData("name: true", false)]
    [InlineData("name: 0o17", false)]
    [InlineData("name: 0x1F", false)]
    [InlineData("name: .inf", false)]
    [InlineData("name: '12'", true)]
    [InlineData("name: 1_000", true)]
    [InlineData("name: ''", false)]
    [InlineData("slug: 123", false)]
    [InlineData("slug: 1e3", false)]
    [InlineData("slug: a b", false)]
    [InlineData("slug: \"a\\n\"", false)]
    [InlineData("roleDefinition: ' '", true)]
    [InlineData("source: organization", false)]
    [InlineData("source: user", false)]
    [InlineData("source: global", true)]
    [InlineData("source:", false)]
    [InlineData("groups: []", true)]
    [InlineData("groups:", false)]
    [InlineData("groups: [[read]]", false)]
    [InlineData("groups: [[read, {}]]", true)]
    [InlineData("groups: [Read]", false)]
    [InlineData("groups: [read, ask]", false)]
    [InlineData("groups: [read, read]", false)]
    [InlineData("groups: [browser, [browser, {fileRegex: '('}], browser]", true)]
    [InlineData("groups: [[edit, {fileRegex: null}]]", false)]
    [InlineData("groups: [[edit, {description: 5}]]", false)]
    [InlineData("groups: [[edit, {}, {}]]", false)]
    [InlineData("groups: [[edit, {fileRegex: a}], [edit, {fileRegex: b}]]", false)]
    [InlineData("rulesFiles: [{relativePath: a, content: b}]", true)]
    [InlineData("name: It’s", true)]
    [InlineData("name: 'It’s'", false)]
    [InlineData("name: \"say “hi”\"", false)]
    [InlineData("name: “hi”", true)]
    public void Check_OneLineOfAMode_IsTakenOrRefused(string line, bool isTaken)
    {
        var key = line[..line.IndexOf(':', StringComparison.Ordinal)];
        var lines = Good.TrimEnd('\n').Split('\n').ToList();
        var index = lines.FindIndex(known => known.TrimStart(' ', '-').StartsWith(key + ":", StringComparison.Ordinal));
        if (index < 0)
        {
            index = lines.Count;
            lines.Add("    " + line);
        }
        else
        {
            lines[index] = lines[index][..4] + line;
        }

        var findings = Check(string.Join('\n', lines) + "\n");

        (findings.Count == 0).Should().Be(isTaken);
        foreach (var found in findings)
        {
            found.Message.Should().StartWith("Roo Code refuses this file: ");
            found.Severity.Should().Be(DiagnosticSeverity.Warning);
            found.Line.Should().Be(index + 1);
        }
    }

    [Theory]
    [InlineData("", false)]
    [InlineData("# a comment\n", false)]
    [InlineData("customModes:\n", false)]
    [InlineData("customModes: []\n", true)]
    [InlineData("customModes: {}\n", false)]
    [InlineData("customModes: [~]\n", false)]
    [InlineData("- slug: a\n", false)]
    [InlineData("text\n", false)]
    [InlineData(Good, true)]
    [InlineData("\uFEFF" + Good, true)]
    [InlineData(Good + "  - slug: a\n    name: N\n    roleDefinition: R\n    groups: []\n", false)]
    [InlineData(Good + "  - slug: b\n    name: N\n", false)]
    [InlineData(Good + "    name: again\n", false)]
    [InlineData(Good + "---\n" + Good, false)]
    [InlineData("---\n" + Good + "...\n", true)]
    [InlineData("%YAML 1.1\n---\n" + Good, true)]
    [InlineData("%YAML 1.1\n---\n" + Good + "    description: yes\n", false)]
    [InlineData("%YAML 1.2\n---\n" + Good + "    description: yes\n", true)]
    [InlineData("customModes:\r  - slug: a\r    name: N\r    roleDefinition: R\r    groups: [read]\r", false)]
    [InlineData("customModes:\r\n  - slug: a\r\n    name: N\r\n    roleDefinition: R\r\n    groups: [read]\r\n", true)]
    [InlineData("x: &b {name: N, roleDefinition: R}\ncustomModes:\n  - <<: *b\n    slug: a\n    groups: []\n", false)]
    [InlineData("""{"customModes":[{"slug":"a","name":"N","roleDefinition":"R","groups":["read"]}]}""", true)]
    [InlineData("{\n\t\"customModes\": [\n\t\t{\"slug\":\"a\",\"name\":\"It“s\",\"roleDefinition\":\"R\",\"groups\":[]}\n\t]\n}", true)]
    [InlineData("// a comment\n{\"customModes\":[{\"slug\":\"a\",\"name\":\"N\",\"roleDefinition\":\"R\",\"groups\":[\"read\"]}]}", false)]
    [InlineData("""{"customModes":[{"slug":"a","name":5,"roleDefinition":"R","groups":["read"]}]}""", false)]
    [InlineData("""{"customModes":[{"slug":"a","name":"N","roleDefinition":"R","groups":["read"],"description":null}]}""", false)]
    public void Check_WholeFile_IsTakenOrRefused(string content, bool isTaken) => (Check(content).Count == 0).Should().Be(isTaken);

    [Fact]
    public void Check_Utf16_IsRefused() =>
        RooAcceptance.Check((byte[])[0xFF, 0xFE, .. Encoding.Unicode.GetBytes(Good)], "f").Should().ContainSingle();

    [Theory]
    [InlineData("99", true)]
    [InlineData("100", false)]
    public void Check_AnchorThatIsRepeated_HasALimit(string times, bool isTaken)
    {
        var modes = Enumerable
            .Range(0, int.Parse(times, System.Globalization.CultureInfo.InvariantCulture))
            .Select(static number => $"  - {{slug: a{number}, name: N, roleDefinition: R, groups: *g}}\n");

        (Check("x: &g [read]\ncustomModes:\n" + string.Concat(modes)).Count == 0).Should().Be(isTaken);
    }

    [Fact]
    public void Check_SeveralReasons_ToldEachAtItsPlaceWithWhatIsMeant()
    {
        var findings = Check(
            """
            customModes:
              - slug: a
                name: 12
                roleDefinition: R
                groups: [Read, [edit, {fileRegex: '(?i)x'}]]
              - <<: *x
            """.Replace("*x", "{}", StringComparison.Ordinal)
        );

        findings.Select(static found => found.Line).Should().Equal(3, 5, 5, 6, 6, 6, 6);
        findings[0].Message.Should().Contain("'name' is a number (12), and no text; put it in quotes");
        findings[1].Message.Should().Contain("nearest: read");
        findings[2].Message.Should().Contain("no regular expression of JavaScript");
        findings[3].Message.Should().Contain("'slug' is missing ('<<' is a key like any other in YAML 1.2");
    }

    // The pattern, and whether 'new RegExp' takes it.
    [Theory]
    [InlineData(@"\.(js|ts)$", true)]
    [InlineData("(?i)x", false)]
    [InlineData("[^]", true)]
    [InlineData("[]", true)]
    [InlineData(@"(?<a>x)\k<a>", true)]
    [InlineData("(?<a-b>x)", false)]
    [InlineData("(?<a>x)(?<a>y)", false)]
    [InlineData("(?>x)", false)]
    [InlineData("(?#c)", false)]
    [InlineData("(?'n'x)", false)]
    [InlineData("a**", false)]
    [InlineData("a++", false)]
    [InlineData("a+?", true)]
    [InlineData("*a", false)]
    [InlineData("^*", false)]
    [InlineData(@"\b+", false)]
    [InlineData("(?=a)*", true)]
    [InlineData("(?<=a)*", false)]
    [InlineData("a{2,1}", false)]
    [InlineData("{1}", false)]
    [InlineData("x{1}{2}", false)]
    [InlineData("a{", true)]
    [InlineData("a{,5}", true)]
    [InlineData("[z-a]", false)]
    [InlineData(@"[\d-z]", true)]
    [InlineData("[a", false)]
    [InlineData("(a", false)]
    [InlineData("a)", false)]
    [InlineData(@"\", false)]
    [InlineData(@"\k", true)]
    [InlineData(@"(?<a>x)\k", false)]
    [InlineData(@"\p{L}\Ax\z", true)]
    [InlineData("(?", false)]
    [InlineData("|a||", true)]
    public void ProblemOf_Pattern_IsWhatJavaScriptSays(string pattern, bool isValid) =>
        (ScriptRegex.ProblemOf(pattern) is null).Should().Be(isValid);

    // Ordinary characters of YAML 1.2 that end a line in 1.1.
    [Theory]
    [InlineData("\u2028")]
    [InlineData("\u2029")]
    [InlineData("\u0085")]
    [InlineData("\r")]
    public void Read_CharacterThatEndsNoLine_IsPartOfItsText(string character)
    {
        var content =
            Good
            + $"    description: one{character}two\n    whenToUse: \"a{character} b\"\n"
            + $"    customInstructions: |-\n      x{character}y\n      z\n";

        var result = RooModesFile.Read(Encoding.UTF8.GetBytes(content), "f");

        result.Diagnostics.Should().BeEmpty();
        var mode = result.Modes.Should().ContainSingle().Subject;
        mode.Description.Should().Be($"one{character}two");
        mode.WhenToUse.Should().Be($"a{character} b");
        mode.CustomInstructions.Should().Be($"x{character}y\nz");
        Check(content).Should().BeEmpty();
    }

    [Fact]
    public void Read_ErrorBehindSuchACharacter_StandsInItsLine() =>
        RooModesFile
            .Read(Encoding.UTF8.GetBytes(Good + "    description: one\u2028two\n    whenToUse: [\n"), "f")
            .Diagnostics.Should()
            .ContainSingle()
            .Which.Line.Should()
            .BeInRange(7, 8);

    [Fact]
    public void Write_AnyMode_IsTaken()
    {
        var mode = new Mode
        {
            Slug = "a",
            Name = "It’s “new” — 12",
            RoleDefinition = "1e3",
            Description = "‘’“”",
            WhenToUse = "yes",
            CustomInstructions = "It’s\n“two”\u2028lines",
            Groups = [new("edit", @"[^’]\.md$", "“x”")],
            Source = ModeSource.Workspace,
        };
        var yaml = Encoding.UTF8.GetBytes(RooModesWriter.Write([mode, .. BuiltInModes.All]));

        RooAcceptance.Check(yaml, "f").Should().BeEmpty();
        RooModesFile.Read(yaml, "f").Modes[0].Should().BeEquivalentTo(mode);
    }

    private static IReadOnlyList<Diagnostic> Check(string content) => RooAcceptance.Check(Encoding.UTF8.GetBytes(content), "f");
}
