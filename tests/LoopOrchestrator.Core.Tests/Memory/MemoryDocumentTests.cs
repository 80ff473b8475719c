using System.Text;
using CsCheck;
using LoopOrchestrator.Core.Errors;
using LoopOrchestrator.Core.Markdown;
using LoopOrchestrator.Core.Memory;

namespace LoopOrchestrator.Core.Tests.Memory;

public sealed class MemoryDocumentTests
{
    [Fact]
    public void FindDecided_MergeConflict_LeavesItsEntriesOut()
    {
        const string Entry = "## [2026-01-01T00:00:00.000Z] [code] - [x]\n- **Finding**: ";
        var document = MemoryDocument.Parse(
            Encoding.UTF8.GetBytes(
                $"# Updates\n\n{Entry}before\n\n<<<<<<< HEAD\n{Entry}one\n\n=======\n{Entry}two\n\n>>>>>>> x\n{Entry}after\n"
            )
        );

        string.Join(' ', document.FindDecided().Select(block => document.Describe(block, "f", archived: false).Text))
            .Should()
            .NotContain("one")
            .And.NotContain("two")
            .And.Contain("after");
    }

    // The lines of a section after its heading, and the texts of the entries that stand in no conflict.
    [Theory]
    [InlineData("## A\n- a\n<<<<<<< HEAD\n## B\n- b\n=======\n## C\n- c\n>>>>>>> x\n## D\n- d\n", "- a|- d")]
    [InlineData("## A\n- a\n<<<<<<< HEAD\n- b\n=======\n- c\n>>>>>>> x\n- more\n## D\n- d\n", "- d")]
    [InlineData("## A\n- a\n<<<<<<< HEAD\n=======\n## C\n- c\n>>>>>>> x\n- more\n## D\n- d\n", "- d")]
    [InlineData("## A\n- a\n<<<<<<< HEAD\n## B\n=======\n## C\n- c\n>>>>>>> x\n- more\n## D\n- d\n", "- a|- d")]
    [InlineData("- a\n<<<<<<< HEAD\n- b\n||||||| base\n=======\n- c\n>>>>>>> x\n- d\n", "- a|- d")]
    [InlineData("[2026-01-01T00:00:00.000Z] [a] - [b]: one\n<<<<<<< x\n  - b\n=======\n>>>>>>> x\n## D\n- d\n", "- d")]
    [InlineData("## A\n```\n<<<<<<< HEAD\n```\n## D\n- d\n", "```\n<<<<<<< HEAD\n```|- d")]
    [InlineData("## A\n```\n<<<<<<< a\n=======\n>>>>>>> b\n```\n## D\n- d\n", "```\n<<<<<<< a\n=======\n>>>>>>> b\n```|- d")]
    [InlineData("## A\n- a\n<<<<<<< a\n## B\n```x\n=======\n## C\n```y\n>>>>>>> b\ncode\n```\n## D\n- d\n", "- a|- d")]
    [InlineData("## A\n```\nx\n<<<<<<< a\nb\n```\n=======\nc\n```\n>>>>>>> b\n## D\n- d\n", "- d")]
    [InlineData("## A\n- a\n<<<<<<< HEAD\n## B\n- b\n## C\n- c\n", "- a|- b|- c")]
    [InlineData("## A\n- a\n<<<<<<< HEAD\n- b\n## C\n- c\n>>>>>>> x\n", "- c\n>>>>>>> x")]
    [InlineData("## A\n- a\n<<<<<<< HEAD\n## B\n<<<<<<< HEAD\n## C\n=======\n>>>>>>> x\n## D\n- d\n", "- a||- d")]
    public void FindDecided_ConflictsOfAllForms_LeavesOutWhatIsInThemAndNothingElse(string lines, string texts)
    {
        var document = Parse("# Patterns\n" + lines);

        string.Join('|', document.FindDecided().Select(block => document.Describe(block, "f", archived: false).Text)).Should().Be(texts);
    }

