using System.Reflection;
using System.Text;
using System.Text.Json;
using CsCheck;
using LoopOrchestrator.Core.Configuration;
using LoopOrchestrator.Core.Diagnostics;
using LoopOrchestrator.Core.Modes;
using LoopOrchestrator.Core.Workflows.Definition;

namespace LoopOrchestrator.Core.Tests.Workflows.Definition;

public sealed class WorkflowReaderTests
{
    private const string EveryKey = """
        {"agents":{"fixer":{"kind":"cli","command":["x"]}},"workflows":{"nightly":{
          "stages":[
            {"stage":"implementation","name":"build-it",
             "steps":[{"name":"fix","mode":"implementation-core","task":"Fix: {task}","agent":"fixer","timeoutSeconds":600,"isolated":true}],
             "gates":[{"name":"build","command":["dotnet","build"],"exitCode":3,"timeoutSeconds":300},{"command":["dotnet","test"]}],
             "onFailure":{"action":"retry","times":2}},
            {"stage":"validation","steps":[{"mode":"validation-static"},{"mode":"validation-unit"},{}],"parallel":true,"onFailure":{"action":"rework","to":"build-it"}},
            {"stage":"quality","gates":[{"command":["true"]}],"onFailure":"escalate"}],
          "maxReworks":0,"timeoutSeconds":60,"ifUnchanged":"fail","ifCheckChanges":"fail","idleCyclesToEscalate":1,
          "sync":[{"name":"pull","command":["git","fetch"]}]}}}
        """;

    [Fact]
    public void Read_EveryKey_IsUnderstood()
    {
        var (workflows, diagnostics) = Read(EveryKey);

        diagnostics.Should().BeEmpty();
        workflows.Keys.Should().BeEquivalentTo("default", "nightly");
        workflows["nightly"]
            .Should()
            .BeEquivalentTo(
                new WorkflowDefinition("nightly")
                {
                    Stages =
                    [
                        new("build-it", Stage.Implementation)
                        {
                            Steps =
                            [
                                new("fix")
                                {
                                    Mode = "implementation-core",
                                    Task = "Fix: {task}",
                                    Agent = "fixer",
                                    TimeoutSeconds = 600,
                                    Isolated = true,
                                    Line = 4,
                                },
                            ],
                            Gates =
                            [
                                new("build", ["dotnet", "build"]) { ExitCode = 3, TimeoutSeconds = 300 },
                                new("dotnet test", ["dotnet", "test"]),
                            ],
                            OnFailure = new(FailureAction.Retry, MaxRetries: 2),
                        },
                        new("validation", Stage.Validation)
                        {
                            Steps =
                            [
                                new("validation-static") { Mode = "validation-static", Line = 7 },
                                new("validation-unit") { Mode = "validation-unit", Line = 7 },
                                new("step-3") { Line = 7 },
                            ],
                            Parallel = true,
                            OnFailure = new(FailureAction.Rework, "build-it"),
                        },
                        new("quality", Stage.Quality) { Gates = [new("true", ["true"])], OnFailure = new(FailureAction.Escalate) },
                    ],
                    MaxReworks = 0,
                    TimeoutSeconds = 60,
                    IfUnchanged = EvidenceAction.Fail,
                    IfCheckChanges = EvidenceAction.Fail,
                    IdleCyclesToEscalate = 1,
                    Sync = [new("pull", ["git", "fetch"])],
                }
            );
    }

