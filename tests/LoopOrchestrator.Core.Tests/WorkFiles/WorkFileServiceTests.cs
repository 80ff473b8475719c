using System.Globalization;
using System.Text;
using LoopOrchestrator.Core.Errors;
using LoopOrchestrator.Core.Secrets;
using LoopOrchestrator.Core.WorkFiles;
using LoopOrchestrator.Testing;

namespace LoopOrchestrator.Core.Tests.WorkFiles;

/// <summary>Files of a workspace as its clients read, list, search, write and bring them back.</summary>
public sealed class WorkFileServiceTests : IDisposable
{
    private const string Key = "sk-live-4242424242424242";

    // What another program puts among the backups, but for the number.
    private const string Planted = ".loop/backups/files/20260101T000000Z-0000000a-";

    // Throws for half a character.
    private static readonly UTF8Encoding Strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    private readonly TestWorkspace _test = new();
    private readonly JumpingTime _time = new(new DateTimeOffset(2026, 11, 30, 10, 0, 0, TimeSpan.Zero));
    private readonly WorkFileService _files;

    public WorkFileServiceTests() =>
        _files = new WorkFileService(_test.Paths, new Redactor([KeyValuePair.Create("SHOP_TOKEN", Key)]), _time);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose() => _test.Dispose();

    [Theory]
    [InlineData("")]
    [InlineData("one line")]
    [InlineData("a\nb\n")]
    [InlineData("\n\n\n")]
    [InlineData("a\r\nb\r\nc")]
    [InlineData("ä😀😀😀😀😀😀😀😀😀😀😀😀\nshort\n")]
    [InlineData("0123456789012345678901234567890123456789012345678901234567890123456789\nend")]
    public void Read_PageAfterPage_GivesTheWholeFile(string text)
    {
        Put("a.txt", text);
        var whole = new StringBuilder();
        string? cursor = null;
        var pages = 0;
        do
        {
            var page = _files.Read("a.txt", 1, cursor, static part => Strict.GetByteCount(part), 16);
            page.Text.Length.Should().BeLessThanOrEqualTo(16);
            whole.Append(page.Text);
            cursor = page.NextCursor;
        } while (cursor is not null && ++pages < 100);

        whole.ToString().Should().Be(text);
    }

    [Fact]
    public void Read_FromALine_NamesItsLines()
    {
        Put("a.txt", "one\ntwo\nthree\nfour\n");

        var page = _files.Read("a.txt", 2, null, static part => part.Length, 10);

        page.Text.Should().Be("two\nthree\n");
        (page.FirstLine, page.LastLine, page.Lines).Should().Be((2, 3, 4));
        _files.Read("a.txt", 1, page.NextCursor, static part => part.Length, 10).FirstLine.Should().Be(4);
        Refusal(() => _files.Read("a.txt", 5, null, static part => part.Length, 10)).Should().Contain("has 4 lines");
    }

    [Fact]
    public void Read_FileThatChangedBetweenPages_SaysSo()
    {
        Put("a.txt", "one\ntwo\n");
        var page = _files.Read("a.txt", 1, null, static part => part.Length, 4);
        Put("a.txt", "one\nsix\n");

        Refusal(() => _files.Read("a.txt", 1, page.NextCursor, static part => part.Length, 4)).Should().Contain("has changed");
        Refusal(() => _files.Read("a.txt", 1, "nonsense", static part => part.Length, 4)).Should().Contain("is not one of read_file");
    }

    [Theory]
    [InlineData(new byte[] { 65, 0, 66 })]
    [InlineData(new byte[] { 0xC3, 0x28 })]
    public void Read_WhatIsNoText_IsRefused(byte[] content)
    {
        File.WriteAllBytes(At("a.bin"), content);

        Refusal(() => _files.Read("a.bin", 1, null, static part => part.Length, 100)).Should().Contain("is no text");
    }

    [Fact]
    public async Task Read_Credential_IsTakenOutAndWhatWasShownIsNotWrittenBack()
    {
        Put("a.txt", $"key = {Key}\n");

        var page = _files.Read("a.txt", 1, null, static part => part.Length, 100);
        page.Text.Should().NotContain(Key).And.Contain(WorkFileWriter.Redacted);
        page.IsRedacted.Should().BeTrue();
        Find("key").Hits.Should().ContainSingle().Which.Text.Should().NotContain(Key);

        (await RefusalAsync(() => _files.WriteAsync("a.txt", page.Text, append: false, null, Token))).Should().Contain("credential");
        (await File.ReadAllTextAsync(At("a.txt"), Token)).Should().Contain(Key);
    }

