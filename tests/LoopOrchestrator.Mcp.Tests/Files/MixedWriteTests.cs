using LoopOrchestrator.Mcp.Tests.Door;
using LoopOrchestrator.Testing.Processes;

namespace LoopOrchestrator.Mcp.Tests.Files;

/// <summary>
/// Many processes write the four files of one workspace at once, and are killed while they do. The full numbers are for the native program,
/// which starts in a tenth of the time; the other one gets a tenth of them.
/// </summary>
public sealed class MixedWriteTests(ITestOutputHelper output) : IAsyncLifetime
{
    private const int Processes = 16;
    private const int AtOnce = 8;
    private static readonly int Writes = ProductExecutable.IsNative ? 1000 : 100;
    private static readonly int Kills = ProductExecutable.IsNative ? 500 : 50;
    private readonly LoopWorkspace _workspace = new();

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public ValueTask DisposeAsync() => _workspace.DisposeAsync();

    [Fact]
    public async Task SixteenProcesses_EachEffectIsThereOnce()
    {
        var effects = await Task.WhenAll(Enumerable.Range(0, Processes).Select(async number =>
        {
            var server = _workspace.StartStdio();
            using var writer = new FileWriter(server);
            for (var write = 0; write < Writes; write++)
            {
                await writer.AskAsync(MixedWrite.Create(number, write, pairs: true));
                while (writer.Asked.Count > 0)
                {
                    (await writer.HearAsync()).Should().BeTrue(server.ErrorText);
                }
            }

            server.Input.Close();
            await server.WaitForExitAsync();
            return writer.Acknowledged;
        }));

        var found = FileEffects.Count(_workspace.Files.Paths);
        found.Where(static effect => effect.Value != 1).Should().BeEmpty();
        found.Keys.Should().BeEquivalentTo(effects.SelectMany(static own => own)).And.HaveCount(Processes * Writes);
        await WorkspaceHealth.CheckAsync(_workspace.Files.Paths);
    }

    [Fact]
    public async Task Kills_LoseNothingAcknowledgedAndTearNothing()
    {
        var seed = Random.Shared.Next();
        output.WriteLine($"{Kills} kills, seed {seed}");
        var next = -1;
        var lives = await Task.WhenAll(Enumerable.Range(0, 4).Select(async thread =>
        {
            var random = new Random(seed + thread);
            List<string> acknowledged = [], asked = [];
            for (var life = Interlocked.Increment(ref next); life < Kills; life = Interlocked.Increment(ref next))
            {
                await LiveAsync(life, random, acknowledged, asked);
            }

            return (acknowledged, asked);
        }));

        // The next start needs no help: it writes each file at once.
        await LiveAsync(Kills, new Random(seed), [], [], kill: false);
        var found = FileEffects.Count(_workspace.Files.Paths);
        var acknowledged = lives.SelectMany(static one => one.acknowledged).ToList();
        output.WriteLine($"{acknowledged.Count} writes were acknowledged, {lives.Sum(static one => one.asked.Count)} were under way, {found.Count} are there");
        found.Where(static effect => effect.Value != 1).Should().BeEmpty($"seed {seed}");
        found.Keys.Should().Contain(acknowledged, $"seed {seed}").And.HaveCountGreaterThan(Kills);
        found.Keys.Except(acknowledged, StringComparer.Ordinal).Where(static effect => !effect.Contains($"-{Kills}-", StringComparison.Ordinal))
            .Should().BeSubsetOf(lives.SelectMany(static one => one.asked), $"seed {seed}");
        await WorkspaceHealth.CheckAsync(_workspace.Files.Paths);
    }

    // Always several writes under way, until the process has answered so many.
    private async Task LiveAsync(int life, Random random, List<string> acknowledged, List<string> asked, bool kill = true)
    {
        var server = _workspace.StartStdio();
        using var writer = new FileWriter(server);
        var answers = kill ? random.Next(0, 40) : 40;
        var first = random.Next(0, 20);
        for (var write = 0; write < AtOnce; write++)
        {
            await writer.AskAsync(MixedWrite.Create(life, first + write, pairs: false));
        }

        for (var write = AtOnce; writer.Acknowledged.Count < answers; write++)
        {
            (await writer.HearAsync()).Should().BeTrue(server.ErrorText);
            await writer.AskAsync(MixedWrite.Create(life, first + write, pairs: false));
        }

        if (kill)
        {
            // So that it hits any moment of a write, and not only the one after an answer.
            SpinWait.SpinUntil(static () => false, TimeSpan.FromMilliseconds(random.NextDouble() * 3));
            server.Kill();
            while (await writer.HearAsync())
            {
            }
        }
        else
        {
            while (writer.Asked.Count > 0)
            {
                await writer.HearAsync();
            }

            server.Input.Close();
        }

        await server.WaitForExitAsync();
        acknowledged.AddRange(writer.Acknowledged);
        asked.AddRange(writer.Asked);
    }
}
