using LoopOrchestrator.Core.Agents;
using LoopOrchestrator.Core.Agents.Contracts;
using LoopOrchestrator.Core.Commits;
using LoopOrchestrator.Core.Errors;
using LoopOrchestrator.Core.Files;
using LoopOrchestrator.Core.Runs;
using LoopOrchestrator.Core.Runs.Contracts;
using LoopOrchestrator.Core.Trust;
using LoopOrchestrator.Testing;

namespace LoopOrchestrator.Core.Tests.Trust;

/// <summary>What a word of trust counts for: one of the record, of this process, and of the version before.</summary>
public sealed class ApprovedEntriesTests : IDisposable
{
    private readonly TestWorkspace _test = new(trusted: false);

    public void Dispose() => _test.Dispose();

    [Fact]
    public void RecordOfTheVersionBefore_CountsForWhatIsThereAtTheFirstStart_Once()
    {
        // As that version wrote it: the folder, and nothing else.
        File.WriteAllText(_test.RecordFile, _test.Paths.Root + "\n");
        new TrustedFiles().Apply(_test);
        _test.Workspace.Approved.Note().Should().Contain("what is there at the next start of a server counts as seen");
        File.Exists(_test.Workspace.Approved.RecordFile).Should().BeFalse("looking records nothing");

        _test.Workspace.Approved.Begin();

        _test.Workspace.Approved.Held().Should().BeEmpty();
        _test.Workspace.Approved.Note().Should().Contain($"what was there at {_test.Now.UtcDateTime:yyyy-MM-ddTHH:mm:ssZ} counts as seen");
        File.ReadAllText(_test.RecordFile).Should().Be(_test.Paths.Root + "\n", "that version still reads it");
        new TrustedFiles().Other("gate").Apply(_test);
        _test.Workspace.Approved.Begin();
        _test.Workspace.Approved.Held().Should().ContainSingle("only the first start adopts").Which.Should().Contain("gates.build");

        _test.Workspace.Approved.Record(_test.Workspace.Approved.Current);
        (_test.Workspace.Approved.Note(), _test.Workspace.Approved.Held().Count).Should().Be((null, 0));
    }

    /// <summary>A configuration file that nobody has seen may have come with the repository, like anything else in it.</summary>
    [Fact]
    public void AnotherConfigurationFile_WhileOneWasSeen_HoldsAllUntilItIsSeen()
    {
        new TrustedFiles().Apply(_test);
        _test.Workspace.Approved.Record(_test.Workspace.Approved.Current);
        _test.Configuration = _test.Configuration with { OtherFile = Path.Combine(_test.Paths.Root, "other.json") };
        var other = _test.Open(trusted: false).Approved;

        other.Begin();

        other.Held().Should().NotBeEmpty();
        File.Exists(other.RecordFile).Should().BeFalse("nothing is taken for seen by itself");
        other.Note().Should().Contain("was not seen yet").And.Contain("--config");
        other.Record(other.Current);
        other.Held().Should().BeEmpty();

        _test.Workspace.Approved.Revoke().Should().BeTrue();
        File.Exists(other.RecordFile).Should().BeFalse("the word is for the workspace, and so is taking it back");
    }

    [Fact]
    public void RecordThatLiesInTheWorkspace_CountsForNothing_AndIsNotMade()
    {
        var record = _test.Paths.Root + "/.config/trusted-workspaces";
        Directory.CreateDirectory(Path.GetDirectoryName(record)!);
        File.WriteAllText(record, _test.Paths.Root + "\n");
        var trust = new WorkspaceTrust(_test.Paths.Root, givenBy: null, record);

        trust.IsTrusted.Should().BeFalse("whoever writes here could give it");
        trust
            .Invoking(static one => one.Record())
            .Should()
            .Throw<UserErrorException>()
            .WithMessage("*lies in this workspace*--trust-workspace*");
    }