    [Theory]
    [InlineData(null, "about [redacted:x]", false, true)]
    [InlineData("plain", "about [redacted:x]", false, true)]
    [InlineData("about [redacted:x]", "[redacted:x] and [redacted:y]", false, true)]
    [InlineData($"key = {Key}\n", "see [redacted:x]", true, true)]
    [InlineData($"key = {Key}\n", "key = none", false, true)]
    [InlineData($"[redacted:x]\nkey = {Key}\n", "[redacted:x]\nkey = none", false, true)]
    [InlineData($"[redacted:x]\nkey = {Key}\n", "[redacted:x]\nkey = [redacted:y]\n", false, false)]
    [InlineData($"key = {Key}\n", "key = [redacted:y]\n", false, false)]
    public async Task Write_WithMarksOfCredentials_IsRefusedOnlyWhereOneWouldBeLost(string? old, string content, bool append, bool written)
    {
        if (old is not null)
        {
            Put("a.txt", old);
        }

        var write = () => _files.WriteAsync("a.txt", content, append, null, Token);
        if (written)
        {
            (await write()).IsChanged.Should().BeTrue();
        }
        else
        {
            (await RefusalAsync(write)).Should().Contain("credential");
        }

        (await File.ReadAllTextAsync(At("a.txt"), Token)).Should().Be(written ? (append ? old : null) + content : old);
    }

    [Fact]
    public async Task Write_OverAFile_KeepsWhatItHeldAndRestoreBringsItBack()
    {
        Put("sub/a.sh", "old\n");
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(At("sub/a.sh"), UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        }

        var written = await _files.WriteAsync("./sub//a.sh", "new\n", append: false, null, Token);

        (written.Path, written.IsNew, written.IsChanged).Should().Be(("sub/a.sh", false, true));
        (await File.ReadAllTextAsync(At("sub/a.sh"), Token)).Should().Be("new\n");
        var restored = await _files.RestoreAsync(written.Backup!.Id, Token);
        (await File.ReadAllTextAsync(At("sub/a.sh"), Token)).Should().Be("old\n");
        _files.BackupsOf("sub/a.sh").Select(static backup => backup.Id).Should().Equal(restored.Backup!.Id, written.Backup.Id);

        // Gone altogether, it comes back as executable as it was.
        File.Delete(At("sub/a.sh"));
        (await _files.RestoreAsync(written.Backup.Id, Token)).IsNew.Should().BeTrue();
        if (!OperatingSystem.IsWindows())
        {
            File.GetUnixFileMode(At("sub/a.sh")).Should().HaveFlag(UnixFileMode.UserExecute);
        }

        Directory.EnumerateFiles(At("sub")).Should().ContainSingle("nothing of ours is left beside it");
    }

    [Fact]
    public async Task Write_NewFile_MakesItsFoldersAndTheSameAgainChangesNothing()
    {
        var first = await _files.WriteAsync("docs/deep/a.md", "x", append: false, "", Token);
        var again = await _files.WriteAsync("docs/deep/a.md", "x", append: false, null, Token);

        (first.IsNew, first.Backup, again.IsNew, again.IsChanged, again.Backup).Should().Be((true, null, false, false, null));
        (await _files.WriteAsync("docs/deep/a.md", "y", append: true, first.Sha256, Token)).Bytes.Should().Be(2);
        (await RefusalAsync(() => _files.WriteAsync("docs/deep/a.md", "z", append: false, first.Sha256, Token)))
            .Should()
            .Contain("somebody changed it");
        (await RefusalAsync(() => _files.WriteAsync("docs/deep/a.md", "z", append: false, "", Token))).Should().Contain("is there already");
        (await RefusalAsync(() => _files.WriteAsync("docs", "z", append: false, null, Token))).Should().Contain("is a folder");
        (await RefusalAsync(() => _files.WriteAsync("docs/deep/a.md/b", "z", append: false, null, Token))).Should().Contain("no folder");
        (await RefusalAsync(() => _files.WriteAsync("half.md", "\ud800", append: false, null, Token))).Should().Contain("half a character");
        (await File.ReadAllTextAsync(At("docs/deep/a.md"), Token)).Should().Be("xy");
    }