    [Fact]
    public void Read_NothingSaidOfFailures_TakesWhatTheBuiltInWorkflowDoes()
    {
        var (workflows, diagnostics) = Read(
            """
            {"workflows":{"default":{"stages":[{"stage":"implementation","name":"a","steps":[{}]},{"stage":"validation","steps":[{}]},{"stage":"implementation","name":"b","steps":[{}]},
            {"stage":"quality","steps":[{}]},{"stage":"integration","steps":[{}]},{"stage":"planning","steps":[{}]}]}}}
            """
        );

        diagnostics.Should().BeEmpty();
        var read = workflows["default"];
        read.Stages.Select(stage => stage.OnFailure)
            .Should()
            .Equal(
                new(FailureAction.Rework, "a"),
                new(FailureAction.Rework, "a"),
                new(FailureAction.Rework, "b"),
                new(FailureAction.Rework, "b"),
                new(FailureAction.Stop),
                new(FailureAction.Continue)
            );
        BuiltInWorkflow
            .Default.Stages.Should()
            .OnlyContain(stage => read.Stages.First(other => other.Kind == stage.Kind).OnFailure.Action == stage.OnFailure.Action);
        read.Should()
            .BeEquivalentTo(
                new
                {
                    MaxReworks = 2,
                    TimeoutSeconds = 21_600,
                    IfUnchanged = EvidenceAction.Mark,
                    IfCheckChanges = EvidenceAction.Mark,
                    IdleCyclesToEscalate = 3,
                }
            );
        read.Stages[0]
            .Steps[0]
            .Should()
            .BeEquivalentTo(
                new
                {
                    Mode = (string?)null,
                    Task = "{task}",
                    Agent = (string?)null,
                    TimeoutSeconds = (int?)null,
                    Isolated = false,
                }
            );
    }

    [Theory]
    [InlineData("\"rework\"", FailureAction.Rework, "implementation", 1)]
    [InlineData("{\"action\":\"rework\"}", FailureAction.Rework, "implementation", 1)]
    [InlineData("{\"action\":\"rework\",\"to\":\"validation\"}", FailureAction.Rework, "validation", 1)]
    [InlineData("\"retry\"", FailureAction.Retry, null, 1)]
    [InlineData("{\"action\":\"retry\",\"times\":10}", FailureAction.Retry, null, 10)]
    [InlineData("\"escalate\"", FailureAction.Escalate, null, 1)]
    [InlineData("\"continue\"", FailureAction.Continue, null, 1)]
    [InlineData("\"stop\"", FailureAction.Stop, null, 1)]
    public void Read_OnFailure_InBothForms(string text, FailureAction action, string? to, int times)
    {
        var (workflows, diagnostics) = Read(
            """{"workflows":{"w":{"stages":[{"stage":"implementation","steps":[{}]},{"stage":"validation","steps":[{}],"onFailure":VALUE}]}}}""".Replace(
                "VALUE",
                text
            )
        );

        diagnostics.Should().BeEmpty();
        workflows["w"].Stages[1].OnFailure.Should().Be(new FailurePolicy(action, to, times));
    }

    [Fact]
    public void Read_ChecksWithoutAnImplementation_StopAtAFailure() =>
        Read("""{"workflows":{"w":{"stages":[{"stage":"validation","steps":[{}]}]}}}""")
            .Workflows["w"]
            .Stages[0]
            .OnFailure.Should()
            .Be(new FailurePolicy(FailureAction.Stop));

    [Fact]
    public void Read_NoFileAndNoWorkflows_GiveTheBuiltInOne()
    {
        ConfigurationReader
            .Read(null, "mcp_startup.json")
            .Configuration.Workflows.Should()
            .ContainSingle()
            .Which.Value.Should()
            .BeSameAs(BuiltInWorkflow.Default);
        Read("{}").Workflows.Should().ContainSingle().Which.Value.Should().BeSameAs(BuiltInWorkflow.Default);
    }

