using CsCheck;
using LoopOrchestrator.Core.Agents.Supervision.Files;
using LoopOrchestrator.Core.Runs.Contracts;
using LoopOrchestrator.Core.Runs.Stores;
using LoopOrchestrator.Core.Scheduling.Ledger;
using LoopOrchestrator.Core.Timing.Reports;
using LoopOrchestrator.Core.Timing.Rows;
using LoopOrchestrator.Core.Workflows.Cycles;
using LoopOrchestrator.Core.Workflows.Definition;
using LoopOrchestrator.Testing;
using StageKind = LoopOrchestrator.Core.Modes.Stage;

namespace LoopOrchestrator.Core.Tests.Workflows;

/// <summary>
/// Cycles of random workflows with failures, time-outs, reworks, pauses and restarts, held against <see cref="CycleModel"/>.
/// </summary>
public sealed class CyclePropertyTests
{
    private const int DailyIterations = 20;
    private const int SoakIterations = 1000;
    private const int MaxPasses = 400;

    private static readonly StageKind[] Kinds = Enum.GetValues<StageKind>();

    // Modes that only read, so that they may run side by side too.
    private static readonly string[] Modes = ["validation-static", "validation-unit", "quality-functional", "quality-security"];

    private static readonly Gen<WorkflowDefinition> Workflows =
        from stages in (
            from kind in Gen.Int[0, Kinds.Length - 1]
            from steps in Gen.Int[0, 3]
            from gates in Gen.Int[0, 2]
            from parallel in Gen.Bool
            from action in Gen.Enum<FailureAction>()
            from back in Gen.Int[0, 2]
            from retries in Gen.Int[1, 2]
            select (
                Kind: Kinds[kind],
                Steps: steps,
                Gates: steps == 0 && gates == 0 ? 1 : gates,
                Parallel: parallel,
                Action: action,
                Back: back,
                Retries: retries
            )
        ).List[1, 5]
        from reworks in Gen.Int[0, 3]
        from sync in Gen.Int[0, 1]
        select new WorkflowDefinition(WorkflowDefinition.DefaultName)
        {
            MaxReworks = reworks,
            IdleCyclesToEscalate = 100,
            Sync = [.. Enumerable.Range(0, sync).Select(number => new WorkflowCommand($"sync{number}", ["true", $"sync{number}"]))],
            Stages =
            [
                .. stages.Select(
                    (stage, index) =>
                        new WorkflowStage($"stage{index}", stage.Kind)
                        {
                            Parallel = stage.Parallel && stage.Steps > 0,
                            Steps =
                            [
                                .. Enumerable
                                    .Range(0, stage.Steps)
                                    .Select(step => new WorkflowStep($"s{index}.{step}")
                                    {
                                        Mode = Modes[(index + step) % Modes.Length],
                                        Task = $"s{index}.{step}",
                                    }),
                            ],
                            Gates =
                            [
                                .. Enumerable
                                    .Range(0, stage.Gates)
                                    .Select(gate => new WorkflowCommand($"g{index}.{gate}", ["true", $"g{index}.{gate}"])),
                            ],
                            OnFailure = new FailurePolicy(stage.Action, $"stage{Math.Max(0, index - stage.Back)}", stage.Retries),
                        }
                ),
            ],
        };

    private static readonly Gen<(WorkflowDefinition Workflow, uint Seed)> Cycles = Gen.Select(Workflows, Gen.UInt);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public Task Cycles_OfFixedWorkflows_GoAsTheModelSaysWhateverIsPausedAndRestarted() => PlayAsync(Seeds.Daily, DailyIterations);

    [Fact(Explicit = true)]
    [Trait("kind", "soak")]
    public Task Cycles_OfAnyWorkflow_GoAsTheModelSaysWhateverIsPausedAndRestarted() => PlayAsync(Seeds.Draw(), SoakIterations);

    private static Task PlayAsync(int seed, int iterations) =>
        Parallel.ForEachAsync(
            Enumerable.Range(0, iterations),
            new ParallelOptions { MaxDegreeOfParallelism = Environment.ProcessorCount, CancellationToken = Token },
            async (number, _) =>
            {
                var (workflow, cycleSeed) = Cycles.Generate(new PCG((uint)number, (ulong)seed), null, out var _);
                try
                {
                    await PlayAsync(workflow, cycleSeed);
                }
                catch (Exception exception)
                {
                    throw new InvalidOperationException($"Cycle {number} of seed {seed} breaks the model: {exception.Message}", exception);
                }
            }
        );