    [Fact]
    public async Task Write_ChangedByAnotherProgramMeanwhile_LosesNeither()
    {
        Put("a.txt", "one");
        _files.Writer.BeforeReplace = () => throw new IOException("the disk is full");

        (await RefusalAsync(() => _files.WriteAsync("a.txt", "two", append: false, null, Token))).Should().Contain("is as it was");

        (await File.ReadAllTextAsync(At("a.txt"), Token)).Should().Be("one");
        Directory.EnumerateFiles(_test.Paths.Root, ".a.txt*").Should().BeEmpty();
    }

    [Fact]
    public async Task Write_ManyAtOnce_LosesNothing()
    {
        await Task.WhenAll(
            Enumerable
                .Range(0, 20)
                .Select(number =>
                    _files.WriteAsync("a.txt", string.Create(CultureInfo.InvariantCulture, $"{number}\n"), append: true, null, Token)
                )
        );

        (await File.ReadAllLinesAsync(At("a.txt"), Token)).Should().HaveCount(20).And.OnlyHaveUniqueItems();
    }

    [Fact]
    public async Task Backups_MoreThanAreKept_LoseTheOldestAndTheSameContentIsKeptOnce()
    {
        for (var number = 0; number <= WorkFileBackups.MaxOfFile + 1; number++)
        {
            Put("a.txt", string.Create(CultureInfo.InvariantCulture, $"{number}"));
            await _files.BackUpAsync("a.txt", Token);
            _time.JumpWallClock(TimeSpan.FromSeconds(-1));
        }

        var newest = await _files.BackUpAsync("a.txt", Token);

        var kept = _files.BackupsOf("a.txt");
        kept.Should().HaveCount(WorkFileBackups.MaxOfFile);
        kept[0].Id.Should().Be(newest.Id);
        _files.BackupsOf("b.txt").Should().BeEmpty();
    }

    [Fact]
    public async Task Backups_MoreThanAreKeptOfAll_LeaveTheNewestOfEachFile()
    {
        var first = await BackUpAsync("a.txt", "one");
        await BackUpAsync("b.txt", "one");
        var second = await BackUpAsync("b.txt", "two");
        for (var number = 4; number <= WorkFileBackups.MaxOfAll + 4; number++)
        {
            Directory.CreateDirectory(At(string.Create(CultureInfo.InvariantCulture, $"{Planted}{number}")));
        }

        await BackUpAsync("c.txt", "one");

        _files.BackupsOf("a.txt").Should().ContainSingle().Which.Id.Should().Be(first.Id);
        _files.BackupsOf("b.txt").Should().ContainSingle().Which.Id.Should().Be(second.Id);
        Directory.Exists(At($"{Planted}4")).Should().BeFalse();
    }

    [Fact]
    public async Task Backups_BesideANumberThatNobodyReaches_GoOn()
    {
        Directory.CreateDirectory(At($"{Planted}999999999"));

        var backup = await BackUpAsync("a.txt", "one");

        backup.Id.Should().EndWith("-1");
        (await _files.RestoreAsync(backup.Id, Token)).IsChanged.Should().BeFalse();
        Directory.CreateDirectory(At($"{Planted}900000000"));
        Put("a.txt", "two");
        (await RefusalAsync(() => _files.WriteAsync("a.txt", "three", append: false, null, Token)))
            .Should()
            .Contain($"{Planted}900000000")
            .And.Contain("nothing was changed");
        (await File.ReadAllTextAsync(At("a.txt"), Token)).Should().Be("two");
        _files.BackupsOf("a.txt").Should().ContainSingle();
    }

    [Fact]
    public async Task Restore_OfABackupThatDoesNotHoldWhatWasKept_IsRefused()
    {
        Put("a.txt", "one");
        var backup = await _files.BackUpAsync("a.txt", Token);
        Put($".loop/backups/files/{backup.Id}/content", "two");
        Put("a.txt", "three");

        (await RefusalAsync(() => _files.RestoreAsync(backup.Id, Token))).Should().Contain("does not hold any more");
        (await File.ReadAllTextAsync(At("a.txt"), Token)).Should().Be("three");
    }

