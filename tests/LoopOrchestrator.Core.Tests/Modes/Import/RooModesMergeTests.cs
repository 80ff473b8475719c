using System.Text;
using CsCheck;
using LoopOrchestrator.Core.Errors;
using LoopOrchestrator.Core.Modes;
using LoopOrchestrator.Core.Modes.Import;

namespace LoopOrchestrator.Core.Tests.Modes.Import;

public sealed class RooModesMergeTests
{
    private const string Two =
        "# ours\ncustomModes:\n- slug: one\n  name: One   # keep\n  roleDefinition: >\n    R\n    1\n  groups: [read,  "
        + "edit]\n  extra: {a: 1}\n\n# about two\n- slug: two\n  name: Two\n  roleDefinition: R2\n  groups:\n  - "
        + "read\n# the end\nother: 1\n";

    private static readonly Mode New = new()
    {
        Slug = "new",
        Name = "New",
        RoleDefinition = "You are new.",
        CustomInstructions = "a\n\n  b: c\n",
        Groups = [new("read"), new("edit", @"\.md$", "Markdown")],
        Source = ModeSource.Workspace,
    };

    [Fact]
    public void Merge_NoFile_IsWrittenLikeAnExport() => Text(Merge(null, New)).Should().Be(RooModesWriter.Write([New]));

    [Fact]
    public void Merge_KeyBehindTheList_ComesInBetweenInTheSameIndentation()
    {
        var merged = Text(Merge(Two, New));

        merged
            .Should()
            .StartWith(Two[..Two.IndexOf("# the end", StringComparison.Ordinal)] + "- slug: new\n  name: New\n")
            .And.EndWith("\n# the end\nother: 1\n");
        Modes(merged).Should().Equal("one", "two", "new");
    }

    [Fact]
    public void Merge_SlugThatIsThere_IsLeftOutUnlessReplaced()
    {
        var one = New with { Slug = "one" };

        var (content, result) = RooModesMerge.Merge(Encoding.UTF8.GetBytes(Two), [one], replace: false, ".roomodes");
        content.Should().BeNull();
        result.Skipped.Should().Equal("one");

        var (replaced, told) = RooModesMerge.Merge(Encoding.UTF8.GetBytes(Two), [one], replace: true, ".roomodes");
        told.Replaced.Should().Equal("one");
        var text = Text(replaced!);
        text.Should()
            .StartWith("# ours\ncustomModes:\n- slug: one\n  name: New\n")
            .And.EndWith(Two[Two.IndexOf("\n# about two", StringComparison.Ordinal)..]);
        Modes(text).Should().Equal("one", "two");
    }

    [Fact]
    public void Merge_ReplaceTheLast_LeavesWhatFollows() =>
        Text(RooModesMerge.Merge(Encoding.UTF8.GetBytes(Two), [New with { Slug = "two" }, New], replace: true, ".roomodes").Content!)
            .Should()
            .StartWith(Two[..Two.IndexOf("- slug: two", StringComparison.Ordinal)] + "- slug: two\n  name: New\n")
            .And.EndWith("\n# the end\nother: 1\n")
            .And.Contain("- slug: new");

    [Fact]
    public void Merge_ReplaceAnEntryWithAnError_MendsIt()
    {
        var (content, result) = RooModesMerge.Merge(
            "customModes:\n  - slug: new\n    name: Broken\n"u8.ToArray(),
            [New],
            replace: true,
            ".roomodes"
        );

        result.Replaced.Should().Equal("new");
        RooModesFile
            .Read(content, "f")
            .Should()
            .Match<RooModesResult>(read => read.Modes.Single().Name == "New" && read.Diagnostics.Count == 0);
    }

