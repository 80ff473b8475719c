using LoopOrchestrator.Core.Errors;
using LoopOrchestrator.Core.Memory;
using LoopOrchestrator.Core.Modes.Import;
using LoopOrchestrator.Core.Runs;
using LoopOrchestrator.Core.Todo;
using LoopOrchestrator.Testing;

namespace LoopOrchestrator.Core.Tests.Files;

/// <summary>
/// The size of a file is looked at before it is read: two gigabytes of nothing cost no memory, and are told with the file's name.
/// </summary>
[Collection(MeasuredAllocations.Name)]
public sealed class FileSizeTests : IDisposable
{
    private const long Huge = 2L * 1024 * 1024 * 1024;
    private const long Allowed = 32 * 1024 * 1024;

    private readonly TestWorkspace _test = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose() => _test.Dispose();

    [Theory]
    [InlineData("TODO.md")]
    [InlineData("persistent-memory.md")]
    public async Task Use_OfAFileThatIsTooLarge_IsRefusedBeforeItIsRead(string name)
    {
        var file = Grow(name);
        var before = GC.GetTotalAllocatedBytes(precise: true);

        foreach (
            var use in name == "TODO.md"
                ? (Func<Task>[])
                    [
                        () => Task.FromResult(TodoReader.Read(_test.Paths)),
                        () => _test.Workspace.Todo.AddAsync([new NewTodo("x")], Token).AsTask(),
                    ]
                :
                [
                    () => _test.Workspace.Memory.ReadAsync(cancellationToken: Token).AsTask(),
                    () => _test.Workspace.Memory.AppendAsync(new MemoryAppend(MemorySection.Updates, "x"), Token).AsTask(),
                ]
        )
        {
            (await use.Should().ThrowAsync<UserErrorException>()).WithMessage(
                $"{file}*2,147,483,648 bytes*at most 4,194,304*Move what is not needed*"
            );
        }

        (GC.GetTotalAllocatedBytes(precise: true) - before).Should().BeLessThan(Allowed);
        new FileInfo(file).Length.Should().Be(Huge, "nothing was changed");
    }

    [Fact]
    public void Schedules_ThatBecomeTooLarge_StayInForceAsTheyWereAndSayWhy()
    {
        _test.WriteSchedules(TestWorkspace.Every(5));
        _test.Workspace.Schedules.Source.Schedules.Should().ContainSingle();

        Grow("schedules.json");

        _test.Workspace.Schedules.Source.Schedules.Should().ContainSingle("what was read last stays in force");
        _test
            .Workspace.Schedules.Source.Diagnostics.Should()
            .Contain(diagnostic => diagnostic.ToString().Contains("at most 16,777,216 are read"));
    }

    [Fact]
    public void Modes_ThatBecomeTooLarge_StayInForceAsTheyWereAndSayWhy()
    {
        File.WriteAllText(_test.Paths.RooModes, "customModes:\n  - slug: own\n    name: Own\n    roleDefinition: r\n    groups: [read]\n");
        _test.Workspace.Modes.Catalog.Find("own").Should().NotBeNull();

        Grow(".roomodes");

        _test.Workspace.Modes.Catalog.Find("own").Should().NotBeNull("what was read last stays in force");
        _test.Workspace.Modes.Diagnostics.Should().Contain(diagnostic => diagnostic.ToString().Contains("at most 4,194,304 are read"));
    }

    [Theory]
    [InlineData(".kilocodemodes")]
    [InlineData("custom_modes.yaml")]
    [InlineData(".claude/agents/one.md")]
    public void Import_OfAFileThatIsTooLarge_TellsSoBeforeItIsRead(string name)
    {
        var file = Grow(name);
        var before = GC.GetAllocatedBytesForCurrentThread();

        var import = new ModeImport(_test.Paths, _test.Time);
        var sources = import.Read(import.Find());

        (GC.GetAllocatedBytesForCurrentThread() - before).Should().BeLessThan(Allowed);
        var source = sources.Should().ContainSingle().Subject;
        source.Modes.Should().BeEmpty();
        source.Diagnostics.Should().ContainSingle().Which.ToString().Should().Contain(file).And.Contain("at most 4,194,304 are read");
    }

    [Fact]
    public async Task Run_WhereAFileOfTheStateIsHuge_IsStillShown()
    {
        var id = (await _test.Workspace.Runs.RequestAsync(new RunRequest("code", "x") { Agent = "handoff" }, Token)).Id;
        await _test.RunPassAsync();
        foreach (var name in (string[])["brief.md", "outcome.json", "report.json", "order.json", "run.json", "cancel"])
        {
            Grow(Path.Combine(".loop", "runs", id, name));
        }

        var before = GC.GetTotalAllocatedBytes(precise: true);
        _test
            .Workspace.Runs.Brief(await _test.Workspace.Runs.GetAsync(id, TestContext.Current.CancellationToken))
            .Should()
            .Contain("brief is not shown")
            .And.Contain("bytes, and at most");
        await _test.RunPassAsync();

        (GC.GetTotalAllocatedBytes(precise: true) - before).Should().BeLessThan(Allowed);
    }

    private string Grow(string name)
    {
        var file = Path.Combine(_test.Paths.Root, name);
        Directory.CreateDirectory(Path.GetDirectoryName(file)!);
        using var stream = new FileStream(file, FileMode.OpenOrCreate, FileAccess.Write);
        stream.SetLength(Huge);
        return file;
    }
}