    [Fact]
    public void List_PageAfterPage_GivesEachEntryOnceInOrder()
    {
        foreach (
            var name in (string[])["b/2.txt", "b/1.txt", "a.txt", "b/c/x.md", "B.txt", "b.txt", ".git/config", ".loop/x", ".env", "c\nd"]
        )
        {
            Put(name, "x");
        }

        var paths = new List<string>();
        string? cursor = null;
        do
        {
            var page = _files.List(null, null, 9, cursor, static _ => 1, 2, Token);
            paths.AddRange(page.Entries.Select(static row => row.Path));
            cursor = page.NextCursor;
        } while (cursor is not null && paths.Count < 100);

        paths.Should().Equal("B.txt", "a.txt", "b", "b/1.txt", "b/2.txt", "b/c", "b/c/x.md", "b.txt", "c\nd");
        Paths("b", "*.txt").Should().Equal("b/1.txt", "b/2.txt");
        Paths(null, "*.md", depth: 9).Should().Equal("b/c/x.md");
        Paths(null, null).Should().Equal("B.txt", "a.txt", "b", "b.txt", "c\nd");
        Refusal(() => _files.List("b", null, 9, "a.txt", static _ => 1, 2, Token)).Should().Contain("is not one of this folder");
        Refusal(() => _files.List("none", null, 9, null, static _ => 1, 2, Token)).Should().Contain("There is no folder");
    }

    [Fact]
    public void Search_PageAfterPage_FindsEachLineOnce()
    {
        Put("a.txt", "Alpha\nbeta\nALPHA alpha\n");
        Put("b/c.txt", "alpha\r\nx\r\nalpha");
        Put("b/d.bin", "alpha\0");
        Put(".git/x", "alpha");
        Put("z.txt", new string('-', 5000) + "alpha" + new string('-', 5000));

        var hits = new List<string>();
        string? cursor = null;
        do
        {
            var page = _files.Find("alpha", null, null, true, cursor, static _ => 1, 1, Token);
            hits.AddRange(page.Hits.Select(static hit => string.Create(CultureInfo.InvariantCulture, $"{hit.Path}:{hit.Line}")));
            cursor = page.NextCursor;
        } while (cursor is not null && hits.Count < 100);

        hits.Should().Equal("a.txt:1", "a.txt:3", "b/c.txt:1", "b/c.txt:3", "z.txt:1");
        var all = Find("alpha");
        all.Hits.Select(static hit => hit.Path).Distinct(StringComparer.Ordinal).Should().Equal("a.txt", "b/c.txt", "z.txt");
        (all.Searched, all.NotSearched).Should().Be((3, 1));
        all.Hits[^1].Text.Should().Contain("alpha").And.Match(static text => text.Length < 400);
        Find("^x$").Hits.Should().ContainSingle().Which.Line.Should().Be(2);
    }

    [Fact]
    public void Search_FileThatTakesLongerThanACall_GoesOnWithinIt()
    {
        Put("a.txt", string.Concat(Enumerable.Repeat("alpha\n", 2000)));
        _time.AutoAdvanceAmount = TimeSpan.FromMilliseconds(20);

        var lines = new List<int>();
        var pages = 0;
        string? cursor = null;
        do
        {
            var page = _files.Find("alpha", null, null, false, cursor, static _ => 1, 10_000, Token);
            page.Hits.Should().HaveCountLessThan(1000, "a call ends within a file as well");
            lines.AddRange(page.Hits.Select(static hit => hit.Line));
            cursor = page.NextCursor;
        } while (cursor is not null && ++pages < 100);

        lines.Should().Equal(Enumerable.Range(1, 2000));
    }

    [Fact]
    public async Task Search_NameThatNoFileHas_EndsInTimeAndWhenItIsCancelled()
    {
        for (var number = 0; number < 15; number++)
        {
            Put(string.Create(CultureInfo.InvariantCulture, $"{number}.txt"), "alpha");
        }

        using var cancelled = new CancellationTokenSource();
        await cancelled.CancelAsync();
        FluentActions
            .Invoking(() => _files.Find("alpha", null, "*.none", false, null, static _ => 1, 9, cancelled.Token))
            .Should()
            .Throw<OperationCanceledException>();

        _time.AutoAdvanceAmount = TimeSpan.FromSeconds(1);
        var page = _files.Find("alpha", null, "*.none", false, null, static _ => 1, 9, Token);
        page.NextCursor.Should().NotBeNull();
        _files.Find("alpha", null, "*.none", false, page.NextCursor, static _ => 1, 9, Token).NextCursor.Should().BeNull();
    }

