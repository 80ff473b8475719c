using LoopOrchestrator.Core.Modes;
using LoopOrchestrator.Core.Runs.Contracts;
using LoopOrchestrator.Core.Trust;
using LoopOrchestrator.Core.Workflows.Definition;
using LoopOrchestrator.Testing;

namespace LoopOrchestrator.Core.Tests.Trust;

/// <summary>What counts as new or changed since a person saw it, for each kind of thing that trust is about.</summary>
public sealed class TrustedListTests : IDisposable
{
    private readonly TestWorkspace _test = new(trusted: false);

    public static TheoryData<string> Kinds => [.. TrustedFiles.Kinds];

    public static TheoryData<string> Changeable => [.. TrustedFiles.Kinds.Except(["push"], StringComparer.Ordinal)];

    private ApprovedEntries Approved => _test.Workspace.Approved;

    public void Dispose() => _test.Dispose();

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Added_IsHeld_UntilItIsSeen(string kind)
    {
        Record(new TrustedFiles().Without(kind));
        new TrustedFiles().Apply(_test);

        // The variables of an agent are a part of it.
        var how = kind == "environment" ? "has changed since" : "is new since";
        Approved.Held().Should().ContainSingle().Which.Should().Contain(how).And.Contain(PlaceOf(kind));
        Approved.Record(Approved.Current);
        Approved.Held().Should().BeEmpty();
    }