    // What stands in the section, and what the file is when an entry was put at its end; nothing when that is refused.
    [Theory]
    [InlineData("## A\n<<<<<<< a\n## B\n=======\n## C\n>>>>>>> b\n", "## A\n<<<<<<< a\n## B\n=======\n## C\n>>>>>>> b\n\n## N\n- n\n")]
    [InlineData(
        "## A\n\n<<<<<<< a\n## B\n# Updates\n=======\n# Updates\n## C\n>>>>>>> b\n",
        "## A\n\n## N\n- n\n\n<<<<<<< a\n## B\n# Updates\n=======\n# Updates\n## C\n>>>>>>> b\n"
    )]
    [InlineData("## A\n<<<<<<< a\n- b\n# Updates\n=======\n# Updates\n- c\n>>>>>>> b\n", null)]
    [InlineData("- a\n<<<<<<< a\n- b\n# Updates\n=======\n# Updates\n- c\n>>>>>>> b\n", null)]
    [InlineData("## A\n<<<<<<< a\n- b\n", "## A\n<<<<<<< a\n- b\n\n## N\n- n\n")]
    public void Append_BesideAConflict_IsNeverWithinIt(string lines, string? expected)
    {
        const string Others = "# Development & Debug Commands\n\n# System Updates & Status\n\n# Patterns\n";
        var document = Parse(Others + lines);

        var append = () => document.Append(MemorySection.Patterns, ["## N", "- n"]);

        if (expected is null)
        {
            append.Should().Throw<UserErrorException>().WithMessage("Lines 7 to 13 of the memory are a merge conflict*nothing was added*");
            return;
        }

        append();
        Encoding.UTF8.GetString(document.ToBytes()).Should().Be(Others + expected);
        document
            .FindDecided()
            .Should()
            .ContainSingle(block => document.Describe(block, "f", false).Text == "- n")
            .Which.Section.Should()
            .Be(MemorySection.Patterns);
    }

    [Fact]
    public void Diagnostics_MergeConflict_IsAnErrorAtItsLine() =>
        MemoryDocument
            .Parse(Encoding.UTF8.GetBytes("# Patterns\n\n<<<<<<< HEAD\n- one\n=======\n- two\n>>>>>>> x\n"))
            .Diagnostics("memory.md")
            .Select(static found => found.ToString())
            .Should()
            .ContainSingle(static found => found.StartsWith("memory.md:3: error: Lines 3 to 7 are a merge conflict"));

    private static readonly string[] Words =
    [
        "\n",
        "\r\n",
        "\n\n",
        "# Non-Obvious Implementation Patterns\n",
        "# system updates\n",
        "# Something else\n",
        "# commands\n",
        "## A group\n",
        "### deeper\n",
        "## [2026-01-01T00:00:00.000Z] [code] - [x]\n",
        "- **Finding**: one\n",
        "  - child\n",
        "[2026-01-01T00:00:00.000Z] [code] - [x]: text\n",
        "```\n",
        "~~~~\n",
        "\uFEFF",
        "- **Seen**: 3 times, last 2026-01-01T00:00:00.000Z\n",
        "text",
        " [pinned]",
    ];

    private static readonly string[] Markers = ["<<<<<<< HEAD\n", "=======\n", ">>>>>>> x\n"];

    private static readonly Gen<byte[]> AnyFile = Gen.OneOf(
            Gen.Byte.Array[0, 8],
            Gen.Int[0, Words.Length - 1].Select(index => Encoding.UTF8.GetBytes(Words[index]))
        )
        .Array[0, 40]
        .Select(pieces => pieces.SelectMany(piece => piece).ToArray());

    [Fact]
    public void ToBytes_AnyBytesUnchanged_IsTheIdentity() => FixedSample.Run(AnyFile, 500, bytes =>
        {
            var document = MemoryDocument.Parse(bytes);
            document.ToBytes().Should().Equal(bytes);
            document.ByteCount.Should().Be(bytes.Length);
            document.Diagnostics("f").All(diagnostic => diagnostic.Line > 0).Should().BeTrue();
            document.Blocks.Zip(document.Blocks.Skip(1)).All(pair => pair.First.End <= pair.Second.Start).Should().BeTrue();
        });

    [Fact]
    public void Append_AnyBytes_KeepsEveryLineAndComesBack() =>
        FixedSample.Run(AnyFile.Where(bytes => bytes is not ([0xFF, 0xFE, ..] or [0xFE, 0xFF, ..])), 500, bytes =>
        {
            var before = Lines(bytes);
            var document = MemoryDocument.Parse(bytes);

            var block = document.Append(MemorySection.Commands, ["## [2026-02-02T00:00:00.000Z] [code] - [new]", "- **Finding**: it"]);

            var entry = document.Describe(block, "f", archived: false);
            (entry.Section, entry.Text).Should().Be((MemorySection.Commands, "it"));
            Lines(document.ToBytes()).Where(line => line.Length > 0).Should().ContainInOrder(before.Where(line => line.Length > 0));
        });

    [Fact]
    public void AppendAndRemove_AnyConflicts_LeaveThemWhole() =>
        FixedSample.Run(
            Gen.Int[0, Words.Length + Markers.Length - 1]
                .Array[0, 40]
                .Select(static places =>
                    string.Concat(places.Select(static at => at < Words.Length ? Words[at] : Markers[at - Words.Length]))
                ),
            1000,
            text =>
            {
                var document = Parse(text);
                var before = Conflicts(document);
                document.Remove(document.FindDecided().Where(static block => block.Start % 2 == 0).ToList());
                Assert.Equal(before, Conflicts(document));
                try
                {
                    var block = document.Append(MemorySection.Commands, ["## [2026-02-02T00:00:00.000Z] [code] - [new]", "- it"]);
                    Assert.Contains(block, document.FindDecided());
                    Assert.Equal(before, Conflicts(document));
                }
                catch (UserErrorException refused)
                {
                    Assert.Contains("are a merge conflict", refused.Message, StringComparison.Ordinal);
                }
            }
        );