    [Fact]
    public void Search_CancelledWithinAFile_Ends()
    {
        Put("a.txt", string.Concat(Enumerable.Repeat("alpha\n", 200)));
        using var source = new CancellationTokenSource();

        FluentActions
            .Invoking(() =>
                _files.Find(
                    "alpha",
                    null,
                    null,
                    false,
                    null,
                    _ =>
                    {
                        source.Cancel();
                        return 1;
                    },
                    1000,
                    source.Token
                )
            )
            .Should()
            .Throw<OperationCanceledException>();
    }

    [Fact]
    public void Search_ForPartsOfACredential_FindsWhatReadShowsOnly()
    {
        Put(
            "a.txt",
            $"key = {Key}\n-----BEGIN RSA PRIVATE KEY-----\nMIIEalphaAAAA\nMIIEalphaBBBB\n-----END RSA PRIVATE KEY-----\nthe end\n"
        );

        Find("sk-live|4242").Hits.Should().BeEmpty();
        Find("alpha").Hits.Should().BeEmpty();
        var end = Find("the end").Hits.Should().ContainSingle().Which;
        _files.Read("a.txt", end.Line, null, static part => part.Length, 100).Text.Should().Be("the end\n");
    }

    [Theory]
    [InlineData("a\\b.txt")]
    [InlineData("~a.txt")]
    [InlineData("c\nd.txt")]
    public void Search_OddNameWithTwoPages_GoesOn(string name)
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "There are no such names.");
        Put(name, "alpha\nalpha\n");

        var first = _files.Find("alpha", null, null, false, null, static _ => 1, 1, Token);
        var second = _files.Find("alpha", null, null, false, first.NextCursor, static _ => 1, 1, Token);

        first.Hits.Concat(second.Hits).Select(static hit => (hit.Path, hit.Line)).Should().Equal((name, 1), (name, 2));
        second.NextCursor.Should().BeNull();
    }

    [Fact]
    public void Walk_FolderWithMoreThanIsLookedAt_IsToldAsCut()
    {
        foreach (var name in (string[])["b/1.txt", "b/2.txt", "b/3.txt", "c/1.txt", "c/2.txt"])
        {
            Put(name, "alpha");
        }

        var lister = new WorkFileLister(_test.Paths) { MaxInFolder = 2 };
        var search = new WorkFileSearch(_test.Paths, new Redactor([]), _time) { MaxInFolder = 2 };

        lister.List("b", null, 1, null, static _ => 1, 9, Token).Should().Match<WorkFileList>(static list => list.Cut == 1);
        lister.List("c", null, 1, null, static _ => 1, 9, Token).Should().Match<WorkFileList>(static list => list.Cut == 0);
        var hits = search.Find("alpha", "b", null, false, null, static _ => 1, 9, Token);
        (hits.Hits.Count, hits.Cut).Should().Be((2, 1));
    }

    [Fact]
    public void Search_ExpressionThatIsNone_SaysWhy() => Refusal(() => Find("a(")).Should().Contain("is no regular expression");

    [Fact]
    public void Search_ExpressionThatDoesNotEnd_IsStopped()
    {
        Put("a.txt", new string('a', 64) + "!");
        Find("(a+)+$").Hits.Should().BeEmpty("what can be matched in a line's time is");

        var search = new WorkFileSearch(_test.Paths, new Redactor([]), _time) { LimitOfLine = TimeSpan.FromMilliseconds(1) };

        // A back reference can only be tried out.
        Refusal(() => search.Find(@"^(a|aa)+\1$", null, null, false, null, static _ => 1, 9, Token))
            .Should()
            .Contain("takes longer than 1 ms on a.txt:1");
    }

    private Task<WorkFileBackup> BackUpAsync(string path, string content)
    {
        Put(path, content);
        return _files.BackUpAsync(path, Token);
    }

    private WorkFileHits Find(string pattern) => _files.Find(pattern, null, null, false, null, static _ => 1, 1000, Token);

    private IEnumerable<string> Paths(string? folder, string? name, int depth = 1) =>
        _files.List(folder, name, depth, null, static _ => 1, 1000, Token).Entries.Select(static row => row.Path);

    private static string Refusal(Action call) => FluentActions.Invoking(call).Should().Throw<UserErrorException>().Which.Message;

    private static async Task<string> RefusalAsync(Func<Task> call) =>
        (await FluentActions.Awaiting(call).Should().ThrowAsync<UserErrorException>()).Which.Message;

    private void Put(string path, string content)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(At(path))!);
        File.WriteAllText(At(path), content);
    }

    private string At(string path) => Path.Combine(_test.Paths.Root, path);
}