    private static async Task PlayAsync(WorkflowDefinition workflow, uint seed)
    {
        var model = new CycleModel(workflow, (name, start) => Outcome(seed, name, start) == 0);
        var expected = model.Play();
        using var test = new TestWorkspace(
            new TemporaryFolder(),
            new RunLimits
            {
                MaxAttempts = 1,
                RunsPerHour = 10_000,
                ConcurrentRuns = 4,
            },
            workflows: workflow
        );
        var started = new List<(string Name, string Run)>();
        var starts = new Dictionary<string, int>(StringComparer.Ordinal);
        var tasks = new Dictionary<string, string>(StringComparer.Ordinal);
        test.Supervisors.OnLaunch = order =>
        {
            var name = order.Environment.ContainsKey(RunEnvironment.Mode)
                ? File.ReadLines(order.Environment[RunEnvironment.BriefFile]).SkipWhile(static line => line != "## Task").ElementAt(2)[2..]
                : order.Command[^1];
            int outcome;
            lock (started)
            {
                // Steps side by side are started side by side.
                started.Add((name, order.RunId));
                outcome = Outcome(seed, name, starts[name] = starts.GetValueOrDefault(name) + 1);
            }

            test.Supervisors.End(
                order.RunId,
                new SupervisorOutcome
                {
                    End = outcome == 2 ? SupervisorEnd.TimedOut : SupervisorEnd.Exited,
                    Reason = outcome == 2 ? "it reached its time limit" : $"it ended with exit code {outcome}",
                    ExitCode = outcome == 2 ? null : outcome,
                    EndedAt = test.Now,
                }
            );
        };
        test.WriteSchedules(TestWorkspace.Every(600, more: "\"workflow\":\"default\""));
        var chance = new Random(unchecked((int)seed));
        var cycle = await LoopAsync(test, chance);

        // The rules.
        cycle.Run.State.Should().Be(expected);
        cycle.Reworks.Should().Be(model.Reworks).And.BeLessThanOrEqualTo(workflow.MaxReworks);
        Grouped(workflow, cycle).Should().Equal(model.Started);
        started
            .Select(static start => start.Name)
            .Should()
            .BeEquivalentTo(model.Started.SelectMany(static group => group.Split('+')), "what was decided is what was started");

        // The promises: one outcome for the occurrence, an end for each run, nothing twice, each start with its close.
        (await test.Workspace.Schedules.Ledger.HistoryAsync("s", 10, Token))
            .Where(static row => row.Outcome == OccurrenceOutcome.Started)
            .Should()
            .ContainSingle()
            .Which.RunId.Should()
            .Be(cycle.Run.Id);
        (await test.Workspace.Runs.ListAsync(new RunFilter { Limit = 200 }, Token))
            .Should()
            .OnlyContain(static run => run.EndedAt != null && run.Attempt == 1);
        started.Select(static start => start.Run).Should().OnlyHaveUniqueItems();
        cycle.Items.Should().OnlyContain(static item => item.IsOver && item.State != CycleItemState.Interrupted);
        var rows = TimingLogReader.Read(test.Paths).Entries;
        rows.Count(static row => row.Kind == TimingEntryKind.Start)
            .Should()
            .Be(rows.Count(static row => row.Kind == TimingEntryKind.Close))
            .And.Be(1 + cycle.Items.Count(static item => item.RunId != null));
        (await test.Workspace.Escalations.ListAsync(all: true, 10, Token)).Should().HaveCount(model.Escalates ? 1 : 0);
    }

    // Looks, and between two looks ends the process, pauses or resumes by chance.
    private static async Task<Cycle> LoopAsync(TestWorkspace test, Random chance)
    {
        var isPaused = false;
        for (var look = 0; look < MaxPasses; look++)
        {
            await test.RunPassAsync();
            if (
                await test.Workspace.Cycles.ListAsync(new RunFilter(), Token)
                is [{ Run: { EndedAt: not null, MemoryPending: false, StopRowPending: false } } cycle]
            )
            {
                return cycle;
            }

            switch (chance.Next(12))
            {
                case 0:
                    test.Restart();
                    break;
                case 1 when !isPaused && look > 1:
                    await test.Workspace.Schedules.PauseAsync("s", "by chance", Token);
                    isPaused = true;
                    break;
                case 2 or 3 when isPaused:
                    await test.Workspace.Schedules.ResumeAsync("s", Token);
                    isPaused = false;
                    break;
                case 4:
                    test.Time.Advance(TimeSpan.FromSeconds(chance.Next(30)));
                    break;
            }
        }

        var runs = await test.Workspace.Runs.ListAsync(new RunFilter(), Token);
        var story = await test.Workspace.Runs.DecisionsAsync(runs[^1].Id, Token);
        var lines = runs.Select(static run => $"{run.Id} {run.State} {run.Reason}").Concat(story.Select(static decision => decision.Text));
        throw new InvalidOperationException($"The cycle did not end: {string.Join('\n', lines)}");
    }

    // 0 passes, 1 fails, 2 runs into its time limit; the same for the same start of the same name.
    private static int Outcome(uint seed, string name, int start)
    {
        var hash = name.Aggregate(unchecked(seed * 2654435761u) ^ unchecked((uint)start * 40503u), static (sum, letter) =>
            unchecked((sum ^ letter) * 16777619u)
        );
        return ((hash >> 8) % 100) switch
        {
            < 72 => 0,
            < 95 => 1,
            _ => 2,
        };
    }

    private static List<string> Grouped(WorkflowDefinition workflow, Cycle cycle)
    {
        var names = new List<string>();
        foreach (var visit in cycle.Items.GroupBy(static item => (item.Visit, IsStep: item.Kind == CycleItemKind.Step)))
        {
            if (visit.Key.IsStep && workflow.Stages[visit.First().Stage].Parallel)
            {
                names.Add(string.Join('+', visit.Select(static item => item.Name).Order(StringComparer.Ordinal)));
            }
            else
            {
                names.AddRange(visit.Select(static item => item.Name));
            }
        }

        return names;
    }
}
