using LoopOrchestrator.Core.Errors;
using LoopOrchestrator.Core.Files;
using LoopOrchestrator.Testing;

namespace LoopOrchestrator.Core.Tests.Files;

public sealed class AppendHoldTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly string _path;
    private readonly FileLock _lock;

    public AppendHoldTests()
    {
        _path = _folder.File("log.tsv");
        _lock = FileLock.TryAcquire(_folder.File("log.lock"))!;
    }

    public void Dispose()
    {
        _lock.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public void Write_SeveralBatches_StandOneAfterTheOther()
    {
        using var hold = Create();

        Write(hold, "a\n", "b\n");
        Write(hold, "c\n");

        File.ReadAllText(_path).Should().Be("a\nb\nc\n");
    }

    [Fact]
    public void Complete_BeforeAnEditorCutsTheLastRow_LetsNobodyCutFurther()
    {
        using var dies = Create();
        Write(dies, "first\n");
        Write(dies, "second\n");
        dies.Complete();
        File.WriteAllText(_path, "first\nsec");

        using var next = Create();
        Write(next, "third\n");

        File.ReadAllText(_path).Should().Be("first\nsec\nthird\n");
    }

    [Fact]
    public void Write_FileRemovedBetweenBatches_MakesItAnew()
    {
        using var hold = Create();
        Write(hold, "a\n");
        File.Delete(_path);

        Write(hold, "b\n");

        File.ReadAllText(_path).Should().Be("b\n");
    }

    [Fact]
    public void Write_FileReplacedBetweenBatches_GoesToTheNewOne()
    {
        using var hold = Create();
        Write(hold, "a\n");
        var edited = _folder.File("edited");
        File.WriteAllText(edited, "edited\n");
        File.Move(edited, _path, overwrite: true);

        Write(hold, "b\n");

        File.ReadAllText(_path).Should().Be("edited\nb\n");
    }

    [Fact]
    public void Write_PathNowLeadsToAForbiddenPlace_IsRefusedAndNothingIsWrittenThere()
    {
        var allowed = true;
        using var hold = new AppendHold(SharedPath.Named(_path, FileSizes.Own), _lock, () =>
        {
            if (!allowed)
            {
                throw new UserErrorException("outside");
            }
        });
        Write(hold, "a\n");
        var elsewhere = _folder.File("elsewhere");
        File.WriteAllText(elsewhere, "theirs\n");
        File.Delete(_path);
        File.CreateSymbolicLink(_path, elsewhere);
        allowed = false;

        FluentActions.Invoking(() => Write(hold, "b\n")).Should().Throw<UserErrorException>().WithMessage("outside");

        File.ReadAllText(elsewhere).Should().Be("theirs\n");
    }

    [Fact]
    public void Holder_DiesAfterALongerBatch_LeavesNothingThatTakesALaterRowAway()
    {
        // Not disposed, as after a kill: what is left in the lock file is what the next holder finds.
        var dead = Create();
        Write(dead, "a long row that fills the note\n");
        Write(dead, "b\n");

        using var next = Create();
        Write(next, "c\n");

        File.ReadAllText(_path).Should().Be("a long row that fills the note\nb\nc\n");
        dead.Dispose();
    }

    private AppendHold Create() => new(SharedPath.Named(_path, FileSizes.Own), _lock, () => { });

    private static void Write(AppendHold hold, params string[] rows) =>
        hold.Write([.. rows.Select(static row => (Func<AppendContext, string>)(_ => row))], static (_, exception) => throw exception);
}
