using System.Text;
using LoopOrchestrator.Core.Errors;
using LoopOrchestrator.Core.Files;
using LoopOrchestrator.Testing;
using Microsoft.Extensions.Time.Testing;

namespace LoopOrchestrator.Core.Tests.Files;

public sealed class AppendFileTests : IDisposable
{
    private static readonly CancellationToken Token = TestContext.Current.CancellationToken;
    private readonly TemporaryFolder _folder = new();
    private readonly string _path;
    private readonly string _lock;

    public AppendFileTests()
    {
        _path = _folder.File("log.tsv");
        _lock = _folder.File("log.lock");
    }

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task AppendAsync_SeveralInstancesAndManyThreads_WritesEveryLineWholeAndOnce()
    {
        var files = Enumerable.Range(0, 4).Select(_ => Create()).ToArray();

        await Task.WhenAll(
            Enumerable
                .Range(0, 400)
                .Select(number =>
                    Task.Run(() => files[number % files.Length].AppendAsync(_ => $"{number}:{new string('x', number)}\n", Token), Token)
                )
        );

        var lines = await File.ReadAllLinesAsync(_path, Token);
        lines.Should().HaveCount(400).And.BeEquivalentTo(Enumerable.Range(0, 400).Select(number => $"{number}:{new string('x', number)}"));
        using var held = await FileLock.AcquireAsync(_lock, cancellationToken: Token);
        new FileInfo(_lock).Length.Should().Be(0);
    }