    [Theory]
    [InlineData("")]
    [InlineData("\n\n")]
    [InlineData("# only a comment")]
    [InlineData("customModes:")]
    [InlineData("customModes:   # none yet\n")]
    [InlineData("customModes: []")]
    [InlineData("customModes: [ ]  # none\nother: 1\n")]
    [InlineData("customModes: ~\nother: 1")]
    [InlineData("other: [1, {a: b}]\n")]
    [InlineData("first: {x: y}\ncustomModes:\nlast: 2\n")]
    [InlineData("customModes: [{slug: a, name: A, roleDefinition: R, groups: []}]\n")]
    [InlineData("customModes: [{slug: a, name: A, roleDefinition: R, groups: []}, ]\n")]
    [InlineData("customModes:\r\n  - slug: a\r\n    name: A\r\n    roleDefinition: R\r\n    groups: []\r\n")]
    [InlineData(
        "customModes:\n      - slug: a\n        name: A\n        roleDefinition: |+\n          R\n\n\n        groups: "
            + "[]\n      -\n        slug: b\n        name: B\n        roleDefinition: R\n        groups: []"
    )]
    [InlineData(
        "---\ncustomModes:\n  - groups: []\n    slug: a\n    name: A\n    roleDefinition: |+\n      # no comment\n      - "
            + "no entry\n\n\n# comment\n\n"
    )]
    [InlineData("{}")]
    [InlineData("{ \"other\": 1 }")]
    [InlineData("{\"customModes\":[]}")]
    [InlineData("{\"customModes\":null}")]
    [InlineData("{\"customModes\":[{\"slug\":\"a\",\"name\":\"A\",\"roleDefinition\":\"R\",\"groups\":[]}]}")]
    [InlineData(
        "{\r\n\t\"customModes\": [\r\n\t\t{ \"slug\": \"a\", \"name\": \"A\", \"roleDefinition\": \"R\", \"groups\": [] "
            + "}\r\n\t],\r\n\t\"other\": 1\r\n}\r\n"
    )]
    public void Merge_AnyForm_KeepsItsPartsInTheirOrder(string text)
    {
        var old = RooModesFile.Read(Encoding.UTF8.GetBytes(text), "f");

        var merged = Text(Merge(text, New));

        RooModesFile.Read(Encoding.UTF8.GetBytes(merged), "f").Modes.Should().Equal([.. old.Modes, New]);
        IsSubsequence(
                text.Replace("[]", "", StringComparison.Ordinal)
                    .Replace("[ ]", "", StringComparison.Ordinal)
                    .Replace("~", "", StringComparison.Ordinal)
                    .Replace("null", "", StringComparison.Ordinal),
                merged
            )
            .Should()
            .BeTrue();
        if (text.Contains("\r\n", StringComparison.Ordinal))
        {
            merged.Replace("\r\n", "", StringComparison.Ordinal).Should().NotContain("\n");
        }
    }

    [Fact]
    public void Merge_ByteOrderMark_Stays() => Merge("\uFEFF" + Two, New).AsSpan(0, 3).ToArray().Should().Equal(0xEF, 0xBB, 0xBF);

    [Theory]
    [InlineData("customModes: [", "cannot be read")]
    [InlineData("- slug: a", "does not hold a list")]
    [InlineData("text", "does not hold a list")]
    [InlineData("customModes: text", "does not hold a list")]
    [InlineData("customModes: []\n---\ncustomModes: []\n", "2 YAML documents")]
    [InlineData("customModes: []\n...\n", "without changing others")]
    [InlineData("{\"customModes\":[}", "cannot be read")]
    [InlineData("a: &x [*x]\ncustomModes: *x\n", "Nothing|nothing")]
    public void Merge_AFileThatCannotBeChangedSafely_IsRefused(string text, string says) =>
        FluentActions.Invoking(() => Merge(text, New)).Should().Throw<UserErrorException>().Which.Message.Should().MatchRegex(says);

