using System.Text;
using LoopOrchestrator.Core.Agents.Contracts;
using LoopOrchestrator.Core.Errors;
using LoopOrchestrator.Core.Files;
using LoopOrchestrator.Core.Memory;
using LoopOrchestrator.Core.Runs;
using LoopOrchestrator.Core.Runs.Contracts;
using LoopOrchestrator.Core.Storage.Sqlite.Database;
using LoopOrchestrator.Core.Tests.Timing.Rotation;
using LoopOrchestrator.Core.Timing;
using LoopOrchestrator.Core.Todo;
using LoopOrchestrator.Testing;

namespace LoopOrchestrator.Core.Tests.Files;

/// <summary>
/// Every file and folder of <c>.loop</c> in turn is a link to the user's other files, as a repository or an agent can make it. Whatever
/// is then done with the workspace, nothing of theirs is shown and nothing is changed.
/// </summary>
public sealed class StateLinkTests : IDisposable
{
    private const string Secret = "the-user's-secret-8401";

    private readonly TestWorkspace _test;
    private readonly TemporaryFolder _outside = new();
    private readonly StringBuilder _told = new();

    public StateLinkTests()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Links need a privilege there.");
        _test = new TestWorkspace(new TemporaryFolder(), trusted: false, defaultAgent: AgentKind.Handoff.Name());
    }

    public static TheoryData<string> Places =>
        [
            ".",
            "runs",
            "runs/ID",
            "runs/ID/brief.md",
            "runs/ID/output.log",
            "runs/ID/outcome.json",
            "runs/ID/run.json",
            "runs/ID/report.json",
            "runs/ID/order.json",
            "runs/ID/supervisor.json",
            "runs/ID/supervisor.lock",
            "runs/ID/warning.json",
            "runs/ID/spent.json",
            "runs/ID/cancel",
            "runs/ID/interrupt",
            "runs/ID/mcp.json",
            "runs/ID/attempt-2",
            "memory",
            "memory/archive-2026-03.md",
            "backups",
            "backups/TODO.md",
            "locks",
            "locks/TODO.md.lock",
            "locks/task_timing.tsv.lock",
            "locks/persistent-memory.md.lock",
            "locks/state.db.lock",
            "locks/state.db.users",
            "locks/state.db.suspect",
            "locks/scheduler.lock",
            "locks/finish.lock",
            "locks/cycles.lock",
            "locks/checks.lock",
            "locks/task_timing.tsv.rotation",
            "locks/timing-rotation.lock",
            "index/timing-months.txt",
            "bell",
            "bell/ring",
            "checks",
            "index",
            "damaged",
            "damaged/state-20260302-000000.json",
            "checkpoints",
            "checkpoints/own",
            "checkpoints/git",
            "checkpoints/files",
            "checkpoints/content",
            "checkpoints/work",
            "worktrees",
            "state.db",
            "state.db-wal",
            "state.db-shm",
            "state.db-journal",
            ".gitignore",
        ];

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose()
    {
        _test.Dispose();
        _outside.Dispose();
    }

    [Theory]
    [MemberData(nameof(Places))]
    public async Task Everything_WhereAPlaceOfTheStateIsALink_ShowsAndChangesNothingOutside(string place)
    {
        File.WriteAllText(_test.Paths.Timing, RotationSample.Header + RotationSample.Pair("old", "2026-01-05"));
        var taken = await _test.Workspace.Runs.RequestAsync(new RunRequest("code", "a task"), Token);
        var id = taken.Id;
        await _test.RunPassAsync();
        await _test.Workspace.Runs.CompleteAsync(
            id,
            new RunReport(RunState.Succeeded, "done", [], [], []),
            leaseToken: taken.LeaseToken,
            cancellationToken: Token
        );
        await File.WriteAllTextAsync(Path.Combine(_test.Paths.Run(id), "output.log"), "its own output\n", Token);
        _test.Workspace.Dispose();
        PutLink(Path.GetFullPath(Path.Combine(_test.Paths.State, place.Replace("ID", id, StringComparison.Ordinal))));
        var before = Contents();

        foreach (var trusted in (bool[])[false, true])
        {
            using var workspace = _test.Open(trusted);
            await TryAsync(async () => _told.Append((await workspace.Status.ReadAsync(Token)).ToString()));
            await TryAsync(async () =>
            {
                var run = await workspace.Runs.GetAsync(id, Token);
                _told
                    .Append(run)
                    .Append(workspace.Runs.Brief(run))
                    .Append(workspace.Runs.OutputTail(run, 100_000))
                    .Append(workspace.Runs.Output(run, OutputPosition.Start, 100_000));
            });
            await TryAsync(async () => await workspace.Runs.RequestAsync(new RunRequest("code", "another"), Token));
            await TryAsync(() => _test.RunPassAsync(workspace));
            await TryAsync(async () => await workspace.Timing.StartAsync(new TimingStart("x", "code"), Token));
            await TryAsync(async () => await workspace.TimingRotation.RotateAsync(Token));
            await TryAsync(async () => await workspace.Memory.AppendAsync(new MemoryAppend(MemorySection.Updates, "a finding"), Token));
            await TryAsync(async () =>
                _told.AppendJoin(
                    "\n",
                    (await workspace.Memory.ReadAsync(query: "secret", cancellationToken: Token))
                        .Sections.SelectMany(static section => section.Entries)
                        .Select(static entry => entry.Text)
                )
            );
            await TryAsync(async () => await workspace.Todo.AddAsync([new NewTodo("an item")], Token));
            await TryAsync(async () =>
                await workspace.Database.WriteAsync(static (connection, _) => connection.Execute("DELETE FROM servers"), Token)
            );
        }

        Contents().Should().Equal(before, "nothing of the user's was changed");
        _told.ToString().Should().NotContain(Secret);
    }

    [Theory]
    [InlineData("output.log", "is a symbolic link to")]
    [InlineData("brief.md", "is a symbolic link to")]
    [InlineData(".", "is a symbolic link to")]
    public async Task Run_WithALinkInItsFolder_SaysWhatWasFoundAndWhere(string place, string told)
    {
        var taken = await _test.Workspace.Runs.RequestAsync(new RunRequest("code", "a task"), Token);
        var id = taken.Id;
        await _test.RunPassAsync();
        var link = Path.GetFullPath(Path.Combine(_test.Paths.Run(id), place));
        PutLink(link);

        var run = await _test.Workspace.Runs.GetAsync(id, Token);
        var shown =
            $"{_test.Workspace.Runs.Brief(run)} {_test.Workspace.Runs.OutputTail(run, 1000)?.Text} "
            + $"{_test.Workspace.Runs.Output(run, OutputPosition.Start, 1000).Text}";

        shown.Should().Contain(told).And.Contain(link).And.Contain("no link is followed").And.NotContain(Secret);
    }

    [Fact]
    public void OpenStepwise_OnAKernelWithoutTheCall_RefusesTheSameLinks()
    {
        Assert.SkipUnless(NativeFiles.IsUsable, "Only there.");
        Directory.CreateDirectory(Path.Combine(_test.Paths.State, "a", "b"));
        File.WriteAllText(Path.Combine(_test.Paths.State, "a", "b", "file"), "x");
        Directory.CreateSymbolicLink(Path.Combine(_test.Paths.State, "c"), Path.Combine(_test.Paths.State, "a"));
        File.CreateSymbolicLink(Path.Combine(_test.Paths.State, "a", "link"), Path.Combine(_test.Paths.State, "a", "b", "file"));

        Opens("a/b/file").Should().BeTrue();
        Opens("c/b/file").Should().BeFalse();
        Opens("a/link").Should().BeFalse();

        bool Opens(string path)
        {
            var descriptor = NativeFiles.OpenStepwise(
                GuardedPath.Of(Path.Combine(_test.Paths.State, path)),
                NativeFiles.ReadOnly | NativeFiles.CloseOnExec,
                0
            );
            using var handle = new Microsoft.Win32.SafeHandles.SafeFileHandle(descriptor, ownsHandle: true);
            return descriptor >= 0;
        }
    }

    private static async Task TryAsync(Func<Task> action)
    {
        try
        {
            await action();
        }
        catch (UserErrorException)
        {
            // Refused, which is as good as not touched.
        }
    }

    // What the link replaces goes along, so that whoever followed it would find what it expects.
    private void PutLink(string place)
    {
        var target = _outside.File("target");
        if (
            Directory.Exists(place)
            || !(
                File.Exists(place) || Path.HasExtension(place) || Path.GetDirectoryName(place)!.EndsWith("locks", StringComparison.Ordinal)
            )
        )
        {
            if (Directory.Exists(place))
            {
                Directory.Move(place, target);
            }

            Directory.CreateDirectory(target);
            Directory.CreateDirectory(Path.GetDirectoryName(place)!);
            Array.ForEach(Directory.GetFiles(target, "*.md", SearchOption.AllDirectories), static file =>
                File.AppendAllText(file, $"\n- {Secret}\n")
            );
            Array.ForEach(Directory.GetFiles(target, "*.log", SearchOption.AllDirectories), static file =>
                File.AppendAllText(file, $"\n- {Secret}\n")
            );
            File.WriteAllText(Path.Combine(target, "archive-2026-01.md"), $"## Recent Updates\n- [2026-01-01T00:00:00Z] {Secret}\n");
            Directory.CreateSymbolicLink(place, target);
            return;
        }

        Directory.CreateDirectory(Path.GetDirectoryName(place)!);
        if (File.Exists(place) && !place.EndsWith(".md", StringComparison.Ordinal) && !place.EndsWith(".log", StringComparison.Ordinal))
        {
            File.Move(place, target);
        }
        else
        {
            File.Delete(place);
            File.WriteAllText(target, $"## Recent Updates\n- [2026-01-01T00:00:00Z] {Secret}\n");
        }

        File.CreateSymbolicLink(place, target);
    }

    private List<string> Contents() =>
        [
            .. Directory
                .EnumerateFileSystemEntries(_outside.FullPath, "*", SearchOption.AllDirectories)
                .Order(StringComparer.Ordinal)
                .Select(static entry => $"{entry}: {(Directory.Exists(entry) ? "folder" : Convert.ToHexString(Bytes(entry)))}"),
        ];

    // Without the lock of a reader that .NET takes whatever is shared: a process that another test starts has inherited our own until it
    // becomes its program.
    private static byte[] Bytes(string file)
    {
        using var stream = new FileStream(GuardedFile.OpenRead(file), FileAccess.Read);
        var bytes = new byte[stream.Length];
        stream.ReadExactly(bytes);
        return bytes;
    }
}
