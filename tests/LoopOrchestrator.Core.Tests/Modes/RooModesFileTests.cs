using System.Text;
using LoopOrchestrator.Core.Diagnostics;
using LoopOrchestrator.Core.Modes;

namespace LoopOrchestrator.Core.Tests.Modes;

public sealed class RooModesFileTests
{
    private const string Good = "  - {slug: good, name: Good, roleDefinition: r, groups: [read]}\n";

    [Fact]
    public void Read_AllKeys_AreTakenOver()
    {
        var result = Read(
            """
            customModes:
              - slug: my-Mode1
                name: "\U0001F527 Mine"
                description: d
                roleDefinition: |-
                  line one
                    line two
                whenToUse: w
                customInstructions: >-
                  folded
                  text
                source: project
                groups:
                  - read
                  - - edit
                    - fileRegex: \.(md|txt)$
                      description: Texts
                  - [command, {}]
                  - mcp
                  - modes
            """
        );

        result.Diagnostics.Should().BeEmpty();
        result
            .Modes.Should()
            .Equal(
                new Mode
                {
                    Slug = "my-Mode1",
                    Name = "🔧 Mine",
                    Description = "d",
                    RoleDefinition = "line one\n  line two",
                    WhenToUse = "w",
                    CustomInstructions = "folded text",
                    Groups = [new("read"), new("edit", @"\.(md|txt)$", "Texts"), new("command"), new("mcp"), new("modes")],
                    Source = ModeSource.Workspace,
                }
            );
    }

    [Theory]
    [InlineData(
        """{"customModes":[{"slug":"a","name":"A","roleDefinition":"r\n\"x\"","groups":["read",["edit",{"fileRegex":"\\.md$"}]]}]}"""
    )]
    [InlineData(
        "{\n\t\"customModes\": [\n\t\t{\"slug\": \"a\", \"name\": \"A\", \"roleDefinition\": "
            + "\"r\\n\\\"x\\\"\",\n\t\t\"groups\": [\"read\", [\"edit\", {\"fileRegex\": \"\\\\.md$\"}]],}\n\t]\n}"
    )]
    public void Read_Json_IsReadToo(string json)
    {
        var result = Read(json);

        result.Diagnostics.Should().BeEmpty();
        result
            .Modes.Should()
            .Equal(
                new Mode
                {
                    Slug = "a",
                    Name = "A",
                    RoleDefinition = "r\n\"x\"",
                    Groups = [new("read"), new("edit", @"\.md$")],
                    Source = ModeSource.Workspace,
                }
            );
    }

    [Fact]
    public void Read_JsonWithSurrogateEscapes_FallsBackToTheJsonReader() =>
        Read("""{"customModes":[{"slug":"a","name":"\ud83d\udd27 \/","roleDefinition":"r","groups":[]}]}""")
            .Modes.Single()
            .Name.Should()
            .Be("🔧 /");

    [Theory]
    [InlineData("")]
    [InlineData("# nothing\n")]
    [InlineData("customModes:")]
    [InlineData("customModes: []")]
    [InlineData("customModes: ~")]
    [InlineData("{\"customModes\": null}")]
    public void Read_NoModes_IsNoError(string text) => Read(text).Should().BeEquivalentTo(RooModesResult.Empty);

    [Theory]
    [InlineData("- slug: a\n  name: A\n", "customModes:")]
    [InlineData("modes: []\n", "'customModes' is missing")]
    [InlineData("just words", "single value")]
    [InlineData("customModes: {a: 1}", "must be a list")]
    [InlineData("customModes: none", "must be a list")]
    public void Read_WrongShape_SaysWhatToDo(string text, string expected)
    {
        var result = Read(text);

        result.Modes.Should().BeEmpty();
        result
            .Diagnostics.Should()
            .ContainSingle(diagnostic => diagnostic.Severity == DiagnosticSeverity.Error && diagnostic.Line == 1)
            .Which.Message.Should()
            .Contain(expected);
    }

    [Theory]
    [InlineData("{name: N, roleDefinition: r, groups: []}", "'slug' is missing", 5)]
    [InlineData("{slug: , name: N, roleDefinition: r, groups: []}", "'slug' is empty", 12)]
    [InlineData("{slug: a b, name: N, roleDefinition: r, groups: []}", "letters, digits and hyphens", 12)]
    [InlineData("{slug: \"a\\n\", name: N, roleDefinition: r, groups: []}", "letters, digits and hyphens", 12)]
    [InlineData("{slug: s, roleDefinition: r, groups: []}", "'name' is missing", 5)]
    [InlineData("{slug: s, name: ' ', roleDefinition: r, groups: []}", "'name' is empty", 21)]
    [InlineData("{slug: s, name: [N], roleDefinition: r, groups: []}", "'name' is not a text", 21)]
    [InlineData("{slug: s, name: N, groups: []}", "'roleDefinition' is missing", 5)]
    [InlineData("{slug: s, name: N, roleDefinition: r}", "'groups' is missing", 5)]
    [InlineData("{slug: s, name: N, roleDefinition: r, groups: read}", "'groups' is not a list", 51)]
    [InlineData("{slug: s, name: N, roleDefinition: r, groups: [{read: 1}]}", "neither a group's name nor a pair", 52)]
    [InlineData("{slug: s, name: N, roleDefinition: r, groups: [[edit, md]]}", "neither a group's name nor a pair", 52)]
    [InlineData("{slug: s, name: N, roleDefinition: r, groups: [[edit, {fileRegex: '(['}]]}", "not a usable regular expression", 59)]
    [InlineData("{slug: s, name: N, roleDefinition: r, groups: [], whenToUse: [a]}", "'whenToUse' is not a text", 66)]
    [InlineData("words", "not a mapping", 5)]
    public void Read_WrongEntry_IsLeftOutWithItsPlace(string entry, string expected, int column)
    {
        var result = Read($"customModes:\n  - {entry}\n{Good}");

        result.Modes.Should().ContainSingle(mode => mode.Slug == "good");
        var diagnostic = result.Diagnostics.Should().ContainSingle().Subject;
        diagnostic
            .Should()
            .BeEquivalentTo(
                new
                {
                    Severity = DiagnosticSeverity.Error,
                    File = ".roomodes",
                    Line = 2,
                    Column = column,
                }
            );
        diagnostic.Message.Should().Contain(expected).And.MatchRegex("Mode 's'|Mode number 1|Entry 1|Mode 'a");
    }

