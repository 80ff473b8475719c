using System.Text;
using LoopOrchestrator.Core.Errors;
using LoopOrchestrator.Core.Files;
using LoopOrchestrator.Core.Memory;
using LoopOrchestrator.Core.Modes.Import;
using LoopOrchestrator.Core.Timing;
using LoopOrchestrator.Core.Timing.Reports;
using LoopOrchestrator.Core.Todo;
using LoopOrchestrator.Testing;

namespace LoopOrchestrator.Core.Tests.Files;

/// <summary>
/// A shared file may be a link of its user's, to a file of the same workspace and to nothing else; reading and writing alike.
/// </summary>
public sealed class SharedPathTests : IDisposable
{
    private const string Secret = "the-user's-secret-8402";

    private readonly TestWorkspace _test = new();
    private readonly TemporaryFolder _outside = new();

    public SharedPathTests() => Assert.SkipWhen(OperatingSystem.IsWindows(), "Links need a privilege there.");

    public static MatrixTheoryData<string, string> Closed =>
        new(
            [
                "schedules.json",
                ".roo/schedules.json",
                ".roomodes",
                "TODO.md",
                "persistent-memory.md",
                "task_timing.tsv",
                ".kilocodemodes",
                "mcp_startup.json",
            ],
            ["outside", "outside by a link inside", "a folder that leads outside", ".git", ".loop", "a circle"]
        );

    public static TheoryData<string> Files =>
        ["schedules.json", ".roomodes", "TODO.md", "persistent-memory.md", "task_timing.tsv", "mcp_startup.json"];

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose()
    {
        _test.Dispose();
        _outside.Dispose();
    }

    [Theory]
    [MemberData(nameof(Closed))]
    public async Task Use_OfALinkToAPlaceThatIsClosed_IsRefusedAndNothingIsShownOrChanged(string name, string kind)
    {
        var target = Put(name, kind);
        var file = Path.Combine(_test.Paths.Root, name);
        var before = target is null ? null : await File.ReadAllTextAsync(target, Token);

        FluentActions
            .Invoking(() => new SharedPath(_test.Paths, file, FileSizes.Own).ReadOrNull())
            .Should()
            .Throw<LinkRefusedException>()
            .WithMessage($"{file}*");
        FluentActions
            .Invoking(() => DurableFile.Replace(new SharedPath(_test.Paths, file, FileSizes.Own), "x"u8))
            .Should()
            .Throw<LinkRefusedException>()
            .WithMessage($"{file}*");
        foreach (
            var use in (Func<Task<object?>>[])
                [
                    () => Task.FromResult<object?>(TodoReader.Read(_test.Paths).Items),
                    async () => await _test.Workspace.Todo.AddAsync([new NewTodo("x")], Token),
                    async () => await _test.Workspace.Memory.ReadAsync(cancellationToken: Token),
                    async () => await _test.Workspace.Memory.AppendAsync(new MemoryAppend(MemorySection.Updates, "x"), Token),
                    () => Task.FromResult<object?>(TimingLogReader.Read(_test.Paths).Entries),
                    async () => await _test.Workspace.Timing.StartAsync(new TimingStart("x", "code"), Token),
                    () => Task.FromResult<object?>(string.Concat(_test.Workspace.Schedules.Source.Diagnostics)),
                    () => Task.FromResult<object?>(string.Concat(_test.Workspace.Modes.Diagnostics)),
                    () => Task.FromResult<object?>(new ModeImport(_test.Paths, _test.Time).Find()),
                ]
        )
        {
            (await ReportedAsync(use)).Should().NotContain(Secret);
        }

        (target is null ? null : await File.ReadAllTextAsync(target, Token)).Should().Be(before);
        new FileInfo(file).LinkTarget.Should().NotBeNull("the link stays a link");
        if (name is "schedules.json" or ".roomodes")
        {
            var diagnostics = name == ".roomodes" ? _test.Workspace.Modes.Diagnostics : _test.Workspace.Schedules.Source.Diagnostics;
            if (kind != "a circle")
            {
                diagnostics.Should().Contain(diagnostic => diagnostic.ToString().Contains(file, StringComparison.Ordinal));
            }
        }
    }