    [Theory]
    [MemberData(nameof(Changeable))]
    public void Changed_IsHeld_UntilItIsSeen(string kind)
    {
        Record(new TrustedFiles());
        new TrustedFiles().Other(kind).Apply(_test);

        // The name of a notice is made of its receiver: another one is a new entry.
        var how = kind == "notice" ? "is new since" : "has changed since";
        Approved.Held().Should().ContainSingle().Which.Should().Contain(how).And.Contain(PlaceOf(kind));
        Approved.Record(Approved.Current);
        Approved.Held().Should().BeEmpty();
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Removed_HoldsNothing_ButWhatTakesItsPlaceOrWasGuarded(string kind)
    {
        Record(new TrustedFiles());
        new TrustedFiles().Without(kind).Apply(_test);

        // Fewer variables are another program call, a mode without its own agent has another one, and a guard held something up.
        Approved.Held().Should().HaveCount(kind is "environment" or "mode agent" or "gate" or "commit gate" or "onlyIf" ? 1 : 0);
    }

    [Theory]
    [InlineData("gate")]
    [InlineData("commit gate")]
    [InlineData("onlyIf")]
    public void RemovedGuard_IsHeldByName_UntilItIsSeen(string kind)
    {
        Record(new TrustedFiles());
        new TrustedFiles().Without(kind).Apply(_test);

        Approved.Held().Should().ContainSingle().Which.Should().Contain(PlaceOf(kind)).And.Contain("was removed since");
        Approved.Record(Approved.Current);
        Approved.Held().Should().BeEmpty();
        new TrustedFiles().Apply(_test);
        Approved.Record(Approved.Current);
        new TrustedFiles().Without(kind).Apply(_test);
        Approved.Held().Should().ContainSingle("it was seen once that there is none, and later that there is one again");
    }

    [Fact]
    public void RemovedGuard_OfSomethingThatIsGoneToo_HoldsNothing()
    {
        Record(new TrustedFiles());
        var files = new TrustedFiles();
        files
            .With(
                files.Configuration with
                {
                    Workflows = TrustedFiles.Map("other", files.Configuration.Workflows["default"] with { Name = "other" }),
                }
            )
            .Apply(_test);

        Approved.Held().Should().OnlyContain(static held => held.Contains("workflows.other"));
    }

    [Fact]
    public void OnlyIf_GoneWithTheFileThatHadIt_IsHeld()
    {
        Record(new TrustedFiles());
        new TrustedFiles { OnlyIf = null }.Write(_test);
        Directory.CreateDirectory(Path.GetDirectoryName(_test.Paths.RooSchedules)!);
        File.Move(_test.Paths.Schedules, _test.Paths.RooSchedules);
        _test.Restart();

        Approved.Held().Should().ContainSingle().Which.Should().StartWith("schedules.json: s onlyIf").And.Contain("was removed since");
    }

    [Fact]
    public void Gates_OfWorkflowsWithDotsInTheirNames_AreNotThoseOfOthers()
    {
        const string File = "mcp_startup.json";
        WorkflowStage verify = new("verify", Stage.Validation) { Gates = [new("tests", ["make"])] };
        var workflows = new[] { "release", "release.v2", "release\".", "\"release" }
            .Select(name => new WorkflowDefinition(name) { Stages = [verify] })
            .ToList();
        var list = new TrustedList(workflows.SelectMany(static workflow => WorkflowTrust.Entries(workflow, File)));

        workflows.Should().AllSatisfy(workflow => list.Covers(WorkflowTrust.Guards(workflow, File)).Should().BeTrue(workflow.Name));
        var without = workflows[1] with { Stages = [] };
        list.Covers(WorkflowTrust.Guards(without, File)).Should().BeFalse("its own gate is gone");
    }

    [Fact]
    public void Gate_AddedMeanwhile_DoesNotHoldWhatBeganWithoutIt()
    {
        Record(new TrustedFiles().Without("gate"));
        var began = WorkflowTrust.Guards(_test.Configuration.Workflows["default"], "mcp_startup.json");
        new TrustedFiles().Apply(_test);
        Approved.Record(Approved.Current);

        Approved.WhyHeld(began).Should().BeNull("a cycle goes on with what it began with");
        new TrustedFiles().Without("gate").Apply(_test);
        Approved.WhyHeld(began).Should().Contain("was removed since", "the configuration has gone back to it");
    }

    [Fact]
    public void Difference_ModeRemoved_ShowsTheWiderOneBehindIt()
    {
        const string Narrow = """{"customModes":[{"slug":"code","name":"Code","roleDefinition":"x","groups":["read"]}]}""";
        File.WriteAllText(_test.Paths.RooModes, Narrow);
        Record(files: null);
        File.Delete(_test.Paths.RooModes);
        _test.Restart();

        var difference = Approved.Current.Since(Approved.Recorded().List!);

        var (before, now) = difference.Changed.Should().ContainSingle().Which;
        (before.Place, before.Text).Should().Be((".roomodes: code", "read"));
        now.Text.Should().Contain("command").And.Contain("edit");
        difference.Removed.Should().BeEmpty("what takes its place is shown instead");
    }

    [Fact]
    public void Difference_OfAModeThatWasWider_ShowsThatItIsGone()
    {
        const string Wide =
            """{"customModes":[{"slug":"ask","name":"Ask","roleDefinition":"x","groups":["read","edit","command","browser","mcp"]}]}""";
        File.WriteAllText(_test.Paths.RooModes, Wide);
        Record(files: null);
        File.Delete(_test.Paths.RooModes);
        _test.Restart();

        Approved
            .Current.Since(Approved.Recorded().List!)
            .Should()
            .Match<TrustDifference>(one => one.Changed.Count == 0 && one.Removed.Count == 1);
    }

    [Fact]
    public void TimesAndTexts_Changed_CountAtOnce()
    {
        Record(new TrustedFiles());
        var files = new TrustedFiles
        {
            Task = "do something else",
            Minutes = 1,
            Role = "Writes other documents.",
        };
        files = files.With(files.Configuration with { Limits = new RunLimits { TimeoutSeconds = 7 } });
        files
            .WithStage(static stage =>
                stage with
                {
                    Gates = [stage.Gates[0] with { TimeoutSeconds = 3 }],
                    Steps = [stage.Steps[0] with { Task = "other", TimeoutSeconds = 4 }],
                }
            )
            .Apply(_test);

        Approved.Held().Should().BeEmpty();
    }

    [Theory]
    [InlineData("[\"read\"]", 0)]
    [InlineData("[]", 0)]
    [InlineData("[\"read\",[\"edit\",{\"fileRegex\":\"\\\\.md$\"}]]", 0)]
    [InlineData("[\"read\",[\"edit\",{\"fileRegex\":\".*\"}]]", 1)]
    [InlineData("[\"read\",[\"edit\",{\"fileRegex\":\"\\\\.md$\"}],\"command\"]", 1)]
    public void Groups_Narrowed_CountAtOnce(string groups, int held)
    {
        Record(new TrustedFiles());
        new TrustedFiles { Groups = groups }.Apply(_test);

        Approved.Held().Should().HaveCount(held);
    }

    [Fact]
    public void Groups_PatternWhereThereWasNone_IsNarrower()
    {
        Record(new TrustedFiles { Groups = "[\"edit\"]" });
        new TrustedFiles().With(new TrustedFiles().Configuration).Apply(_test);

        Approved.Held().Should().ContainSingle("reading is new").Which.Should().Contain(".roomodes: docs");
        new TrustedFiles { Groups = "[[\"edit\",{\"fileRegex\":\"x\"}]]" }.Apply(_test);
        Approved.Held().Should().BeEmpty();
    }

    [Fact]
    public void BuiltInMode_NarrowedAndWidenedAgain_IsHeld()
    {
        const string Narrow = """{"customModes":[{"slug":"code","name":"Code","roleDefinition":"x","groups":["read"]}]}""";
        File.WriteAllText(_test.Paths.RooModes, Narrow);
        Record(files: null);
        Approved.Held().Should().BeEmpty("it may do less than the built-in one");
        File.Delete(_test.Paths.RooModes);
        _test.Restart();

        Approved.Held().Should().ContainSingle().Which.Should().StartWith(".roomodes: code");
    }

    [Fact]
    public void DefaultAgent_Changed_IsHeldAndAHandOffIsNot()
    {
        Record(new TrustedFiles());
        With(TestWorkspace.Program).Apply(_test);
        Approved.Held().Should().ContainSingle().Which.Should().Contain("mcp_startup.json: defaultAgent");
        With("handoff").Apply(_test);
        Approved.Held().Should().BeEmpty();

        static TrustedFiles With(string agent) => new TrustedFiles().With(new TrustedFiles().Configuration with { DefaultAgent = agent });
    }

    [Fact]
    public void Text_ShowsNoValueOfAVariable_AndNoQueryOfAnAddress()
    {
        var files = new TrustedFiles().Other("webhook");
        files.WithAgent(static agent => agent with { Environment = TrustedFiles.Map("TOKEN", "s3cr3t-value") }).Apply(_test);
        var texts = Approved.Current.Entries.Select(static entry => entry.Text).ToList();

        texts.Should().Contain("sh -c true (sets TOKEN)").And.Contain("https://example.org/hook").And.Contain("https://example.org");
        string.Join('\n', texts).Should().NotContain("s3cr3t").And.NotContain("others").And.NotContain("ping");
    }

    [Fact]
    public void Digest_OfTheSameWordsInOtherLists_Differs()
    {
        string Of(params string[] command) => TrustedEntry.OfCommand(TrustedKind.Gate, "here", command).Digest;

        new[] { Of("a", "b"), Of("ab"), Of("a b"), Of("a", "", "b"), Of("a", "b", "") }.Should().OnlyHaveUniqueItems();
    }

    private static string PlaceOf(string kind) =>
        kind switch
        {
            "agent" => "mcp_startup.json: agents.program (sh -c true",
            "environment" => "mcp_startup.json: agents.checks (sh -c true",
            "gate" => "mcp_startup.json: workflows.default.implementation.gates.build (make",
            "sync" => "mcp_startup.json: workflows.default.sync.pull (git pull",
            "onlyIf" => "schedules.json: s onlyIf (sh -c",
            "commit gate" => "mcp_startup.json: commit.gate.test (",
            "push" => "mcp_startup.json: commit.push",
            "escalation" => "mcp_startup.json: escalation.command (tell",
            "webhook" => "mcp_startup.json: escalation.webhook",
            "dead man" => "mcp_startup.json: alarm.deadManUrl",
            "notice" => "mcp_startup.json: notices.",
            "telemetry" => "mcp_startup.json: telemetry.otlpEndpoint",
            "groups" => ".roomodes: docs (",
            "mode agent" => "mcp_startup.json: modes.ask.agent (",
            _ => "mcp_startup.json: workflows.default.implementation.steps.make.agent (",
        };

    private void Record(TrustedFiles? files)
    {
        files?.Apply(_test);
        Approved.Record(Approved.Current);
        Approved.Held().Should().BeEmpty();
    }
}