    [Fact]
    public void Read_DuplicateSlug_FirstWins()
    {
        var result = Read($"customModes:\n{Good}  - {{slug: good, name: Second, roleDefinition: r, groups: []}}\n");

        result.Modes.Should().ContainSingle().Which.Name.Should().Be("Good");
        result
            .Diagnostics.Should()
            .ContainSingle()
            .Which.Should()
            .Match<Diagnostic>(diagnostic =>
                diagnostic.Severity == DiagnosticSeverity.Warning && diagnostic.Line == 3 && diagnostic.Message.Contains("on line 2")
            );
    }

    [Theory]
    [InlineData("[read, browser]", DiagnosticSeverity.Information, "browser")]
    [InlineData("[read, [browser, {fileRegex: a}]]", DiagnosticSeverity.Information, "browser")]
    [InlineData("[read, [read, {fileRegex: a}]]", DiagnosticSeverity.Warning, "twice")]
    public void Read_SuperfluousGroup_IsDropped(string groups, DiagnosticSeverity severity, string expected)
    {
        var result = Read($"customModes:\n  - {{slug: a, name: A, roleDefinition: r, groups: {groups}}}\n");

        result.Modes.Single().Groups.Should().Equal(new ModeGroup("read"));
        result.Diagnostics.Should().ContainSingle(diagnostic => diagnostic.Severity == severity).Which.Message.Should().Contain(expected);
    }

    [Fact]
    public void Read_BrowserInManyModes_IsSaidOnce() =>
        Read(
            "customModes:\n- {slug: a, name: A, roleDefinition: r, groups: [browser]}\n- {slug: b, name: B, "
                + "roleDefinition: r, groups: [browser]}\n"
        )
            .Diagnostics.Should()
            .ContainSingle()
            .Which.Should()
            .Match<Diagnostic>(diagnostic => diagnostic.Line == 2 && diagnostic.Message.Contains("2 times"));

    [Fact]
    public void Read_UnknownGroup_IsKeptAndNamed()
    {
        var result = Read("customModes:\n  - {slug: a, name: A, roleDefinition: r, groups: [teleport]}\n");

        result.Modes.Single().Groups.Should().Equal(new ModeGroup("teleport"));
        result
            .Diagnostics.Should()
            .ContainSingle(diagnostic => diagnostic.Severity == DiagnosticSeverity.Warning)
            .Which.Message.Should()
            .Contain("'teleport' is unknown");
    }

    [Fact]
    public void Read_OptionsSplitOverItems_AreJoined()
    {
        var result = Read(
            "customModes:\n- slug: a\n  name: A\n  roleDefinition: r\n  groups:\n  - - edit\n    - fileRegex: x$\n    - description: d\n"
        );

        result.Modes.Single().Groups.Should().Equal(new ModeGroup("edit", "x$", "d"));
        result.Diagnostics.Should().ContainSingle(diagnostic => diagnostic.Severity == DiagnosticSeverity.Warning);
    }

    [Fact]
    public void Read_Anchors_AreFollowed() =>
        Read(
            "customModes:\n- {slug: a, name: A, roleDefinition: r, groups: &g [read, mcp]}\n- {slug: b, name: B, "
                + "roleDefinition: r, groups: *g}\n"
        )
            .Modes[1]
            .Groups.Should()
            .Equal(new ModeGroup("read"), new ModeGroup("mcp"));

    [Theory]
    [InlineData("customModes:\n  - slug: a\n name: b\n", 3)]
    [InlineData("customModes:\n  - slug: \"a\n", 2)]
    [InlineData("customModes:\n  - slug: a\n    slug: b\n", 3)]
    [InlineData("customModes: *nowhere\n", 1)]
    public void Read_BrokenYaml_NamesThePlace(string text, int line)
    {
        var result = Read(text);

        result.Modes.Should().BeEmpty();
        result
            .Diagnostics.Should()
            .ContainSingle(diagnostic => diagnostic.Severity == DiagnosticSeverity.Error)
            .Which.Should()
            .Match<Diagnostic>(diagnostic =>
                diagnostic.Line >= line && diagnostic.Column > 0 && diagnostic.Message.Contains("not valid YAML")
            );
    }

    [Fact]
    public void Read_BrokenJson_NamesThePlace() =>
        Read("{\"customModes\": [\n\t{\"slug\": \"a\" \"name\"}]}")
            .Diagnostics.Should()
            .ContainSingle()
            .Which.Should()
            .Match<Diagnostic>(diagnostic => diagnostic.Line == 2 && diagnostic.Message.Contains("JSON"));

    [Fact]
    public void Read_SeveralDocuments_FirstCountsWithWarning()
    {
        var result = Read($"customModes:\n{Good}---\ncustomModes: []\n");

        result.Modes.Should().ContainSingle();
        result.Diagnostics.Should().ContainSingle(diagnostic => diagnostic.Severity == DiagnosticSeverity.Warning);
    }

    private static RooModesResult Read(string text) => RooModesFile.Read(Encoding.UTF8.GetBytes(text), ".roomodes");
}