    [Theory]
    [MemberData(nameof(Files))]
    public void Use_OfALinkToAFileOfTheWorkspace_FollowsItAndLeavesItALink(string name)
    {
        var kept = Path.Combine(_test.Paths.Root, "kept");
        Directory.CreateDirectory(kept);
        Directory.CreateSymbolicLink(Path.Combine(_test.Paths.Root, "by"), kept);
        File.WriteAllText(Path.Combine(kept, "file"), "content");
        var file = Path.Combine(_test.Paths.Root, name);
        File.CreateSymbolicLink(file, Path.Combine("by", "file"));
        var path = new SharedPath(_test.Paths, file, FileSizes.Own);

        Encoding.UTF8.GetString(path.ReadOrNull()!).Should().Be("content");
        DurableFile.Replace(path, "changed"u8);

        File.ReadAllText(Path.Combine(kept, "file")).Should().Be("changed");
        new FileInfo(file).LinkTarget.Should().Be(Path.Combine("by", "file"));
    }

    [Fact]
    public void Use_InAWorkspaceThatIsReachedByALink_IsAsInTheFolderItself()
    {
        Directory.CreateSymbolicLink(_outside.File("ws"), _test.Paths.Root);
        var paths = new WorkspacePaths(_outside.File("ws"));
        StateFolder.Ensure(paths);
        File.WriteAllText(_test.Paths.Todo, "- [ ] an item\n");

        TodoReader.Read(paths).Items.Should().ContainSingle();
        DurableFile.Replace(Path.Combine(paths.State, "file"), "x"u8);

        File.ReadAllText(Path.Combine(_test.Paths.State, "file")).Should().Be("x");
    }

    // The race that a look before opening would lose: what was looked at is not what is opened.
    [Fact]
    public void Open_WhereALinkTookThePlaceAfterTheLook_IsRefusedByTheSystem()
    {
        Assert.SkipUnless(NativeFiles.IsUsable, "Only there in one step.");
        File.WriteAllText(_outside.File("secret"), Secret);
        File.WriteAllText(_test.Paths.Todo, "mine");
        var looked = new SharedPath(_test.Paths, _test.Paths.Todo, FileSizes.Own).Resolve();
        File.Delete(_test.Paths.Todo);
        File.CreateSymbolicLink(_test.Paths.Todo, _outside.File("secret"));

        FluentActions
            .Invoking(() => GuardedFile.Open(looked, FileMode.Open, FileAccess.Read))
            .Should()
            .Throw<LinkRefusedException>()
            .WithMessage($"*{_test.Paths.Todo}*");
    }

    private static async Task<string> ReportedAsync(Func<Task<object?>> use)
    {
        try
        {
            return await use() switch
            {
                IEnumerable<object> list => string.Join('\n', list),
                var one => one?.ToString() ?? "",
            };
        }
        catch (UserErrorException exception)
        {
            return exception.Message;
        }
    }

    private string? Put(string name, string kind)
    {
        var file = Path.Combine(_test.Paths.Root, name);
        Directory.CreateDirectory(Path.GetDirectoryName(file)!);
        var (target, link) = kind switch
        {
            ".git" => (Path.Combine(_test.Paths.Root, ".git", "config"), Path.Combine(_test.Paths.Root, ".git", "config")),
            ".loop" => (Path.Combine(_test.Paths.State, "state.txt"), Path.Combine(_test.Paths.State, "state.txt")),
            "outside by a link inside" => (_outside.File("secret"), Path.Combine(_test.Paths.Root, "step")),
            "a folder that leads outside" => (_outside.File("secret"), Path.Combine(_test.Paths.Root, "folder", "secret")),
            "a circle" => (null, file),
            _ => (_outside.File("secret"), _outside.File("secret")),
        };
        if (target is not null)
        {
            Directory.CreateDirectory(Path.GetDirectoryName(target)!);
            File.WriteAllText(target, $"{Secret}\n- [ ] {Secret}\n");
        }

        if (kind == "outside by a link inside")
        {
            File.CreateSymbolicLink(link, target!);
        }
        else if (kind == "a folder that leads outside")
        {
            Directory.CreateSymbolicLink(Path.Combine(_test.Paths.Root, "folder"), _outside.FullPath);
        }

        File.CreateSymbolicLink(file, link);
        return target;
    }
}