    [Fact]
    public void Merge_OtherEncodings_AreRefused()
    {
        FluentActions
            .Invoking(() => RooModesMerge.Merge(Encoding.Unicode.GetPreamble(), [New], replace: false, "f"))
            .Should()
            .Throw<UserErrorException>()
            .WithMessage("*UTF-8*");
        FluentActions
            .Invoking(() => RooModesMerge.Merge([0x23, 0xFF, 0x0A], [New], replace: false, "f"))
            .Should()
            .Throw<UserErrorException>()
            .WithMessage("*UTF-8*");
    }

    [Fact]
    public void Merge_AnyValidFile_KeepsItsBytesAndHoldsOldAndNew()
    {
        var text = FixedSample.OneOf(
            "R",
            "two\nlines",
            "a: b # c",
            "  lead",
            "end\n",
            "end\n\n",
            "'",
            "- x\n# y\n\n- z",
            "é🔧",
            "{a",
            "tab\tx",
            "trail "
        );
        var mode = Gen.Select(text, text, Gen.Int[0, 4], (role, instructions, groups) => new Mode
        {
            Slug = "x",
            Name = "N " + role.Split('\n')[0].Trim(),
            RoleDefinition = role,
            CustomInstructions = instructions,
            Groups =
                [
                    .. new ModeGroup[] { new("read"), new("edit", @"^docs/.*\.md$", "Docs"), new("command"), new("mcp") }.Take(groups),
                ],
            Source = ModeSource.Workspace,
        });
        var gen = Gen.Select(
            mode.Array[0, 5],
            mode.Array[1, 3],
            Gen.Int[0, 3],
            FixedSample.OneOf("", "\n", "# end\n", "\n\n# end\nother: 1\n", "other: |\n  x\n"),
            (old, added, indent, tail) => (Old: Numbered(old, "old"), Added: Numbered(added, "new"), Indent: indent, Tail: tail)
        );

        FixedSample.Run(
            gen,
            400,
            sample =>
            {
                var yaml = Indented(RooModesWriter.Write(sample.Old), sample.Indent) + sample.Tail;
                var bytes = Encoding.UTF8.GetBytes(yaml);
                RooModesFile.Read(bytes, "f").Modes.Should().Equal(sample.Old);

                var merged = RooModesMerge.Merge(bytes, sample.Added, replace: false, "f").Content!;

                RooModesFile.Read(merged, "f").Modes.Should().Equal([.. sample.Old, .. sample.Added]);
                if (sample.Old.Length > 0)
                {
                    var result = Text(merged);
                    var at = Enumerable.Range(0, yaml.Length + 1).First(index => index == yaml.Length || result[index] != yaml[index]);
                    result.Should().EndWith(yaml[at..], "one piece was put in, and nothing else was touched");
                }
            },
            sample => Indented(RooModesWriter.Write(sample.Old), sample.Indent) + sample.Tail
        );
    }

    private static Mode[] Numbered(Mode[] modes, string prefix) =>
        [.. modes.Select((mode, index) => mode with { Slug = $"{prefix}-{index}" })];

    // Another indentation of the whole list, as other writers have it.
    private static string Indented(string yaml, int more) =>
        string.Join('\n', yaml.Split('\n').Select((line, index) => index == 0 || line.Length == 0 ? line : new string(' ', more) + line));

    private static bool IsSubsequence(string part, string whole)
    {
        var position = 0;
        foreach (var character in part)
        {
            position = whole.IndexOf(character, position) + 1;
            if (position == 0)
            {
                return false;
            }
        }

        return true;
    }

    private static byte[] Merge(string? old, Mode mode) =>
        RooModesMerge.Merge(old is null ? null : Encoding.UTF8.GetBytes(old), [mode], replace: false, ".roomodes").Content!;

    private static string Text(byte[] bytes) => Encoding.UTF8.GetString(bytes);

    private static IEnumerable<string> Modes(string text) =>
        RooModesFile.Read(Encoding.UTF8.GetBytes(text), "f").Modes.Select(mode => mode.Slug);
}