    [Fact]
    public async Task AppendAsync_SomebodyAppendsWithoutTheLockMeanwhile_LosesNeither()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "The system's append mode is used on Linux.");
        await File.WriteAllTextAsync(_path, "old\n", Token);

        await Create()
            .AppendAsync(
                _ =>
                {
                    // After the length was read and before anything is written.
                    File.AppendAllText(_path, "somebody else's, and longer than ours\n");
                    return "ours\n";
                },
                Token
            );

        (await File.ReadAllTextAsync(_path, Token)).Should().Be("old\nsomebody else's, and longer than ours\nours\n");
    }

    [Fact]
    public async Task AppendAsync_OneRecordRefused_OthersOfTheBatchAreWritten()
    {
        var file = Create();
        Task refused,
            first,
            last;
        using (FileLock.TryAcquire(_lock))
        {
            first = file.AppendAsync(_ => "first\n", Token);
            refused = file.AppendAsync(_ => throw new UserErrorException("not this one"), Token);
            last = file.AppendAsync(_ => "last\n", Token);
        }

        await first;
        await last;
        await refused.Invoking(task => task).Should().ThrowAsync<UserErrorException>().WithMessage("not this one");
        (await File.ReadAllTextAsync(_path, Token)).Should().Be("first\nlast\n");
    }

    [Fact]
    public async Task AppendAsync_CallersWhoAreBackAtOnce_AreNotWaitedForAnyMore()
    {
        const int rounds = 20;
        var clock = new FakeTimeProvider();
        using var asked = new SemaphoreSlim(0);
        var told = 0;
        var file = new AppendFile(
            SharedPath.Named(_path, FileSizes.Own),
            _lock,
            () => { },
            _ =>
            {
                if ((told += 2) == 2 * rounds)
                {
                    // Nobody comes back any more, and who is waited for in vain is waited for as long as a batch took.
                    clock.AutoAdvanceAmount = TimeSpan.FromHours(1);
                    return;
                }

                // Both have heard, and stand in the queue again before this batch is over.
                asked.Wait(Token);
                asked.Wait(Token);
            },
            clock
        );
        Task both;
        using (FileLock.TryAcquire(_lock))
        {
            both = Task.WhenAll(RepeatAsync(), RepeatAsync());
        }

        // No time passes but while a batch is written: whoever waited for a third caller would wait for ever.
        await both.WaitAsync(TimeSpan.FromMinutes(1), Token);
        (await File.ReadAllLinesAsync(_path, Token)).Should().HaveCount(2 * rounds);

        async Task RepeatAsync()
        {
            for (var round = 0; round < rounds; round++)
            {
                var append = file.AppendAsync(
                    _ =>
                    {
                        clock.Advance(TimeSpan.FromHours(1));
                        return "row\n";
                    },
                    Token
                );
                if (round > 0)
                {
                    asked.Release();
                }

                await append;
            }
        }
    }

    [Fact]
    public async Task AppendAsync_CancelledCaller_DoesNotHoldOthersUp()
    {
        var file = Create();
        using var cancelled = new CancellationTokenSource();
        Task waiting,
            next;
        using (FileLock.TryAcquire(_lock))
        {
            waiting = file.AppendAsync(_ => "a\n", cancelled.Token);
            await cancelled.CancelAsync();
            next = file.AppendAsync(_ => "b\n", Token);
        }

        await waiting.Invoking(task => task).Should().ThrowAsync<OperationCanceledException>();
        await next;
        (await File.ReadAllTextAsync(_path, Token)).Should().EndWith("b\n");
    }

    [Theory]
    [InlineData("", "header\nrow\n")]
    [InlineData("\uFEFF", "\uFEFFheader\nrow\n")]
    [InlineData("old\n", "old\nrow\n")]
    [InlineData("old", "old\nrow\n")]
    [InlineData("old\r\nolder", "old\r\nolder\r\nrow\r\n")]
    public async Task AppendAsync_AnyEnding_KeepsItAndBeginsALine(string before, string after)
    {
        await File.WriteAllBytesAsync(_path, Encoding.UTF8.GetBytes(before), Token);

        await Create().AppendAsync(context => (context.IsEmpty ? "header" + context.LineEnd : "") + "row" + context.LineEnd, Token);

        (await File.ReadAllBytesAsync(_path, Token)).Should().Equal(Encoding.UTF8.GetBytes(after));
    }

    [Fact]
    public async Task AppendAsync_NothingComposed_ChangesNothing()
    {
        await File.WriteAllTextAsync(_path, "no line end", Token);

        await Create().AppendAsync(_ => "", Token);

        (await File.ReadAllTextAsync(_path, Token)).Should().Be("no line end");
    }

    [Fact]
    public async Task AppendAsync_Utf16File_IsRefusedAndKept()
    {
        var content = Encoding.Unicode.GetPreamble().Concat(Encoding.Unicode.GetBytes("old\n")).ToArray();
        await File.WriteAllBytesAsync(_path, content, Token);

        await Create()
            .Awaiting(file => file.AppendAsync(_ => "row\n", Token))
            .Should()
            .ThrowAsync<UserErrorException>()
            .WithMessage("*UTF-16*");

        (await File.ReadAllBytesAsync(_path, Token)).Should().Equal(content);
    }

    [Fact]
    public async Task AppendAsync_TargetIsAFolder_IsAClearErrorAndLaterAppendsGoOn()
    {
        Directory.CreateDirectory(_path);
        var file = Create();
        await file.Awaiting(one => one.AppendAsync(_ => "row\n", Token))
            .Should()
            .ThrowAsync<UserErrorException>()
            .WithMessage($"*{_path}*");

        Directory.Delete(_path);
        await file.AppendAsync(_ => "row\n", Token);

        (await File.ReadAllTextAsync(_path, Token)).Should().Be("row\n");
    }

    [Fact]
    public async Task AppendAsync_FolderMissing_IsAClearError()
    {
        var file = new AppendFile(SharedPath.Named(_folder.File("none/log.tsv"), FileSizes.Own), _lock, () => { });

        await file.Awaiting(one => one.AppendAsync(_ => "row\n", Token)).Should().ThrowAsync<UserErrorException>().WithMessage("*log.tsv*");
    }

    [Fact]
    public async Task AppendAsync_LockIsAFolder_IsAClearErrorAndKeepsTheContent()
    {
        await File.WriteAllTextAsync(_path, "old\n", Token);
        Directory.CreateDirectory(_lock);

        await Create()
            .Awaiting(one => one.AppendAsync(_ => "row\n", Token))
            .Should()
            .ThrowAsync<UserErrorException>()
            .WithMessage($"*{_lock}*");

        (await File.ReadAllTextAsync(_path, Token)).Should().Be("old\n");
    }

    [Theory]
    [InlineData("kept\nrow one\nro", "kept\nnext\n")]
    [InlineData("kept\nrow one\nrow two\n", "kept\nrow one\nrow two\nnext\n")]
    [InlineData("kept\nforeign bytes", "kept\nforeign bytes\nnext\n")]
    [InlineData("kept\nrow one\nro and foreign", "kept\nrow one\nro and foreign\nnext\n")]
    [InlineData("ke", "ke\nnext\n")]
    public async Task AppendAsync_AfterADeadWriter_TakesAwayOnlyItsTornBeginning(string left, string after)
    {
        await File.WriteAllTextAsync(_path, left, Token);
        using (var dead = FileLock.TryAcquire(_lock)!)
        {
            AppendNote.Leave(dead.Handle, "kept\n".Length, "row one\nrow two\n"u8);
        }

        await Create().AppendAsync(_ => "next\n", Token);

        (await File.ReadAllTextAsync(_path, Token)).Should().Be(after);
        // A caller is told before the lock is given back, and it is emptied behind that.
        using var held = await FileLock.AcquireAsync(_lock, cancellationToken: Token);
        new FileInfo(_lock).Length.Should().Be(0);
    }

    private AppendFile Create() => new(SharedPath.Named(_path, FileSizes.Own), _lock, () => { });
}
