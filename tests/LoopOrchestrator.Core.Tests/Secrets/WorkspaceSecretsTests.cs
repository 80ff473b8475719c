using LoopOrchestrator.Core.Agents.Contracts;
using LoopOrchestrator.Core.Configuration;
using LoopOrchestrator.Core.Files;
using LoopOrchestrator.Core.Memory;
using LoopOrchestrator.Core.Runs;
using LoopOrchestrator.Core.Runs.Contracts;
using LoopOrchestrator.Testing;
using Microsoft.Extensions.Logging.Abstractions;

namespace LoopOrchestrator.Core.Tests.Secrets;

/// <summary>A process may have several workspaces, and each takes out of its texts what its own agents are given.</summary>
public sealed class WorkspaceSecretsTests : IDisposable
{
    private const string Both = "it printed secret-of-the-first, secret-of-the-second";
    private const string FirstCleaned = "it printed [redacted:FIRST_TOKEN], secret-of-the-second";
    private const string SecondCleaned = "it printed secret-of-the-first, [redacted:SECOND_TOKEN]";

    private readonly TemporaryFolder _firstFolder = new();
    private readonly TemporaryFolder _secondFolder = new();
    private readonly Workspace _first;
    private readonly Workspace _second;

    public WorkspaceSecretsTests()
    {
        _first = Open(_firstFolder, "FIRST_TOKEN", "secret-of-the-first");
        _second = Open(_secondFolder, "SECOND_TOKEN", "secret-of-the-second");
    }

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Memory_OfTwoWorkspaces_IsCleanedOfItsOwnSecrets()
    {
        (await RememberAsync(_first)).Should().Be(FirstCleaned);
        (await RememberAsync(_second)).Should().Be(SecondCleaned);
    }

    [Fact]
    public async Task Runs_OfTwoWorkspaces_AreCleanedOfTheirOwnSecrets()
    {
        (await ReportAsync(_first)).Should().Equal(FirstCleaned, FirstCleaned, FirstCleaned);
        (await ReportAsync(_second)).Should().Equal(SecondCleaned, SecondCleaned, SecondCleaned);
    }

    [Fact]
    public void Trust_OfTwoWorkspaces_IsToldWithoutTheirOwnSecrets()
    {
        Texts(_first).Should().Contain($"sh -c '{FirstCleaned}' (sets FIRST_TOKEN)");
        Texts(_second).Should().Contain($"sh -c '{SecondCleaned}' (sets SECOND_TOKEN)");
    }

    [Fact]
    public async Task Dispose_OfOneWorkspace_ChangesNothingForTheOther()
    {
        _first.Dispose();

        (await RememberAsync(_second)).Should().Be(SecondCleaned);
        (await ReportAsync(_second)).Should().Equal(SecondCleaned, SecondCleaned, SecondCleaned);
    }

    public void Dispose()
    {
        _first.Dispose();
        _second.Dispose();
        _firstFolder.Dispose();
        _secondFolder.Dispose();
    }

    private static Workspace Open(TemporaryFolder folder, string variable, string secret)
    {
        var agent = new AgentDefinition
        {
            Name = "program",
            Kind = AgentKind.Command,
            Command = ["sh", "-c", Both],
            Environment = new Dictionary<string, string>(StringComparer.Ordinal) { [variable] = secret },
        };
        var configuration = new OrchestratorConfiguration
        {
            Agents = new Dictionary<string, AgentDefinition>(StringComparer.Ordinal) { [agent.Name] = agent },
        };
        var trust = new WorkspaceTrust(folder.FullPath, "the test", folder.File("nobody-is-trusted"));
        return new Workspace(
            folder.Paths,
            configuration,
            trust,
            new OutsideWorld(new FakeSupervisors(TimeProvider.System), new FakeNotices(), new FakeEvidence()),
            TimeProvider.System,
            NullLoggerFactory.Instance
        );
    }

    private static async Task<string> RememberAsync(Workspace workspace)
    {
        await workspace.Memory.AppendAsync(new MemoryAppend(MemorySection.Updates, Both), Token);
        var reading = await workspace.Memory.ReadAsync(cancellationToken: Token);
        return reading.Sections.SelectMany(static section => section.Entries).Should().ContainSingle().Which.Text;
    }

    // The summary and the question of a report, and a decision of the database.
    private static async Task<string[]> ReportAsync(Workspace workspace)
    {
        var run = await workspace.Runs.RequestAsync(new RunRequest("code", "print") { Caller = RunCaller.Unknown }, Token);
        await workspace.Storage.Runs.DecideAsync(run.Id, TimeProvider.System.GetUtcNow(), Both, Token);
        var report = new RunReport(RunState.NeedsInput, Both, [], [], [Both]);
        var reported = await workspace.Runs.CompleteAsync(run.Id, report, leaseToken: run.LeaseToken, cancellationToken: Token);
        var decisions = await workspace.Runs.DecisionsAsync(run.Id, Token);
        var printed = decisions
            .Select(static one => one.Text)
            .Where(static text => text.StartsWith("it printed", StringComparison.Ordinal));
        return [reported.Summary!, .. reported.Questions, .. printed];
    }

    private static IEnumerable<string> Texts(Workspace workspace) => workspace.Approved.Current.Entries.Select(static entry => entry.Text);
}
