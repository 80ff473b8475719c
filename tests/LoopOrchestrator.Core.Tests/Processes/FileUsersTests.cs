using System.Globalization;
using LoopOrchestrator.Core.Processes;
using LoopOrchestrator.Testing.Workspaces;

namespace LoopOrchestrator.Core.Tests.Processes;

/// <summary>Processes as proc(5) shows them, in a folder of the test's own: no real one is caught before it is its program.</summary>
public sealed class FileUsersTests : IDisposable
{
    private const string File = "/somewhere/state.db";

    private readonly TemporaryWorkspace _processes = new();

    public FileUsersTests()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Only Linux shows who has a file open.");
        Add(Environment.ProcessId, Environment.ProcessPath!, parent: 1, "tests");
    }

    public void Dispose() => _processes.Dispose();

    [Fact]
    public void Others_WhoeverHasTheFileOpen_IsFound()
    {
        Add(7, "/usr/bin/other", parent: 1, "other");
        Add(8, Environment.ProcessPath!, parent: 1, "tests");
        Add(9, "/usr/bin/other", parent: 1, "other", file: "/somewhere/another");

        Others().Should().BeEquivalentTo([7, 8]);
        Others(ofThisProgram: true).Should().Equal(8);
    }

    [Fact]
    public void Others_AProgramThatIsJustBeingStarted_IsNotAmongThem()
    {
        Add(7, Environment.ProcessPath!, Environment.ProcessId, "tests");
        Others().Should().BeEmpty();

        Add(8, Environment.ProcessPath!, Environment.ProcessId, "tests of something else");
        Add(9, "/usr/bin/other", Environment.ProcessId, "tests");
        Others().Should().BeEquivalentTo([8, 9], "these are what was started, and have opened it themselves");
    }

    private IReadOnlyList<int> Others(bool ofThisProgram = false) => FileUsers.Others(_processes.Root, File, ofThisProgram);

    private void Add(int pid, string program, int parent, string arguments, string file = File)
    {
        var folder = pid.ToString(CultureInfo.InvariantCulture);
        var row = string.Create(CultureInfo.InvariantCulture, $"{pid} (a) b) S {parent} 1 1 0 -1 0 0 0 0 0 0 0 0 0 20 0 1 0 900 0 0");
        _processes.Write($"{folder}/stat", row);
        _processes.Write($"{folder}/cmdline", arguments);
        _processes.Write($"{folder}/fd/none", "");
        System.IO.File.CreateSymbolicLink(Path.Combine(_processes.Root, folder, "exe"), program);
        System.IO.File.CreateSymbolicLink(Path.Combine(_processes.Root, folder, "fd", "3"), file);
    }
}
