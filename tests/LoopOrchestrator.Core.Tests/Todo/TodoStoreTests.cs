using System.Text;
using LoopOrchestrator.Core.Errors;
using LoopOrchestrator.Core.Todo;
using LoopOrchestrator.Testing;
using Microsoft.Extensions.Time.Testing;

namespace LoopOrchestrator.Core.Tests.Todo;

public sealed class TodoStoreTests : IDisposable
{
    private static readonly CancellationToken Token = TestContext.Current.CancellationToken;
    private readonly TemporaryFolder _folder = new();
    private readonly TodoStore _store;

    public TodoStoreTests() => _store = Store();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("- [ ] one\n- [X] two", "- [x] one\n- [X] two")]
    [InlineData("\uFEFF# T\r\n\r\n\t* [ ] **one**: text\r\n", "\uFEFF# T\r\n\r\n\t* [x] **one**: text\r\n")]
    [InlineData("1.  [ ] one [ ] [x]\u00A0\n", "1.  [x] one [ ] [x]\u00A0\n")]
    [InlineData("- \u00A0[ ] one\n", "- \u00A0[x] one\n")]
    public async Task TickAsync_OpenItem_ChangesTheBoxAndNothingElse(string before, string after)
    {
        Write(before);
        var id = Items()[0].Id;

        var change = await _store.TickAsync(id, isCompleted: true, Token);

        Read().Should().Be(after);
        change
            .Should()
            .Match<TodoChange>(one =>
                one.IsChanged
                && one.Item.IsCompleted
                && one.Item.Id == id
                && one.Statistics.Completed == Items().Count(item => item.IsCompleted)
            );
        Encoding
            .UTF8.GetString(File.ReadAllBytes(Directory.GetFiles(Path.Combine(_folder.Paths.Backups, "TODO.md")).Single()))
            .Should()
            .Be(before);
        await _store.TickAsync(id, isCompleted: false, Token);
        Read().Should().Be(before);
    }

    [Fact]
    public async Task TickAsync_AsItIsAlready_WritesNothing()
    {
        Write("- [x] one\n");
        var written = File.GetLastWriteTimeUtc(_folder.Paths.Todo);

        (await _store.TickAsync("one", isCompleted: true, Token))
            .Should()
            .Match<TodoChange>(change => !change.IsChanged && change.Item.IsCompleted);

        File.GetLastWriteTimeUtc(_folder.Paths.Todo).Should().Be(written);
        Directory.Exists(_folder.Paths.Backups).Should().BeFalse();
    }

    [Fact]
    public async Task TickAsync_BytesThatAreNoText_Stay()
    {
        byte[] before = [.. "- [ ] a"u8, 0xFF, 0x00, .. "\n- [ ] b\n"u8];
        await File.WriteAllBytesAsync(_folder.Paths.Todo, before, Token);

        await _store.TickAsync(Items()[0].Id, isCompleted: true, Token);

        before[3] = (byte)'x';
        (await File.ReadAllBytesAsync(_folder.Paths.Todo, Token)).Should().Equal(before);
    }

    [Fact]
    public async Task TickAsync_ItemThatWasMovedOrItsHeadingRenamed_IsFoundByItsOldId()
    {
        Write("## A\n- [ ] mine\n- [ ] other\n");
        var id = Items()[0].Id;
        Write("## B\n- [ ] other\n- [ ] Mine\n");

        var change = await _store.TickAsync(id, isCompleted: true, Token);

        Read().Should().Be("## B\n- [ ] other\n- [x] Mine\n");
        change.Item.Section.Should().Be("B");
        Write("## B\n- [ ] mine\n## C\n- [ ] mine\n");
        await Refused(() => _store.TickAsync(id, isCompleted: true, Token), $"2 items fit*{Items()[1].Id}*line 4*");
    }

    [Fact]
    public async Task TickAsync_Duplicates_AreToldApartByTheirIds()
    {
        Write("- [ ] same\n- [ ] same\n");

        await _store.TickAsync(Items()[1].Id, isCompleted: true, Token);

        Read().Should().Be("- [ ] same\n- [x] same\n");
        await Refused(() => _store.TickAsync("same", isCompleted: true, Token), "2 items fit*by its id*");
    }

    [Theory]
    [InlineData("Write docs")]
    [InlineData("**write**  `docs`")]
    [InlineData("Write docs: all of them")]
    public async Task TickAsync_ByText_FindsTheOnlyOne(string text)
    {
        Write(
            "- [ ] **Write docs** all of them\n- [ ] Write docs again\n".Replace(
                "** all",
                text.EndsWith("them", StringComparison.Ordinal) ? ":** all" : "** all",
                StringComparison.Ordinal
            )
        );
        text = text.Replace(":", "", StringComparison.Ordinal);

        (await _store.TickAsync(text, isCompleted: true, Token)).Item.Line.Should().Be(1);
    }

    [Fact]
    public async Task TickAsync_UnknownItem_NamesWhatIsNear()
    {
        Write("- [ ] Write the documentation\n- [ ] Other\n");
        var id = Items()[0].Id;
        var slip = (id[0] == '0' ? "1" : "0") + id[1..];

        await Refused(
            () => _store.TickAsync("documentation", isCompleted: true, Token),
            $"*Near it: {id} \"Write the documentation\" (line 1)*"
        );
        await Refused(() => _store.TickAsync(slip, isCompleted: true, Token), $"*Near it: {id}*");
        await Refused(() => _store.TickAsync("qqqqqqqqqqqq", isCompleted: true, Token), "*No item*list_todos*");
        await Refused(() => _store.TickAsync("", isCompleted: true, Token), "*No item*");
        Write("```\n- [ ] fenced\n```\n");
        await Refused(() => _store.TickAsync("fenced", isCompleted: true, Token), "*No item*");
    }

    [Theory]
    [InlineData("- [ ] a", "- [ ] a\n  - new\n")]
    [InlineData("- [ ] a\n\t- **K**: v\n\tmore\n- [ ] b\n", "- [ ] a\n\t- **K**: v\n\tmore\n\t- new\n- [ ] b\n")]
    [InlineData("- [ ] a\r\ngoes on\r\n\r\n- [ ] b\r\n    - n\r\n", "- [ ] a\r\ngoes on\r\n    - new\r\n\r\n- [ ] b\r\n    - n\r\n")]
    [InlineData("- [ ] a\n   - [ ] child\n     - of the child\n", "- [ ] a\n   - new\n   - [ ] child\n     - of the child\n")]
    [InlineData(
        "- [ ] a\n  - code:\n    ```\n\n    - [ ] x\n    ```\n\n  - stray\n",
        "- [ ] a\n  - code:\n    ```\n\n    - [ ] x\n    ```\n  - new\n\n  - stray\n"
    )]
    [InlineData("10. [ ] a\n## H\n", "10. [ ] a\n    - new\n## H\n")]
    public async Task NoteAsync_ItemWithNotes_StandsAfterThem(string before, string after)
    {
        Write(before);

        var change = await _store.NoteAsync("a", " new\n", Token);

        Read().Should().Be(after);
        change.Item.Notes.Should().Contain(note => note.Text == "new");
        (await _store.NoteAsync("a", "NEW", Token)).IsChanged.Should().BeFalse();
    }

    [Fact]
    public async Task NoteAsync_TextLikeAnItem_IsNone()
    {
        Write("- [ ] a\n");

        await _store.NoteAsync("a", "[x] b", Token);
        await _store.NoteAsync("a", "# c", Token);
        await _store.NoteAsync("a", "``` d", Token);

        Items().Should().ContainSingle().Which.Notes.Should().HaveCount(3);
    }

    [Theory]
    [InlineData("", "# TODO\n\n## S\n\n- [ ] new\n  - **Acceptance**: it is\n  - note\n")]
    [InlineData("# Plan", "# Plan\n\n## S\n\n- [ ] new\n  - **Acceptance**: it is\n  - note\n")]
    [InlineData("## S\n\n## T\n- [ ] t\n", "## S\n\n- [ ] new\n  - **Acceptance**: it is\n  - note\n\n## T\n- [ ] t\n")]
    [InlineData(
        "## S\r\ntext\r\n- plain\r\n## T",
        "## S\r\ntext\r\n- plain\r\n\r\n- [ ] new\r\n  - **Acceptance**: it is\r\n  - note\r\n## T"
    )]
    [InlineData(
        "# S\n* [ ] a\n\t* n\n\n* [x] b\n\n\n\t* stray\n\ntext\n# T\n- [ ] t\n",
        "# S\n* [ ] a\n\t* n\n\n* [x] b\n\n\n\t* stray\n\n* [ ] new\n\t- **Acceptance**: it is\n\t- note\n\ntext\n# T\n- [ ] t\n"
    )]
    [InlineData(
        "# S\n1. [ ] a\n   goes on\n   - [ ] child\n",
        "# S\n1. [ ] a\n   goes on\n   - [ ] child\n2. [ ] new\n   - **Acceptance**: it is\n   - note\n"
    )]
    [InlineData(
        "# S\n- plain\n  - [ ] a\n  - other\n",
        "# S\n- plain\n  - [ ] a\n  - other\n- [ ] new\n  - **Acceptance**: it is\n  - note\n"
    )]
    [InlineData(
        "# S\n- [ ] a\n<<<<<<< x\n- [ ] b\n=======\n- [ ] c\n>>>>>>> y\n# T\n",
        "# S\n- [ ] a\n- [ ] new\n  - **Acceptance**: it is\n  - note\n<<<<<<< x\n- [ ] b\n=======\n- [ ] c\n>>>>>>> y\n# T\n"
    )]
    public async Task AddAsync_ToASection_StandsAtItsEnd(string before, string after)
    {
        Write(before);

        var change = (await _store.AddAsync([new NewTodo("new", "s", "it is", ["note"])], Token)).Single();

        Read()
            .Should()
            .Be(
                after.Replace(
                    "## S\n\n- [ ] new",
                    before.Contains('S', StringComparison.Ordinal) ? "## S\n\n- [ ] new" : "## s\n\n- [ ] new",
                    StringComparison.Ordinal
                )
            );
        change
            .Should()
            .Match<TodoChange>(one =>
                one.IsChanged
                && one.Item.Title == "new"
                && one.Item.Acceptance == "it is"
                && one.Item.Notes.Count == 2
                && !one.Item.IsCompleted
            );
    }

    [Fact]
    public async Task AddAsync_MissingFile_IsCreatedAndTheInboxIsForWhatNamesNoSection()
    {
        await _store.AddAsync([new NewTodo("a")], Token);
        await _store.AddAsync([new NewTodo("b")], Token);

        Read().Should().Be("# TODO\n\n## Inbox\n\n- [ ] a\n- [ ] b\n");
    }

    [Fact]
    public async Task AddAsync_Several_OnceEachInTheOrderGiven()
    {
        Write("# A\n- [ ] open thing\n- [x] done thing\n");

        var changes = await _store.AddAsync(
            [
                new NewTodo("x", "A"),
                new NewTodo("Open  *thing*", "A"),
                new NewTodo("y", "B"),
                new NewTodo("X", "a"),
                new NewTodo("open thing", "B"),
                new NewTodo("done thing", "A"),
                new NewTodo("z", "A > B"),
            ],
            Token
        );

        changes
            .Select(change => (change.Item.Title, change.Item.Section, change.IsChanged))
            .Should()
            .Equal(
                ("x", "A", true),
                ("open thing", "A", false),
                ("y", "A > B", true),
                ("x", "A", false),
                ("open thing", "A > B", true),
                ("done thing", "A", true),
                ("z", "A > B", true)
            );
        Read()
            .Should()
            .Be("# A\n- [ ] open thing\n- [x] done thing\n- [ ] x\n- [ ] done thing\n\n## B\n\n- [ ] y\n- [ ] open thing\n- [ ] z\n");
        changes.Select(change => change.Item.Id).Distinct(StringComparer.Ordinal).Should().HaveCount(6);
        Directory.GetFiles(Path.Combine(_folder.Paths.Backups, "TODO.md")).Should().ContainSingle("all of it is one change");
        var before = Read();
        (await _store.AddAsync([new NewTodo("x", "A")], Token)).Single().IsChanged.Should().BeFalse();
        Read().Should().Be(before);
    }

    [Theory]
    [InlineData("two\nlines\r\nand\ta tab\0", "two lines and a tab")]
    [InlineData("[x] box", "[x] box")]
    [InlineData("# heading", "# heading")]
    [InlineData("```", "```")]
    [InlineData("<!-- a", "<!-- a")]
    public async Task AddAsync_AnyText_IsOneItem(string text, string title)
    {
        await _store.AddAsync([new NewTodo(text), new NewTodo("next")], Token);

        Items().Select(item => item.Title).Should().Equal(title, "next");
    }

    [Fact]
    public async Task AddAsync_HalfACharacter_IsMadeAWholeOne()
    {
        var change = await _store.AddAsync([new NewTodo("half \uD800")], Token);

        change.Single().Item.Title.Should().Be("half \uFFFD");
    }

    [Fact]
    public async Task BadInput_IsRefused_AndChangesNothing()
    {
        const string before = "# A\n## Same\n- [ ] a\n# B\n## Same\n- [ ] a2\n";
        Write(before);
        await Refused(() => _store.AddAsync([new NewTodo("good"), new NewTodo(" \n")], Token), "*text is empty*");
        await Refused(() => _store.AddAsync([new NewTodo(new string('x', 2001))], Token), "*2001 characters*");
        await Refused(() => _store.AddAsync([new NewTodo("x", "same")], Token), "2 headings*\"A > Same\"; \"B > Same\"*");
        await Refused(() => _store.AddAsync([new NewTodo("x", "A > No")], Token), "*No heading has the path*");
        await Refused(() => _store.NoteAsync("a", " ", Token), "*note is empty*");
        Read().Should().Be(before);
        await _store.AddAsync([new NewTodo("x", "B > Same")], Token);
        Read().Should().Be(before + "- [ ] x\n");

        await File.WriteAllTextAsync(_folder.Paths.Todo, "- [ ] a\n", Encoding.Unicode, Token);
        await Refused(() => _store.TickAsync("a", isCompleted: true, Token), "*UTF-16*");
    }

    [Fact]
    public async Task Stores_ManyAtOnce_LoseNothing()
    {
        Write("# S\n" + string.Concat(Enumerable.Range(0, 20).Select(static number => $"- [ ] item {number}\n")));
        await Task.WhenAll(
            Enumerable
                .Range(0, 20)
                .Select(number =>
                    Task.Run(
                        async () =>
                        {
                            await Store().TickAsync($"item {number}", isCompleted: true, Token);
                            await Store().AddAsync([new NewTodo($"new {number}", number % 2 == 0 ? "S" : "T")], Token);
                            await Store().NoteAsync($"item {number}", $"note {number}", Token);
                        },
                        Token
                    )
                )
        );

        var items = Items();
        items
            .Where(item => item.IsCompleted)
            .Select(item => item.Title)
            .Should()
            .BeEquivalentTo(Enumerable.Range(0, 20).Select(number => $"item {number}"));
        items
            .Where(item => item.IsCompleted)
            .Should()
            .OnlyContain(item =>
                item.Notes.Count == 1 && item.Notes[0].Text == item.Title.Replace("item", "note", StringComparison.Ordinal)
            );
        items.Select(item => item.Title).Should().Contain(Enumerable.Range(0, 20).Select(number => $"new {number}"));
    }

    [Fact]
    public async Task Editor_ThatSavesMeanwhile_LosesNothing()
    {
        Write("- [ ] a\n");
        var editor = new ActingTime(() => Write("- [ ] from the editor\n- [ ] a\n  - its note\n"));

        var change = await new TodoStore(_folder.Paths, editor).TickAsync("a", isCompleted: true, Token);

        Read().Should().Be("- [ ] from the editor\n- [x] a\n  - its note\n");
        change.Item.Line.Should().Be(2);
    }

    private TodoStore Store() => new(_folder.Paths, new FakeTimeProvider());

    private void Write(string text) => File.WriteAllBytes(_folder.Paths.Todo, Encoding.UTF8.GetBytes(text));

    private string Read() => Encoding.UTF8.GetString(File.ReadAllBytes(_folder.Paths.Todo));

    private IReadOnlyList<TodoItem> Items() => TodoReader.Read(_folder.Paths, new TodoFilter { IncludeCompleted = true }).Items;

    private static async Task Refused<T>(Func<ValueTask<T>> call, string message) =>
        await FluentActions.Awaiting(async () => await call()).Should().ThrowAsync<UserErrorException>().WithMessage(message);

    /// <summary>
    /// Acts when it is first asked for the time: the store does so to name a backup, between reading the file and replacing it.
    /// </summary>
    private sealed class ActingTime(Action act) : TimeProvider
    {
        private Action? _act = act;

        public override DateTimeOffset GetUtcNow()
        {
            Interlocked.Exchange(ref _act, null)?.Invoke();
            return DateTimeOffset.UnixEpoch;
        }
    }
}