    [Theory]
    [InlineData("""{"workflows":5}""", "workflows has to be an object", 14)]
    [InlineData("""{"workflows":{"w":5}}""", "workflows.w has to be an object", 19)]
    [InlineData("""{"workflows":{"w":{}}}""", "workflows.w.stages has to be a list of one stage or more", 19)]
    [InlineData("""{"workflows":{"w":{"stages":[]}}}""", "workflows.w.stages has to be a list of one stage or more", 29)]
    [InlineData("""{"workflows":{"w":{"stages":[5]}}}""", "workflows.w.stages[0] has to be an object", 30)]
    [InlineData("""{"workflows":{" ":{"stages":[{"stage":"planning","steps":[{}]}]}}}""", "needs a name of 1 to 64 characters", 19)]
    [InlineData(
        """{"workflows":{"w":{"stages":[{"steps":[{}]}]}}}""",
        "stages[0].stage is missing and must be implementation, validation, quality, integration or planning",
        30
    )]
    [InlineData("""{"workflows":{"w":{"stages":[{"stage":"validate","steps":[{}]}]}}}""", "'validation' is nearest", 39)]
    [InlineData("""{"workflows":{"w":{"stages":[{"stage":"planning"}]}}}""", "neither a step nor a gate", 30)]
    [InlineData("""{"workflows":{"w":{"stages":[{"stage":"planning","steps":[],"gates":[]}]}}}""", "neither a step nor a gate", 30)]
    [InlineData(
        """{"workflows":{"w":{"stages":[{"stage":"planning","steps":[{}]},{"stage":"planning","steps":[{}]}]}}}""",
        "the name 'planning' is there already",
        64
    )]
    [InlineData("""{"workflows":{"w":{"stages":[{"stage":"planning","name":"","steps":[{}]}]}}}""", "needs a name", 57)]
    [InlineData("""{"workflows":{"w":{"stages":[{"stage":"planning","steps":{}}]}}}""", "steps has to be a list of steps", 58)]
    [InlineData("""{"workflows":{"w":{"stages":[{"stage":"planning","steps":["x"]}]}}}""", "steps[0] has to be an object", 59)]
    [InlineData(
        """{"workflows":{"w":{"stages":[{"stage":"planning","steps":[{"mode":"ask"},{"mode":"ask"}]}]}}}""",
        "the name 'ask' is there already",
        74
    )]
    [InlineData(
        """{"workflows":{"w":{"stages":[{"stage":"planning","steps":[{"mode":"a b"}]}]}}}""",
        "letters, digits and hyphens only",
        67
    )]
    [InlineData("""{"workflows":{"w":{"stages":[{"stage":"planning","steps":[{"task":" "}]}]}}}""", "task is empty", 67)]
    [InlineData(
        """{"workflows":{"w":{"stages":[{"stage":"planning","steps":[{"task":"{tasks}"}]}]}}}""",
        "{tasks}, which stands for nothing ({task} is nearest)",
        67
    )]
    [InlineData(
        """{"workflows":{"w":{"stages":[{"stage":"planning","steps":[{"agent":"nobody"}]}]}}}""",
        "agents here: handoff, commits",
        68
    )]
    [InlineData("""{"workflows":{"w":{"stages":[{"stage":"planning","steps":[{"agent":"hand-off"}]}]}}}""", "('handoff' is nearest)", 68)]
    [InlineData(
        """{"workflows":{"w":{"stages":[{"stage":"planning","steps":[{"timeoutSeconds":0}]}]}}}""",
        "whole number from 1 to 86400",
        77
    )]
    [InlineData("""{"workflows":{"w":{"stages":[{"stage":"planning","steps":[{"isolated":"yes"}]}]}}}""", "must be true or false", 71)]
    [InlineData(
        """{"workflows":{"w":{"stages":[{"stage":"planning","steps":[{}],"parallel":1}]}}}""",
        "parallel is 1 and must be true or false",
        74
    )]
    [InlineData("""{"workflows":{"w":{"stages":[{"stage":"planning","gates":[{}]}]}}}""", "gates[0].command is missing", 59)]
    [InlineData("""{"workflows":{"w":{"stages":[{"stage":"planning","gates":[{"command":[]}]}]}}}""", "gates[0].command is empty", 70)]
    [InlineData("""{"workflows":{"w":{"stages":[{"stage":"planning","gates":[{"command":"make"}]}]}}}""", "has to be a list of texts", 70)]
    [InlineData(
        """{"workflows":{"w":{"stages":[{"stage":"planning","gates":[{"name":"a","command":["a"]},{"name":"a","command":["b"]}]}]}}}""",
        "the name 'a' is there already",
        96
    )]
    [InlineData(
        """{"workflows":{"w":{"stages":[{"stage":"planning","gates":[{"command":["a"],"exitCode":256}]}]}}}""",
        "whole number from 0 to 255",
        87
    )]
    [InlineData("""{"workflows":{"w":{"stages":[{"stage":"planning","gates":"make"}]}}}""", "gates has to be a list of commands", 58)]
    [InlineData(
        """{"workflows":{"w":{"stages":[{"stage":"planning","steps":[{}],"onFailure":"again"}]}}}""",
        "must be rework, retry, escalate, continue or stop",
        75
    )]
    [InlineData("""{"workflows":{"w":{"stages":[{"stage":"planning","steps":[{}],"onFailure":{}}]}}}""", "onFailure.action is missing", 75)]
    [InlineData(
        """{"workflows":{"w":{"stages":[{"stage":"planning","steps":[{}],"onFailure":"rework"}]}}}""",
        "no implementation stage at or before this one",
        75
    )]
    [InlineData(
        """{"workflows":{"w":{"stages":[{"stage":"planning","steps":[{}],"onFailure":{"action":"rework","to":"x"}}]}}}""",
        "stages so far: planning",
        99
    )]
    [InlineData(
        """{"workflows":{"w":{"stages":[{"stage":"planning","steps":[{}],"onFailure":{"action":"rework","to":"b"}},{"stage":"quality","name":"b","steps":[{}]}]}}}""",
        "no stage at or before this one",
        99
    )]
    [InlineData(
        """{"workflows":{"w":{"stages":[{"stage":"planning","steps":[{}],"onFailure":{"action":"stop","to":"planning"}}]}}}""",
        "to belongs to \"action\": \"rework\"",
        97
    )]
    [InlineData(
        """{"workflows":{"w":{"stages":[{"stage":"planning","steps":[{}],"onFailure":{"action":"stop","times":2}}]}}}""",
        "times belongs to \"action\": \"retry\"",
        100
    )]
    [InlineData(
        """{"workflows":{"w":{"stages":[{"stage":"planning","steps":[{}],"onFailure":{"action":"retry","times":11}}]}}}""",
        "whole number from 1 to 10",
        101
    )]
    [InlineData(
        """{"workflows":{"w":{"stages":[{"stage":"planning","steps":[{}]}],"sync":[{"command":[" "]}]}}}""",
        "sync[0].command has to be a list of texts",
        84
    )]
    [InlineData(
        """{"workflows":{"w":{"stages":[{"stage":"planning","steps":[{}]}],"ifUnchanged":"Fail"}}}""",
        "must be mark or fail; 'fail' is nearest",
        79
    )]
    public void Read_OneError_IsToldOnceWithItsPlaceAndTheWorkflowIsLeftOut(string text, string message, int column)
    {
        var (workflows, diagnostics) = Read(text);

        diagnostics
            .Should()
            .ContainSingle()
            .Which.Should()
            .Match<Diagnostic>(diagnostic =>
                diagnostic.Severity == DiagnosticSeverity.Error
                && diagnostic.Line == 1
                && diagnostic.Column == column
                && diagnostic.Message.Contains(message)
            );
        workflows.Keys.Should().Equal("default");
    }

