using CsCheck;
using LoopOrchestrator.Core.Errors;
using LoopOrchestrator.Core.Memory;
using LoopOrchestrator.Core.Storage.Sqlite.Indexes;
using LoopOrchestrator.Testing;
using Microsoft.Extensions.Time.Testing;

namespace LoopOrchestrator.Core.Tests.Memory;

public sealed class MemorySearchTests : IDisposable
{
    private static readonly CancellationToken Token = TestContext.Current.CancellationToken;
    private readonly TemporaryFolder _folder = new();
    private readonly FakeTimeProvider _time = new(new DateTimeOffset(2026, 3, 4, 5, 6, 7, TimeSpan.Zero));
    private readonly MemorySearch _search;

    public MemorySearchTests() => _search = SqliteIndexes.MemorySearch(_folder.Paths);

    public void Dispose()
    {
        _search.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public async Task Find_RightAfterAppend_HasTheEntryWithItsFacts()
    {
        var result = await AppendAsync(
            "The port is in use\nafter a crash: kill it",
            MemorySection.Commands,
            "failure",
            "debug",
            pinned: true
        );

        var hit = Find("crash").Hits.Should().ContainSingle().Subject;

        hit.Should()
            .Be(
                new MemoryHit(
                    MemorySection.Commands,
                    _time.GetUtcNow(),
                    "debug",
                    "failure",
                    "The port is in use\nafter a «crash»: kill it",
                    "persistent-memory.md",
                    result.Line,
                    Pinned: true,
                    Archived: false,
                    1
                )
            );
        await AppendAsync("The port is in use\nafter a crash: kill it", MemorySection.Commands);
        Find("crash").Hits.Single().Seen.Should().Be(2);
    }

    [Theory]
    [InlineData("naive", true)]
    [InlineData("NAÏVE approach", true)]
    [InlineData("approach naive", true)]
    [InlineData("\"naive approach\"", true)]
    [InlineData("\"approach naive\"", false)]
    [InlineData("appro", false)]
    [InlineData("appro*", true)]
    [InlineData("naive -approach", false)]
    [InlineData("naive -\"approach failed\"", true)]
    [InlineData("naive -\"naive approach\"", false)]
    [InlineData("naive -other", true)]
    [InlineData("naive absent", false)]
    [InlineData("ask insight", true)]
    [InlineData("some_name", true)]
    [InlineData("name.some", false)]
    [InlineData("++ naive --", true)]
    public async Task Find_Words_AreUnderstood(string query, bool isFound)
    {
        await AppendAsync("A naïve Approach with some_name", category: "insight", mode: "ask");

        Find(query).Hits.Should().HaveCount(isFound ? 1 : 0);
        Find(query).Matching.Should().Be(isFound ? 1 : 0);
    }

    [Theory]
    [InlineData("")]
    [InlineData(" -- \"\" *")]
    [InlineData("-only")]
    [InlineData("\0")]
    public void Find_NoWords_IsRefused(string query) =>
        FluentActions.Invoking(() => Find(query)).Should().Throw<UserErrorException>().WithMessage("*no word*");

    [Fact]
    public void Find_LimitOrLengthOutOfRange_IsRefused()
    {
        FluentActions
            .Invoking(() => _search.Find(new MemoryQuery("x") { Limit = 0 }))
            .Should()
            .Throw<UserErrorException>()
            .WithMessage("limit is 0; it must be from 1 to 100.");
        FluentActions
            .Invoking(() => _search.Find(new MemoryQuery("x") { Limit = 101 }))
            .Should()
            .Throw<UserErrorException>()
            .WithMessage("limit is 101; it must be from 1 to 100.");
        FluentActions
            .Invoking(() => Find(new string('x', 1001)))
            .Should()
            .Throw<UserErrorException>()
            .WithMessage("The query has 1001 characters and may have 1000*");
    }

    [Fact]
    public async Task Find_AnyText_NeverReachesTheQueryLanguage()
    {
        await AppendAsync("x AND y OR z NOT near text: column");
        string[] words =
        [
            "\"",
            "'",
            "*",
            "-",
            "(",
            ")",
            "AND",
            "OR",
            "NOT",
            "NEAR(",
            "text:",
            "{a b}:",
            "^",
            "+",
            ";",
            "--",
            "\0",
            "\uD800",
            "²",
            "ꟊ",
            "😀",
            "\u00A0",
            "x",
            " ",
            "\\",
            "/*",
            "%",
            "a*b",
            "-\"",
            "\n",
        ];
        var text = Gen.OneOf(Gen.Int[0, words.Length - 1].Select(index => words[index]), Gen.String).Array[0, 8].Select(string.Concat);
        FixedSample.Run(text, 1000, query =>
        {
            try
            {
                Find(query).IndexProblem.Should().BeNull();
            }
            catch (UserErrorException exception)
            {
                exception.Message.Should().ContainAny("no word", "characters");
            }
        });
    }

    [Fact]
    public async Task Find_Filters_LeaveOut()
    {
        await AppendAsync("word one", MemorySection.Patterns, "a", "code");
        _time.Advance(TimeSpan.FromDays(1));
        await AppendAsync("word two", MemorySection.Updates, "b", "ask");
        await File.AppendAllTextAsync(_folder.Paths.Memory, "\n## Without a time\n- word three\n", Token);

        Lines(new MemoryQuery("word")).Should().HaveCount(3);
        Lines(new MemoryQuery("word") { Section = MemorySection.Patterns }).Should().Equal("«word» one");
        Lines(new MemoryQuery("word") { Mode = "ASK" }).Should().Equal("«word» two");
        Lines(new MemoryQuery("word") { Category = "A" }).Should().Equal("«word» one");
        Lines(new MemoryQuery("word") { Since = _time.GetUtcNow() }).Should().Equal("«word» two");
        _search
            .Find(new MemoryQuery("word") { Limit = 1 })
            .Should()
            .Match<MemorySearchResult>(result => result.Hits.Count == 1 && result.Matching == 3);
    }

    [Fact]
    public async Task Find_TheBestFirst_AmongEqualsTheNewerThenTheFileBeforeItsArchive()
    {
        await AppendAsync("alpha beta gamma");
        _time.Advance(TimeSpan.FromDays(1));
        await AppendAsync("alpha gamma beta");
        await AppendAsync("beta alpha alpha alpha");
        WriteArchive("archive-2026-01.md", "[2026-03-05T05:06:07.000Z] [unspecified] - [note]: gamma alpha beta\n");

        Lines(new MemoryQuery("alpha"))
            .Should()
            .Equal("beta «alpha» «alpha» «alpha»", "«alpha» gamma beta", "gamma «alpha» beta", "«alpha» beta gamma");
    }

    [Fact]
    public async Task Find_EntryInMemoryAndArchive_IsShownOnce()
    {
        await AppendAsync("stands twice");
        var entry = (await File.ReadAllTextAsync(_folder.Paths.Memory, Token)).Split("## ", 2)[1];
        WriteArchive("archive-2026-02.md", "## " + entry);
        WriteArchive("archive-2026-03.md", "## " + entry);

        Find("twice").Should().Match<MemorySearchResult>(result => result.Matching == 1 && !result.Hits[0].Archived);
        await File.WriteAllTextAsync(_folder.Paths.Memory, "", Token);
        Find("twice").Hits.Should().ContainSingle().Which.File.Should().Be(".loop/memory/archive-2026-03.md");
    }

    [Fact]
    public async Task Find_FilesThatChangeAndGo_AreFollowed()
    {
        await AppendAsync("first entry");
        WriteArchive("archive-2026-02.md", "## old\n- entry two\n## older\n- entry three\n");
        Lines(new MemoryQuery("entry")).Should().HaveCount(3);
        using var other = SqliteIndexes.MemorySearch(_folder.Paths);
        WriteArchive("archive-2026-02.md", "\n\n\n## older\n- entry three\n");

        other.Find(new MemoryQuery("entry")).Matching.Should().Be(2);
        _search.Find(new MemoryQuery("three")).Hits.Should().ContainSingle().Which.Line.Should().Be(5);
        File.Delete(Path.Combine(_folder.Paths.MemoryArchive, "archive-2026-02.md"));
        await File.WriteAllTextAsync(
            _folder.Paths.Memory,
            (await File.ReadAllTextAsync(_folder.Paths.Memory, Token)).Replace("first", "third", StringComparison.Ordinal),
            Token
        );

        Lines(new MemoryQuery("entry")).Should().Equal("third «entry»");
    }

    [Fact]
    public async Task Find_OnlyNewEntriesOfAChangedFile_AreEntered()
    {
        WriteArchive("archive-2026-02.md", string.Concat(Enumerable.Range(0, 50).Select(number => $"## g{number}\n- entry {number}\n")));
        Find("entry").Matching.Should().Be(50);
        var before = HighestRow();
        await File.AppendAllTextAsync(Path.Combine(_folder.Paths.MemoryArchive, "archive-2026-02.md"), "## new\n- entry 50\n", Token);

        Find("entry").Matching.Should().Be(51);

        (HighestRow() - before).Should().Be(1);

        long HighestRow()
        {
            using var connection = new Microsoft.Data.Sqlite.SqliteConnection(
                $"Data Source={Directory.GetFiles(_folder.Paths.Index, "*.db").Single()};Pooling=False"
            );
            connection.Open();
            using var command = connection.CreateCommand();
            command.CommandText = "SELECT max(id) FROM entries";
            return (long)command.ExecuteScalar()!;
        }
    }

    [Fact]
    public async Task Find_IndexUnavailable_SearchesTheFilesAndSaysSo()
    {
        await AppendAsync("still found");
        await File.WriteAllTextAsync(_folder.Paths.Index, "a file where the folder should be", Token);

        var result = Find("found");

        result.IndexProblem.Should().Contain(".loop/index");
        result.Hits.Should().ContainSingle().Which.Snippet.Should().Be("still «found»");
    }

    [Fact]
    public void Find_FolderWithoutState_StaysAsItIs()
    {
        File.WriteAllText(_folder.Paths.Memory, "# Patterns\n## Group\n- some text\n");

        Find("text").Should().Match<MemorySearchResult>(result => result.Hits.Count == 1 && result.IndexProblem == null);

        Directory.GetFileSystemEntries(_folder.FullPath).Should().Equal(_folder.Paths.Memory);
    }

    [Fact]
    public void Find_FileThatCannotBeRead_IsAClearError()
    {
        Directory.CreateDirectory(_folder.Paths.State);
        Directory.CreateDirectory(_folder.Paths.Memory);

        FluentActions.Invoking(() => Find("x")).Should().Throw<UserErrorException>().WithMessage("*cannot be read*");
    }

    [Fact]
    public async Task Find_EndlessWord_IsShownCut()
    {
        await AppendAsync(new string('y', 3000) + " here " + new string('z', 3000));

        Find("here").Hits.Single().Snippet.Should().Contain("«here»").And.HaveLength(322);
    }

    private MemorySearchResult Find(string text) => _search.Find(new MemoryQuery(text));

    private IEnumerable<string> Lines(MemoryQuery query) =>
        _search.Find(query).Hits.Select(static hit => hit.Snippet.Replace("- ", "", StringComparison.Ordinal));

    private async Task<MemoryAppendResult> AppendAsync(
        string text,
        MemorySection section = MemorySection.Updates,
        string? category = null,
        string? mode = null,
        bool pinned = false
    ) => await new MemoryStore(_folder.Paths, _time).AppendAsync(new MemoryAppend(section, text, category, mode, pinned), Token);

    private void WriteArchive(string name, string updates)
    {
        Directory.CreateDirectory(_folder.Paths.MemoryArchive);
        File.WriteAllText(Path.Combine(_folder.Paths.MemoryArchive, name), "# System Updates & Status\n" + updates);
    }
}