    [Fact]
    public void Word_ForThisProcess_CountsForWhatWasThereWhenItBegan()
    {
        new TrustedFiles { OnlyIf = null }.Apply(_test);
        var first = _test.Open(trusted: true).Approved;
        first.Begin();
        new TrustedFiles().Write(_test);
        first.Held().Should().ContainSingle().Which.Should().StartWith("schedules.json: s onlyIf");

        var restarted = _test.Open(trusted: true).Approved;
        restarted.Begin();
        restarted.Held().Should().BeEmpty("a new start takes what is there then");

        var recorded = _test.Workspace.Approved;
        recorded.Record(recorded.Current);
        first.Held().Should().BeEmpty("so does the command, for a process that goes on");
    }

    [Fact]
    public void ListThatWasEdited_CountsForNothing_AndSaysSo()
    {
        new TrustedFiles().Apply(_test);
        var seen = _test.Workspace.Approved;
        seen.Record(seen.Current);
        var content = File.ReadAllText(seen.RecordFile);
        File.WriteAllText(seen.RecordFile, content.Replace("\"make test\"", "\"make tests\"", StringComparison.Ordinal));
        seen.Held().Should().BeEmpty("the words are for people");

        File.WriteAllText(seen.RecordFile, content.Replace(seen.Current.Entries[0].Digest, new string('0', 64), StringComparison.Ordinal));

        _test.Restart();
        _test.Workspace.Approved.Begin();
        _test
            .Workspace.Approved.Held()
            .Should()
            .HaveCount(seen.Current.Entries.Count)
            .And.OnlyContain(static held => held.Contains("cannot be used (it was cut or edited)"));
        _test.Workspace.Approved.Note().Should().Contain("call 'loop-orchestrator trust' again");
    }

    [Theory]
    [InlineData("")]
    [InlineData("{")]
    [InlineData("null")]
    [InlineData("""{"version":2,"workspace":"","digest":"","at":"2026-01-01T00:00:00Z","adopted":false,"entries":[],"earlier":[]}""")]
    public void ListThatCannotBeUsed_HoldsAllBack_AndIsNotAdopted(string content)
    {
        new TrustedFiles().Apply(_test);
        _test.Workspace.Approved.Record(_test.Workspace.Approved.Current);
        File.WriteAllText(_test.Workspace.Approved.RecordFile, content);
        _test.Restart();
        _test.Workspace.Approved.Begin();

        _test.Workspace.Approved.Held().Should().NotBeEmpty();
        File.ReadAllText(_test.Workspace.Approved.RecordFile).Should().Be(content);
    }

    [Fact]
    public void List_TakenAwayWhileAServerRuns_IsNotAdoptedByIt()
    {
        new TrustedFiles { OnlyIf = null }.Apply(_test);
        var seen = _test.Workspace.Approved;
        seen.Record(seen.Current);
        seen.Begin();
        File.Delete(seen.RecordFile);
        new TrustedFiles().Write(_test);

        seen.WhyHeld(seen.Current.Entries.Single(static entry => entry.Kind == TrustedKind.OnlyIf)).Should().NotBeNull();
        seen.Held()
            .Should()
            .HaveCount(2, "what its process has read once, at its start, was seen")
            .And.Contain(static held => held.StartsWith("schedules.json: s onlyIf"))
            .And.Contain(static held => held.StartsWith(".roomodes: docs"));
        File.Exists(seen.RecordFile).Should().BeFalse();
    }

    [Fact]
    public void Server_GoesOnWithWhatWasSeen_IsNotHeldByAListOfTheFileAsItIsNow()
    {
        new TrustedFiles().Apply(_test);
        var server = _test.Workspace.Approved;
        server.Record(server.Current);
        server.Begin();
        new TrustedFiles().Other("environment").Apply(_test);
        _test.Workspace.Approved.Record(_test.Workspace.Approved.Current);

        server.Held().Should().BeEmpty();
    }