    [Fact]
    public void Read_ManyErrors_AreAllToldAtOnce()
    {
        var (workflows, diagnostics) = Read(
            """
            {"workflows":{
              "a":{"stages":[
                {"stage":"planning","steps":[{"agent":"nobody"}]},
                {"stage":"nothing"},
                {"stage":"quality","gates":[{}]}],
               "maxReworks":11},
              "sound":{"stages":[{"stage":"planning","steps":[{}]}]},
              "b":{"stage":[]}}}
            """
        );

        diagnostics
            .Select(diagnostic => (diagnostic.Line, diagnostic.Severity))
            .Should()
            .Equal(
                (3, DiagnosticSeverity.Error),
                (4, DiagnosticSeverity.Error),
                (4, DiagnosticSeverity.Error),
                (5, DiagnosticSeverity.Error),
                (6, DiagnosticSeverity.Error),
                (8, DiagnosticSeverity.Warning),
                (8, DiagnosticSeverity.Error)
            );
        diagnostics[5].Message.Should().Contain("'stages' is nearest");
        workflows.Keys.Should().BeEquivalentTo("default", "sound");
    }

    [Fact]
    public void Read_AStageOfUnknownKind_CanBeNamedByLaterOnes() =>
        Read(
            """{"workflows":{"w":{"stages":[{"stage":"x","name":"a","steps":[{}]},{"stage":"quality","steps":[{}],"onFailure":{"action":"rework","to":"a"}}]}}}"""
        )
            .Findings.Should()
            .ContainSingle();

