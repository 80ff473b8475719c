using System.Text;
using CsCheck;
using LoopOrchestrator.Core.Diagnostics;
using LoopOrchestrator.Core.Errors;
using LoopOrchestrator.Core.Todo;
using LoopOrchestrator.Testing;

namespace LoopOrchestrator.Core.Tests.Todo;

public sealed class TodoReaderTests
{
    private const string Plan = """
        # Plan
        - [ ] **Bold title**: with detail
        	- **Acceptance**: it works
          - Owner: @maintainer
          - Priority: high
          plain note
          - [x] nested
            - note of the nested one
        ## Done
        * [X] finished
        ```
        - [ ] in a fence
        ```
        - **No box**
          - note of nothing
        1. [ ] numbered
        - [ ] finished twice
        - [ ] Finished  *twice*
        - [y] no box either
        """;

    [Theory]
    [InlineData(
        "- [ ] zero\n<<<<<<< HEAD\n- [ ] one\n=======\n- [ ] two\n>>>>>>> x\n  - note\n- [ ] three\n",
        "zero three",
        2,
        "Lines 2 to 6"
    )]
    [InlineData("<<<<<<<\r\n- [ ] one\r\n||||||| base\r\n=======\r\n>>>>>>>\r\n- [ ] two\r\n", "two", 1, "Lines 1 to 5")]
    [InlineData("- [ ] zero\n<<<<<<< HEAD\n- [ ] one\n", "zero", 2, "Lines 2 to 3")]
    [InlineData("- [ ] zero\n<<<<<<< HEAD\n- [ ] one\n# Next\n- [ ] two\n", "zero two", 2, "Lines 2 to 3 follow")]
    [InlineData("- [ ] zero\n```\n<<<<<<< HEAD\n```\n- [ ] one\n", "zero one", null, null)]
    [InlineData("Plan\n=======\n- [ ] one\n<<<<<<<< eight\n  <<<<<<< indented\n- [ ] two\n", "one two", null, null)]
    public void Parse_MergeConflict_IsAnErrorAndHandsOutNoItemOfIt(string plan, string titles, int? line, string? lines)
    {
        var document = Parse(plan);

        document.Items.Select(static item => item.Title).Should().Equal(titles.Split(' '));
        document.Items.Should().OnlyContain(static item => item.Notes.All(static note => note.Text != "note"));
        var errors = document.Diagnostics.Where(static found => found.Severity == DiagnosticSeverity.Error).ToList();
        errors.Should().HaveCount(line is null ? 0 : 1);
        errors.ForEach(found =>
        {
            found.Line.Should().Be(line);
            found.Message.Should().StartWith(lines);
        });
    }

    [Fact]
    public void Parse_AllForms_AreItemsWithNotes()
    {
        var items = Parse(Plan).Items;

        items
            .Select(item => (item.Title, item.Detail, item.IsCompleted, item.Section, item.Line, item.Depth))
            .Should()
            .Equal(
                ("Bold title", "with detail", false, "Plan", 2, 0),
                ("nested", "", true, "Plan", 7, 1),
                ("finished", "", true, "Plan > Done", 10, 0),
                ("numbered", "", false, "Plan > Done", 16, 0),
                ("finished twice", "", false, "Plan > Done", 17, 0),
                ("Finished  *twice*", "", false, "Plan > Done", 18, 0)
            );
        items[0].Should().Match<TodoItem>(item => item.Acceptance == "it works" && item.Owner == "@maintainer" && item.Priority == "high");
        items[0].Notes[^1].Should().Be(new TodoNote(6, null, "plain note"));
        items[1].ParentId.Should().Be(items[0].Id);
        items[1].Notes.Should().ContainSingle();
        items.Select(item => item.Id).Should().OnlyHaveUniqueItems().And.AllSatisfy(id => id.Should().MatchRegex("^[0-9a-f]{12}$"));
    }