    [Fact]
    public void List_OfAnotherConfigurationFile_IsItsOwn()
    {
        new TrustedFiles().Apply(_test);
        _test.Workspace.Approved.Record(_test.Workspace.Approved.Current);
        _test.Configuration = _test.Configuration with { OtherFile = "/elsewhere/other.json" };
        var other = _test.Open(trusted: false).Approved;
        other.Record(other.Current);

        other.Current.Entries.Should().Contain(static entry => entry.Place == "/elsewhere/other.json: agents.checks");
        _test.Workspace.Approved.Held().Should().BeEmpty();
    }

    [Fact]
    public void Revoke_ListIsThere_TakesItToo()
    {
        new TrustedFiles().Apply(_test);
        var seen = _test.Workspace.Approved;
        seen.Record(seen.Current);

        seen.Revoke().Should().BeTrue();
        File.Exists(seen.RecordFile).Should().BeFalse();
        (seen.IsTrusted, seen.Held().Count, seen.Recorded().List).Should().Be((false, 0, null));
        seen.Revoke().Should().BeFalse();
    }

    [Fact]
    public void Folder_OfLists_IsForItsUserOnly()
    {
        if (OperatingSystem.IsWindows())
        {
            Assert.Skip("It has no such rights.");
            return;
        }

        _test.Workspace.Approved.Record(_test.Workspace.Approved.Current);

        File.GetUnixFileMode(Path.GetDirectoryName(_test.Workspace.Approved.RecordFile)!)
            .Should()
            .Be(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
    }

    /// <summary>What a run is started with is what was looked at, also when the files say something else a moment later.</summary>
    [Fact]
    public void Run_ModeChangedMeanwhile_IsStartedWithTheOneThatWasLookedAt()
    {
        new TrustedFiles().Apply(_test);
        var configuration = _test.Configuration;
        var seen = _test.Workspace.Approved;
        seen.Record(seen.Current);
        var hold = new RunHold(
            seen,
            new AgentCatalog(configuration.AgentSettings),
            _test.Workspace.Modes,
            configuration.AgentSettings,
            Holds(configuration.AgentSettings),
            () => configuration.Commit
        );
        var run = RunOf("docs", TestWorkspace.Checks);
        var basis = hold.Check(run, NoHolds);
        new TrustedFiles().Other("groups").Write(_test);

        basis.Held.Should().BeNull();
        basis.Mode!.Groups.Should().HaveCount(2).And.Contain(static group => group.FileRegex != null);
        hold.Check(run, NoHolds).Held.Should().StartWith(".roomodes: docs");
    }

    [Fact]
    public void Commits_AreHeldByTheGateOfTheFileAsItIsNow_AndHandItsDigestOn()
    {
        var files = new TrustedFiles();
        files.Apply(_test);
        var seen = _test.Workspace.Approved;
        seen.Record(seen.Current);
        var now = files.Configuration.Commit;
        var hold = new RunHold(
            seen,
            new AgentCatalog(files.Configuration.AgentSettings),
            _test.Workspace.Modes,
            files.Configuration.AgentSettings,
            Holds(files.Configuration.AgentSettings),
            () => now
        );
        var run = RunOf("code", AgentDefinition.CommitsName);
        var basis = hold.Check(run, NoHolds);

        basis.Held.Should().BeNull();
        var digest = TrustedList.DigestOf(CommitTrust.Entries(now, "mcp_startup.json"));
        basis.Agent!.SelfArguments.Should().EndWith([CommitTrust.ApprovedOption, digest]);
        now = files.Other("commit gate").Configuration.Commit;
        hold.Check(run, NoHolds).Held.Should().StartWith("mcp_startup.json: commit.gate.test (true) has changed");
    }

    private static readonly Dictionary<string, AgentHold> NoHolds = [];

    private AgentHolds Holds(AgentSettings settings) =>
        new(_test.Workspace.Storage.AgentHolds, new AgentCatalog(settings), settings, _test.Time, static () => { });

    private Run RunOf(string mode, string agent) =>
        new()
        {
            Id = "r",
            Mode = mode,
            Task = "x",
            Agent = agent,
            AgentKind = AgentKind.Command,
            State = RunState.Queued,
            CreatedAt = _test.Now,
            TimeoutSeconds = 1,
            Priority = RunPriority.Normal,
        };
}
