using System.Diagnostics;
using LoopOrchestrator.Core.Processes;
using LoopOrchestrator.Testing;

namespace LoopOrchestrator.Core.Tests.Processes;

public sealed class ProcessTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly string _mark = Guid.NewGuid().ToString("N");
    private readonly List<Process> _children = [];

    public ProcessTests() => Assert.SkipUnless(OperatingSystem.IsLinux(), "These look into Linux's process table.");

    public void Dispose()
    {
        foreach (var entry in Marked())
        {
            UnixProcess.Signal(entry.Pid, UnixProcess.SignalKill);
        }

        _children.ForEach(static child => child.Dispose());
        _folder.Dispose();
    }

    [Fact]
    public async Task IsAlive_ChildLivesThenEnds_SaysSo()
    {
        var child = Start("sleep", "300");
        var identity = ProcessIdentity.Of(child.Id)!;
        identity.IsAlive().Should().BeTrue();

        child.Kill();
        await child.WaitForExitAsync(TestContext.Current.CancellationToken);

        identity.IsAlive().Should().BeFalse();
        ProcessIdentity.Of(child.Id).Should().BeNull();
    }

    [Fact]
    public void IsAlive_SameIdButAnotherStartOrBoot_IsAnotherProcess()
    {
        var identity = ProcessIdentity.Current;

        identity.IsAlive().Should().BeTrue();
        (identity with { Start = identity.Start - 1 }).IsAlive().Should().BeFalse();
        (identity with { Boot = "another" }).IsAlive().Should().BeFalse();
    }

    [Fact]
    public void Parse_WrittenIdentity_IsTheSame() =>
        ProcessIdentity.Parse(ProcessIdentity.Current.ToString()).Should().Be(ProcessIdentity.Current);

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("1:2")]
    [InlineData("a:2:b")]
    [InlineData("-1:2:b")]
    [InlineData("1:b:2")]
    [InlineData("99999999999:2:b")]
    public void Parse_AnythingElse_IsNone(string? text) => ProcessIdentity.Parse(text).Should().BeNull();

    [Theory]
    [InlineData("a) b (c")]
    [InlineData(") Z 1 1")]
    [InlineData("two words")]
    public async Task Read_NameWithSpacesAndParentheses_IsNotTakenForFields(string name)
    {
        var sleep = Environment
            .GetEnvironmentVariable("PATH")!
            .Split(':')
            .Select(folder => Path.Combine(folder, "sleep"))
            .First(File.Exists);
        File.Copy(File.ResolveLinkTarget(sleep, returnFinalTarget: true)?.FullName ?? sleep, _folder.File(name));
        Assert.SkipWhen(File.ResolveLinkTarget(sleep, returnFinalTarget: true) is not null, "sleep is part of another program here.");
        var child = Start(_folder.File(name), "300");
        await Eventually.TrueAsync("its own name", () => File.ReadAllText($"/proc/{child.Id}/comm").TrimEnd('\n') == name);

        var entry = ProcessTable.Read(child.Id)!;

        entry.Should().Match<ProcessEntry>(read => read.Parent == Environment.ProcessId && !read.IsZombie);
        entry.Session.Should().Be(ProcessTable.Read(Environment.ProcessId)!.Session);
        ProcessTable.All().Should().Contain(entry);
        ProcessTable.Descendants(Environment.ProcessId).Should().Contain(entry);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(-1)]
    [InlineData(int.MaxValue)]
    public void Read_NoSuchProcess_IsNone(int pid) => ProcessTable.Read(pid).Should().BeNull();

    [Fact]
    public async Task Environment_OfOneThatBecomesAnotherProgram_IsThere()
    {
        // The shell has written the id before its child has become the program: some of the looks come in that moment.
        for (var turn = 0; turn < 10; turn++)
        {
            var shell = Start("sh", "-c", "sleep 300 >/dev/null 2>&1 & echo $!");
            var id = int.Parse((await shell.StandardOutput.ReadLineAsync(TestContext.Current.CancellationToken))!);
            for (var look = 0; look < 30; look++)
            {
                Assert.Equal(_mark, ProcessTable.Environment(id, "LOOP_MARK"));
            }
        }
    }

    [Fact]
    public async Task HasEnvironment_Variable_MatchesWholeOnly()
    {
        var child = Start("sleep", "300");
        await Eventually.TrueAsync("its environment", () => ProcessTable.HasEnvironment(child.Id, "LOOP_MARK", _mark));

        ProcessTable.HasEnvironment(child.Id, "LOOP_MARK", _mark[..^1]).Should().BeFalse();
        ProcessTable.HasEnvironment(child.Id, "MARK", _mark).Should().BeFalse();
        ProcessTable.HasEnvironment(int.MaxValue, "LOOP_MARK", _mark).Should().BeFalse();
    }

    [Fact]
    public async Task EndAsync_NothingToEnd_IsGone() =>
        (await new ProcessTree(TimeProvider.System).EndAsync(() => [], TimeSpan.Zero)).Should().Be((0, true));

    [Fact]
    public async Task EndAsync_ProgramThatHearsThePoliteSignal_EndsByItself()
    {
        var child = Start(
            "sh",
            "-c",
            $"trap 'echo heard > {_folder.File("heard")}; exit 0' TERM; echo > {_folder.File("ready")}; while :; do sleep 0.01; done"
        );
        await ReadyAsync();

        var result = await new ProcessTree(TimeProvider.System).EndAsync(Marked, TimeSpan.FromMinutes(2));

        result.Gone.Should().BeTrue();
        result.Ended.Should().BeGreaterThanOrEqualTo(1);
        File.Exists(_folder.File("heard")).Should().BeTrue();
        ProcessIdentity.Of(child.Id).Should().BeNull();
    }

    [Fact]
    public async Task EndAsync_ShellThatTrapsTheSignal_IsKilledWithItsChildren()
    {
        Start("sh", "-c", $"trap '' TERM; sleep 300 & echo > {_folder.File("ready")}; while :; do wait; done");
        await ReadyAsync();
        await Eventually.TrueAsync("shell and child", () => Marked().Count >= 2);

        var result = await new ProcessTree(TimeProvider.System).EndAsync(Marked, TimeSpan.FromMilliseconds(50));

        result.Gone.Should().BeTrue();
        result.Ended.Should().BeGreaterThanOrEqualTo(2);
        Marked().Should().BeEmpty();
    }

    [Fact]
    public async Task EndAsync_DescendantThatLeftItsSession_IsEndedToo()
    {
        var child = Start("sh", "-c", $"setsid sleep 300 & echo > {_folder.File("ready")}; wait");
        await ReadyAsync();
        await Eventually.TrueAsync("another session", () => Marked().Any(entry => entry.Session == entry.Pid && entry.Pid != child.Id));
        var left = Marked().Single(entry => entry.Session == entry.Pid);

        var (_, gone) = await new ProcessTree(TimeProvider.System).EndAsync(Marked, TimeSpan.FromMinutes(2));

        gone.Should().BeTrue();
        ProcessIdentity.Of(left.Pid).Should().BeNull();
    }

    private Process Start(string program, params string[] arguments)
    {
        // With streams of its own: one that outlived this process would hold open what the runner of the tests reads.
        var start = new ProcessStartInfo(program, arguments)
        {
            WorkingDirectory = _folder.FullPath,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            UseShellExecute = false,
        };
        start.Environment["LOOP_MARK"] = _mark;
        var child = Process.Start(start)!;
        _children.Add(child);
        return child;
    }

    private Task ReadyAsync() => Eventually.TrueAsync("the shell is ready", () => File.Exists(_folder.File("ready")));

    private List<ProcessEntry> Marked() =>
        ProcessTable.All().Where(entry => ProcessTable.HasEnvironment(entry.Pid, "LOOP_MARK", _mark)).ToList();
}
