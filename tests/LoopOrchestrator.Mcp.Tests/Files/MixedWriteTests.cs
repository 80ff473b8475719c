using LoopOrchestrator.Mcp.Tests.EndToEnd;
using LoopOrchestrator.Testing;

namespace LoopOrchestrator.Mcp.Tests.Files;

/// <summary>
/// Many processes write the four files of one workspace at once, and are killed while they do.
/// </summary>
public sealed class MixedWriteTests(ITestOutputHelper output) : IAsyncLifetime
{
    private const int AtOnce = 8;
    private readonly LoopWorkspace _workspace = new();

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public ValueTask DisposeAsync() => _workspace.DisposeAsync();

    [Fact]
    public Task Processes_Four_LeaveEachEffectOnce() => WriteAsync(processes: 4, writes: 40);

    [Fact(Explicit = true)]
    [Trait("kind", "soak")]
    public Task SixteenProcesses_OfAThousandWrites_EachEffectIsThereOnce() => WriteAsync(processes: 16, writes: 1000);

    [Fact]
    public Task Kills_Some_LoseNothingAcknowledgedAndTearNothing() => KillAsync(kills: 4, Seeds.Daily);

    [Fact(Explicit = true)]
    [Trait("kind", "soak")]
    public Task Kills_FiveHundred_LoseNothingAcknowledgedAndTearNothing() => KillAsync(kills: 500, Seeds.Draw());

    private async Task WriteAsync(int processes, int writes)
    {
        var effects = await Task.WhenAll(
            Enumerable
                .Range(0, processes)
                .Select(async number =>
                {
                    var server = _workspace.StartStdio();
                    using var writer = new FileWriter(server);
                    for (var write = 0; write < writes; write++)
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
                })
        );

        var found = FileEffects.Count(_workspace.Files.Paths);
        found.Where(static effect => effect.Value != 1).Should().BeEmpty();
        // By sets: the assertion that compares two collections takes a time that grows with their product.
        var acknowledged = effects.SelectMany(static own => own).ToHashSet(StringComparer.Ordinal);
        acknowledged.Should().HaveCount(processes * writes);
        found.Keys.Except(acknowledged, StringComparer.Ordinal).Should().BeEmpty();
        acknowledged.Except(found.Keys, StringComparer.Ordinal).Should().BeEmpty();
        await WorkspaceHealth.CheckAsync(_workspace.Files.Paths);
    }

    private async Task KillAsync(int kills, int seed)
    {
        var next = -1;
        var lives = await Task.WhenAll(
            Enumerable
                .Range(0, 4)
                .Select(async thread =>
                {
                    var random = new Random(seed + thread);
                    List<string> acknowledged = [],
                        asked = [];
                    for (var life = Interlocked.Increment(ref next); life < kills; life = Interlocked.Increment(ref next))
                    {
                        await LiveAsync(life, random, acknowledged, asked);
                    }

                    return (acknowledged, asked);
                })
        );

        // The next start needs no help: it writes each file at once.
        await LiveAsync(kills, new Random(seed), [], [], kill: false);
        var found = FileEffects.Count(_workspace.Files.Paths);
        var acknowledged = lives.SelectMany(static one => one.acknowledged).ToList();
        output.WriteLine(
            $"{acknowledged.Count} writes were acknowledged, {lives.Sum(static one => one.asked.Count)} were under way, "
                + $"{found.Count} are there"
        );
        found.Where(static effect => effect.Value != 1).Should().BeEmpty($"seed {seed}");
        acknowledged.Except(found.Keys, StringComparer.Ordinal).Should().BeEmpty($"seed {seed}");
        found.Keys.Should().HaveCountGreaterThan(kills, $"seed {seed}");
        found
            .Keys.Except(acknowledged, StringComparer.Ordinal)
            .Where(effect => !effect.Contains($"-{kills}-", StringComparison.Ordinal))
            .Except(lives.SelectMany(static one => one.asked), StringComparer.Ordinal)
            .Should()
            .BeEmpty($"seed {seed}");
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
            while (await writer.HearAsync()) { }
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