    [Theory]
    [InlineData("# non obvious patterns", MemorySection.Patterns)]
    [InlineData("# Non-Obvious Implementation patterns", MemorySection.Patterns)]
    [InlineData("# Development & Debug Commands", MemorySection.Commands)]
    [InlineData("# development and debug commands #", MemorySection.Commands)]
    [InlineData("# system updates", MemorySection.Updates)]
    [InlineData("#  System Updates & Status:", MemorySection.Updates)]
    internal void Parse_SectionAlias_IsRead(string heading, MemorySection section) =>
        Parse($"{heading}\n\n## group\n- a\n").Blocks.Should().ContainSingle().Which.Section.Should().Be(section);

    [Fact]
    public void Parse_AllEntryForms_AreRead()
    {
        var document = Parse(
            """
            # Non-Obvious Implementation Patterns
            ## Group
            - **Term**: text
              - nested
            ### Deeper
            - more
            ## Kept [pinned]
            - a

            # System Updates & Status
            ```
            ## [2026-01-01T00:00:00.000Z] [mode] - [template]
            # System Updates
            ```
            ## [2026-01-01T00:00:00.000Z] [code] - [one]
            - Finding: first
            ## [2026-01-02T00:00:00.123456Z] [ask] - [two]: described
            - **Status**: fine
            [2026-01-03T00:00:00.000Z] [debug] - [three]: in one line
            - [2026-01-04T00:00:00.000Z] [Fallback MCP] - plain text
            """
        );

        var entries = document.Blocks.Select(block => document.Describe(block, "f", archived: false)).ToList();
        entries
            .Select(entry => (entry.Mode, entry.Category, entry.Text, entry.Pinned))
            .Should()
            .Equal(
                (null, "Group", "- **Term**: text\n  - nested\n### Deeper\n- more", false),
                (null, "Kept", "- a", true),
                (null, null, "```\n## [2026-01-01T00:00:00.000Z] [mode] - [template]\n# System Updates\n```", false),
                ("code", "one", "first", false),
                ("ask", "two", "described\n- **Status**: fine", false),
                ("debug", "three", "in one line", false),
                ("Fallback MCP", null, "plain text", false)
            );
        document.Diagnostics("f").Should().BeEmpty();
    }

    [Fact]
    public void Findings_TornEntriesAndFourthSection_AreReportedWithTheirLines()
    {
        var document = Parse(
            """
            # System Updates & Status
            ## [2026-01-01T00:00:00.000Z] [code] - [torn]
            ## [2026-01-02T00:00:00.000Z] [code] - [whole]
            - **Finding**: whole

            - **Finding**: orphan
            # Mine
            text
            # System Updates
            """
        );

        document.Diagnostics("f").Select(diagnostic => diagnostic.Line).Should().Equal(2, 6, 7, 9);
        document.Blocks.Should().HaveCount(3);
    }

    [Fact]
    public void Append_MissingSections_AreCreatedInOrder()
    {
        var document = Parse("# Mine\r\ntext\r\n# system updates\r\n- x");

        document.Append(MemorySection.Patterns, ["## [2026-02-02T00:00:00.000Z] [code] - [new]", "- **Finding**: it"]);

        Encoding
            .UTF8.GetString(document.ToBytes())
            .Should()
            .Be(
                "# Mine\r\ntext\r\n\r\n# Non-Obvious Implementation Patterns\r\n\r\n## [2026-02-02T00:00:00.000Z] [code] "
                    + "- [new]\r\n- **Finding**: it\r\n\r\n# Development & Debug Commands\r\n\r\n# system updates\r\n- x"
            );
    }

    private static MemoryDocument Parse(string text) => MemoryDocument.Parse(Encoding.UTF8.GetBytes(text));

    // The complete ones, as they stand in the file.
    private static List<string> Conflicts(MemoryDocument document)
    {
        var lines = SourceText.Parse(document.ToBytes()).Lines;
        return
        [
            .. MergeConflicts
                .Find(lines)
                .All.Where(static conflict => conflict.IsComplete)
                .Select(conflict => string.Join('\n', lines[conflict.Begin..conflict.End].Select(static line => line.Text))),
        ];
    }

    private static string[] Lines(byte[] bytes) =>
        Encoding
            .Latin1.GetString(bytes.AsSpan().StartsWith("\uFEFF"u8) ? bytes[3..] : bytes)
            .Replace("\r", "", StringComparison.Ordinal)
            .Split('\n');
}
