using LoopOrchestrator.Core.Errors;
using LoopOrchestrator.Core.Files;
using LoopOrchestrator.Testing;

namespace LoopOrchestrator.Core.Tests.Files;

/// <summary>
/// A lock taken with <see cref="FileLock.TryAcquire"/> stands for one that another process holds: it has no turn in this one.
/// </summary>
public sealed class FileLockTests : IDisposable
{
    private static readonly CancellationToken Token = TestContext.Current.CancellationToken;
    private readonly TemporaryFolder _folder = new();
    private readonly string _path;

    public FileLockTests() => _path = _folder.File("lock");

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task AcquireAsync_HeldElsewhere_WaitsAndGetsIt()
    {
        var other = FileLock.TryAcquire(_path)!;
        var waiting = FileLock.AcquireAsync(_path, cancellationToken: Token).AsTask();
        await Eventually.TrueAsync("it waits in the system's queue", () => IsQueued(_path));
        waiting.IsCompleted.Should().BeFalse();

        other.Dispose();

        using var held = await waiting;
        FileLock.TryAcquire(_path).Should().BeNull();
    }

    [Fact]
    public async Task AcquireAsync_ManyTakers_AreAloneWithIt()
    {
        var (inside, most) = (0, 0);
        await Task.WhenAll(
            Enumerable
                .Range(0, 40)
                .Select(number =>
                    Task.Run(
                        async () =>
                        {
                            using var held =
                                number % 2 == 0
                                    ? await FileLock.AcquireAsync(_path, cancellationToken: Token)
                                    : await Eventually.FindAsync("the lock", () => Task.FromResult(FileLock.TryAcquire(_path)));
                            most = Math.Max(most, Interlocked.Increment(ref inside));
                            await Task.Yield();
                            Interlocked.Decrement(ref inside);
                        },
                        Token
                    )
                )
        );

        most.Should().Be(1);
    }

    [Fact]
    public async Task AcquireAsync_NotFreeInTime_SaysSoAndIsFreeForOthersLater()
    {
        var other = FileLock.TryAcquire(_path)!;

        await FluentActions
            .Awaiting(() => FileLock.AcquireAsync(_path, TimeSpan.FromMilliseconds(50), Token).AsTask())
            .Should()
            .ThrowAsync<UserErrorException>()
            .WithMessage($"The lock {_path} was not free*");

        other.Dispose();
        using var next = await FileLock.AcquireAsync(_path, cancellationToken: Token);
    }

    [Fact]
    public async Task AcquireAsync_Cancelled_GivesUpAndIsFreeForOthersLater()
    {
        using var cancelled = new CancellationTokenSource();
        var other = FileLock.TryAcquire(_path)!;
        var waiting = FileLock.AcquireAsync(_path, cancellationToken: cancelled.Token).AsTask();
        await Eventually.TrueAsync("it waits in the system's queue", () => IsQueued(_path));

        await cancelled.CancelAsync();

        await waiting.Invoking(task => task).Should().ThrowAsync<OperationCanceledException>();
        other.Dispose();
        using var next = await FileLock.AcquireAsync(_path, cancellationToken: Token);
    }

    [Fact]
    public async Task AcquireAsync_LockFileRemovedMeanwhile_TakesTheOneThatTheOthersUseNow()
    {
        var other = FileLock.TryAcquire(_path)!;
        var waiting = FileLock.AcquireAsync(_path, cancellationToken: Token).AsTask();
        await Eventually.TrueAsync("it waits in the system's queue", () => IsQueued(_path));
        File.Delete(_path);
        var newer = FileLock.TryAcquire(_path)!;

        other.Dispose();

        await Eventually.TrueAsync("it waits for the new one", () => IsQueued(_path));
        waiting.IsCompleted.Should().BeFalse();
        newer.Dispose();
        using var held = await waiting;
    }

    // Linux tells who waits for which file: an arrow, and the file's number.
    private static bool IsQueued(string path)
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "The system's queue is looked at in /proc.");
        var number = $":{(ulong)SpecialFile.Identity(path)!.Value} ";
        return File.ReadLines("/proc/locks")
            .Any(line => line.Contains("->", StringComparison.Ordinal) && line.Contains(number, StringComparison.Ordinal));
    }
}