    [Fact]
    public void Read_TheSameNameTwice_IsAnError() =>
        Read("""{"workflows":{"w":{"stages":[{"stage":"planning","steps":[{}]}]},"w":{"stages":[{"stage":"quality","steps":[{}]}]}}}""")
            .Findings.Should()
            .ContainSingle()
            .Which.Message.Should()
            .Contain("'w' is there already");

    [Fact]
    public void Read_Garbage_NeverThrows()
    {
        var sound = Encoding.UTF8.GetBytes(EveryKey);
        FixedSample.Run(Gen.Select(Gen.Int[0, sound.Length - 1], Gen.Byte), 4000, value =>
        {
            var bytes = sound.ToArray();
            bytes[value.Item1] = value.Item2;
            ConfigurationReader.Read(bytes, "mcp_startup.json").Configuration.Workflows.Should().ContainKey("default");
        });
    }

    [Theory]
    [InlineData("workflow", "{\"stages\":[{\"stage\":\"planning\",\"steps\":[{}]}],\"KEY\":VALUE}")]
    [InlineData("workflowStep", "{\"stages\":[{\"stage\":\"planning\",\"steps\":[{\"KEY\":VALUE}]}]}")]
    [InlineData("workflowCommand", "{\"stages\":[{\"stage\":\"planning\",\"gates\":[{\"command\":[\"x\"],\"KEY\":VALUE}]}]}")]
    public void Schema_RangesAndDefaults_AreThoseOfTheReader(string part, string pattern)
    {
        var repository = typeof(WorkflowReaderTests)
            .Assembly.GetCustomAttributes<AssemblyMetadataAttribute>()
            .Single(attribute => attribute.Key == "RepositoryRoot")
            .Value!;
        using var schema = JsonDocument.Parse(File.ReadAllBytes(Path.Combine(repository, "docs", "schemas", "mcp_startup.schema.json")));
        var checkedKeys = 0;
        foreach (var property in schema.RootElement.GetProperty("$defs").GetProperty(part).GetProperty("properties").EnumerateObject())
        {
            if (property.Value.TryGetProperty("minimum", out var minimum))
            {
                var (least, most) = (minimum.GetInt64(), property.Value.GetProperty("maximum").GetInt64());
                Of(property.Name, least).Should().BeEmpty();
                Of(property.Name, most).Should().BeEmpty();
                Of(property.Name, least - 1).Should().ContainSingle();
                Of(property.Name, most + 1).Should().ContainSingle();
                checkedKeys++;
            }
        }

        checkedKeys.Should().BePositive();

        IReadOnlyList<Diagnostic> Of(string key, long value) =>
            Read(
                $"{{\"workflows\":{{\"w\":"
                    + $"{pattern.Replace("KEY", key).Replace("VALUE", value.ToString(System.Globalization.CultureInfo.InvariantCulture))}"
                    + $"}}}}"
            ).Findings;
    }

    private static (IReadOnlyDictionary<string, WorkflowDefinition> Workflows, IReadOnlyList<Diagnostic> Findings) Read(string text)
    {
        var (configuration, diagnostics) = ConfigurationReader.Read(Encoding.UTF8.GetBytes(text), "mcp_startup.json");
        return (configuration.Workflows, diagnostics);
    }
}