    [Fact]
    public void Parse_EditsElsewhere_KeepIds()
    {
        var before = Parse(Plan).Items.Select(item => item.Id);
        var edited =
            "- [ ] above all\n\n"
            + Plan.Replace("[x]", "[ ]", StringComparison.Ordinal).Replace("plain note", "other note\n\n", StringComparison.Ordinal);

        Parse(edited).Items.Skip(1).Select(item => item.Id).Should().Equal(before);
    }

    [Fact]
    public void Parse_RepeatedItemAndStrayNotes_AreFindings()
    {
        var diagnostics = Parse("- [ ] a\n  - **Status**: x\n\n  - **Status**: y\n- [ ] A\n").Diagnostics;

        diagnostics.Select(diagnostic => diagnostic.Line).Should().Equal(4, 5);
    }

    [Fact]
    public void Read_Filters_LeaveStatisticsAlone()
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(folder.Paths.Todo, Plan);

        TodoReader
            .Read(folder.Paths)
            .Should()
            .Match<TodoReading>(reading =>
                reading.Items.Count == 4 && reading.Statistics == new TodoStatistics(6, 2) && reading.Statistics.Open == 4
            );
        TodoReader.Read(folder.Paths, new TodoFilter { IncludeCompleted = true, Section = "done" }).Items.Should().HaveCount(4);
        TodoReader.Read(folder.Paths, new TodoFilter { Query = "MAINTAINER bold" }).Items.Should().ContainSingle();
        TodoReader
            .Read(folder.Paths, new TodoFilter { Limit = 1 })
            .Should()
            .Match<TodoReading>(reading => reading.Items.Count == 1 && reading.Matching == 4);
        FluentActions
            .Invoking(() => TodoReader.Read(folder.Paths, new TodoFilter { Limit = 0 }))
            .Should()
            .Throw<UserErrorException>()
            .WithMessage("limit is 0; it must be at least 1.");
    }

    [Fact]
    public void Read_MissingFileOrFolder_IsEmptyOrAClearError()
    {
        using var folder = new TemporaryFolder();

        TodoReader
            .Read(folder.Paths)
            .Should()
            .Match<TodoReading>(reading => reading.Items.Count == 0 && reading.Statistics.CompletedRate == 0);
        Directory.CreateDirectory(folder.Paths.Todo);
        FluentActions.Invoking(() => TodoReader.Read(folder.Paths)).Should().Throw<UserErrorException>().WithMessage("*TODO.md*folder*");
    }

    [Fact]
    public void Parse_AnyBytes_NeverThrowsAndIsTheIdentity()
    {
        string[] words =
        [
            "- [ ] a",
            "- [x] **b**: c",
            "\n",
            "\r\n",
            "\t- **K**: v",
            "  ",
            "# h",
            "```",
            "~~~",
            "1. [ ] d",
            "**",
            "[",
            "- ",
            "\uFEFF",
            "\n\n\t- **K**: w",
        ];
        var piece = Gen.OneOf(Gen.Byte.Array[0, 8], Gen.Int[0, words.Length - 1].Select(index => Encoding.UTF8.GetBytes(words[index])));
        FixedSample.Run(piece.Array[0, 40].Select(pieces => pieces.SelectMany(one => one).ToArray()), 300, bytes =>
        {
            var document = TodoDocument.Parse(bytes, "f");
            document.ToBytes().Should().Equal(bytes);
            Assert.DoesNotContain(document.Diagnostics, static diagnostic => !(diagnostic.Line > 0));
            document.Items.Select(static item => item.Id).Should().OnlyHaveUniqueItems();
        });
    }

    [Fact]
    public void Parse_EightHundredKilobytes_FindsEveryItem()
    {
        var text = string.Concat(
            Enumerable
                .Range(0, 10_000)
                .Select(number =>
                    $"{(number % 50 == 0 ? $"## Part {number}\n" : "")}- [ ] **Item {number}** with some text in it\n  - "
                    + $"**Acceptance**: number {number} is done\n\n"
                )
        );
        text.Length.Should().BeGreaterThan(800_000);

        Parse(text).Items.Should().HaveCount(10_000);
    }

    private static TodoDocument Parse(string text) => TodoDocument.Parse(Encoding.UTF8.GetBytes(text), "TODO.md");
}
