using System.Text.Json;
using LoopOrchestrator.Core.Agents;
using LoopOrchestrator.Core.Agents.Contracts;
using LoopOrchestrator.Core.Agents.Presets;
using LoopOrchestrator.Core.Alarms;
using LoopOrchestrator.Core.Configuration.Values;
using LoopOrchestrator.Core.Escalations;
using LoopOrchestrator.Core.Json;
using LoopOrchestrator.Core.Memory;
using LoopOrchestrator.Core.Modes;
using LoopOrchestrator.Core.Runs.Contracts;
using LoopOrchestrator.Core.Telemetry;
using LoopOrchestrator.Core.Timing;
using LoopOrchestrator.Core.Workflows.Definition;

namespace LoopOrchestrator.Core.Configuration;

/// <summary>
/// Reads the part of <c>mcp_startup.json</c> that Core lives by: <c>defaultAgent</c>, <c>agents</c>, <c>modes</c>, <c>limits</c>,
/// <c>budget</c>, <c>escalation</c>, <c>alarm</c>, <c>notices</c>, <c>telemetry</c>, <c>memory</c>, <c>timing</c>, <c>workflows</c>,
/// <c>commit</c>. Every error is found in one reading, each with its line and column. How the server is reached is the host's to read.
/// </summary>
public sealed class ConfigurationReader
{
    internal static readonly IReadOnlyList<string> TopLevelKeys =
    [
        "$schema",
        "mode",
        "host",
        "port",
        "tokenFile",
        "http",
        "toolsets",
        "defaultAgent",
        "agents",
        "modes",
        "limits",
        "budget",
        "escalation",
        "alarm",
        "notices",
        "telemetry",
        "memory",
        "timing",
        "workflows",
        "commit",
    ];
    internal static readonly IReadOnlyList<string> AgentKeys =
    [
        "kind",
        "command",
        "preset",
        "arguments",
        "model",
        "maxTurns",
        "maxBudgetUsd",
        "prompt",
        "passEnvironment",
        "environment",
    ];
    internal static readonly IReadOnlyList<string> ModeKeys = ["agent"];
    internal static readonly IReadOnlyList<string> LimitKeys =
    [
        "concurrentRuns",
        "timeoutSeconds",
        "firstOutputSeconds",
        "firstAnswerSeconds",
        "silenceSeconds",
        "killGraceSeconds",
        "onServerLoss",
        "outputBytes",
        "maxAttempts",
        "retryBaseSeconds",
        "failuresToEscalate",
        "leaseSeconds",
        "runsPerHour",
        "queueLength",
        "keepRunsDays",
        "keepRunsBytes",
        "keepRunsCount",
        "keepRowsDays",
    ];
    internal static readonly IReadOnlyList<string> BudgetKeys =
    [
        "costPerRunUsd",
        "tokensPerRun",
        "costPerSchedulePerDayUsd",
        "costPerDayUsd",
        "tokensPerDay",
    ];
    internal static readonly IReadOnlyList<string> EscalationKeys = ["command", "webhook"];
    internal static readonly IReadOnlyList<string> AlarmKeys = ["deadManUrl", "skipsToTell"];
    internal static readonly IReadOnlyList<string> TelemetryKeys = ["prometheus", "otlpEndpoint"];
    internal static readonly IReadOnlyList<string> MemoryKeys = ["maxLines", "maxBytes"];
    internal static readonly IReadOnlyList<string> TimingKeys = ["rotate"];

    private const double MaxUsd = 1_000_000;
    private const double MaxTokens = 1e12;
    private const int MaxSkips = 1000;

    private readonly JsonText _text;
    private readonly ConfigurationValues _values;

    private ConfigurationReader(JsonText text) => (_text, _values) = (text, new ConfigurationValues(text));

    /// <summary>Reads a file's content.</summary>
    /// <param name="content">The bytes; <see langword="null"/> for no file, which gives the defaults.</param>
    /// <param name="displayName">What findings call the file.</param>
    public static ConfigurationReading Read(byte[]? content, string displayName)
    {
        if (content is null)
        {
            return new ConfigurationReading(new OrchestratorConfiguration(), []);
        }

        var text = JsonText.Read(content, displayName, JsonDialect.WithComments);
        var reader = new ConfigurationReader(text);
        var configuration = text.Root is { } root ? reader.ReadRoot(root) : new OrchestratorConfiguration();
        return new ConfigurationReading(configuration, text.Problem is { } problem ? [problem] : reader._values.Diagnostics);
    }

    private OrchestratorConfiguration ReadRoot(JsonTextNode root)
    {
        if (root.Kind != JsonValueKind.Object)
        {
            _values.Error(root, "the file has to hold one JSON object, such as { \"defaultAgent\": \"handoff\" }");
            return new OrchestratorConfiguration();
        }

        _values.CheckKeys(root, TopLevelKeys, "mcp_startup.json");
        var agents = ReadMembers(root, "agents", ReadAgent);
        var modes = ReadMembers(root, "modes", ReadModeAgent);
        var defaultAgent = root.Find("defaultAgent") is { } member ? _values.Text(member.Value, "defaultAgent") : null;
        // An agent with an error of its own is there all the same: one mistake is told once.
        var known = (root.Find("agents")?.Value.Members.Select(static member => member.Name) ?? [])
            .Concat(AgentDefinition.BuiltInNames)
            .Distinct(StringComparer.Ordinal)
            .ToList();
        if (defaultAgent is not null && !known.Contains(defaultAgent))
        {
            _values.Error(
                root.Find("defaultAgent")!.Value,
                $"defaultAgent is '{defaultAgent}', and there is no such agent; agents here: {string.Join(", ", known)}"
            );
        }

        foreach (var (slug, agent) in modes)
        {
            if (!known.Contains(agent))
            {
                _values.Error(
                    root.Find("modes")!.Value.Find(slug)!.Value,
                    $"modes.{slug}.agent is '{agent}', and there is no such agent; agents here: {string.Join(", ", known)}"
                );
            }
        }

        return new OrchestratorConfiguration
        {
            DefaultAgent = defaultAgent ?? AgentDefinition.HandoffName,
            Agents = agents,
            ModeAgents = modes,
            ModePlaces = [.. (root.Find("modes")?.Value.Members ?? []).Select(PlaceOf)],
            Limits = (root.Find("limits") is { } limits ? ReadLimits(limits.Value) : new RunLimits()) with
            {
                Budget = root.Find("budget") is { } budget ? ReadBudget(budget.Value) : new RunBudget(),
            },
            Escalation = root.Find("escalation") is { } escalation ? ReadEscalation(escalation.Value) : new EscalationChannels(),
            Alarm = (root.Find("alarm") is { } alarm ? ReadAlarm(alarm.Value) : new AlarmSettings()) with
            {
                Notices = NoticesReader.Read(root, _values),
            },
            Telemetry = root.Find("telemetry") is { } telemetry ? ReadTelemetry(telemetry.Value) : new TelemetrySettings(),
            Memory = root.Find("memory") is { } memory ? ReadMemory(memory.Value) : new MemoryLimits(),
            Timing = root.Find("timing") is { } timing ? ReadTiming(timing.Value) : new TimingSettings(),
            Workflows = WorkflowReader.Read(root, _values, known),
            Commit = CommitConfigurationReader.Read(root, _values),
        };
    }

    private ModePlace PlaceOf(JsonTextMember member)
    {
        var position = _text.GetPosition(member.NameSpan.Start);
        return new ModePlace(member.Name, position.Line, position.Column);
    }

    private AgentDefinition? ReadAgent(string name, JsonTextNode node)
    {
        var key = $"agents.{name}";
        _values.CheckKeys(node, AgentKeys, key);
        if (name == AgentDefinition.HandoffName)
        {
            _values.Error(node, $"{key}: this name belongs to the hand-off, which is always there; choose another one");
            return null;
        }

        if (name == AgentDefinition.CommitsName)
        {
            _values.Error(
                node,
                $"{key}: this name belongs to the agent that commits, which is always there; choose another one. How it "
                    + "commits is set under \"commit\""
            );
            return null;
        }

        var kindText = node.Find("kind") is { } kindMember ? _values.Text(kindMember.Value, $"{key}.kind") : null;
        if (RunNames.Kind(kindText) is not { } kind)
        {
            _values.Error(
                node.Find("kind")?.Value ?? node,
                $"{key}.kind is {(kindText is null ? "missing" : $"'{kindText}'")} and must be handoff, command or cli"
            );
            return null;
        }

        var command = _values.Texts(node, "command", key);
        var preset = node.Find("preset") is { } presetMember ? _values.Text(presetMember.Value, $"{key}.preset") : null;
        if (preset is not null && !AgentPresets.Names.Contains(preset, StringComparer.Ordinal))
        {
            _values.Error(
                node.Find("preset")!.Value,
                $"{key}.preset is '{preset}'; known presets: {string.Join(", ", AgentPresets.Names)}. Any other program "
                    + $"can be named in {key}.command"
            );
        }

        if (kind != AgentKind.Handoff && command.Count == 0 && (kind == AgentKind.Command || preset is null))
        {
            _values.Error(
                node,
                $"{key}.command is missing: name the program and its arguments as a list of texts, such as [\"dotnet\", "
                    + $"\"build\"]{(kind == AgentKind.Cli ? ", or a preset" : "")}"
            );
        }

        var prompt = node.Find("prompt") is { } promptMember ? _values.Text(promptMember.Value, $"{key}.prompt") : null;
        if (prompt is not (null or "stdin" or "argument"))
        {
            _values.Error(node.Find("prompt")!.Value, $"{key}.prompt is '{prompt}' and must be stdin or argument");
        }

        return new AgentDefinition
        {
            Name = name,
            Kind = kind,
            Command = command,
            Preset = preset,
            Arguments = _values.Texts(node, "arguments", key),
            Model = node.Find("model") is { } model ? _values.Text(model.Value, $"{key}.model") : null,
            MaxTurns = (int?)_values.Number(node, "maxTurns", key, 1, 10_000, whole: true),
            MaxBudgetUsd = _values.Number(node, "maxBudgetUsd", key, 0.01, 10_000, whole: false),
            PromptAsArgument = prompt == "argument",
            PassEnvironment = _values
                .Texts(node, "passEnvironment", key)
                .Where(pattern => IsVariable(node, "passEnvironment", key, pattern))
                .ToList(),
            Environment = node.Find("environment") is { } environment
                ? ReadMembers(environment.Value, $"{key}.environment", (variable, value) =>
                    IsVariable(node, "environment", key, variable) ? _values.Text(value, $"{key}.environment.{variable}") : null
                )
                : new Dictionary<string, string>(StringComparer.Ordinal),
        };
    }

    private bool IsVariable(JsonTextNode node, string name, string key, string text)
    {
        if (AgentEnvironment.IsName(text))
        {
            return true;
        }

        _values.Error(
            node.Find(name)!.Value,
            $"{key}.{name} names the variable '{text.Replace('\0', ' ')}', and no variable can have that name: it must "
                + "not be empty nor hold '='"
        );
        return false;
    }

    private string? ReadModeAgent(string slug, JsonTextNode node)
    {
        if (!_values.IsObject(node, $"modes.{slug}", "{ \"agent\": \"checks\" }"))
        {
            return null;
        }

        _values.CheckKeys(node, ModeKeys, $"modes.{slug}");
        return node.Find("agent") is { } agent ? _values.Text(agent.Value, $"modes.{slug}.agent") : null;
    }

    private RunLimits ReadLimits(JsonTextNode node)
    {
        var limits = new RunLimits();
        if (!_values.IsObject(node, "limits", "{ \"concurrentRuns\": 2 }"))
        {
            return limits;
        }

        _values.CheckKeys(node, LimitKeys, "limits");
        return limits with
        {
            ConcurrentRuns = (int?)_values.Number(node, "concurrentRuns", "limits", 1, 64, whole: true) ?? limits.ConcurrentRuns,
            TimeoutSeconds = (int?)_values.Number(node, "timeoutSeconds", "limits", 1, 86_400, whole: true) ?? limits.TimeoutSeconds,
            FirstOutputSeconds = (int?)_values.Number(node, "firstOutputSeconds", "limits", 1, 86_400, whole: true),
            FirstAnswerSeconds = (int?)_values.Number(node, "firstAnswerSeconds", "limits", 1, 86_400, whole: true),
            SilenceSeconds = (int?)_values.Number(node, "silenceSeconds", "limits", 1, 86_400, whole: true),
            KillGraceSeconds = (int?)_values.Number(node, "killGraceSeconds", "limits", 0, 60, whole: true) ?? limits.KillGraceSeconds,
            EndsOnServerLoss = ReadServerLoss(node),
            OutputBytes = (long?)_values.Number(node, "outputBytes", "limits", 1024, 1L << 32, whole: true) ?? limits.OutputBytes,
            MaxAttempts = (int?)_values.Number(node, "maxAttempts", "limits", 1, 10, whole: true) ?? limits.MaxAttempts,
            RetryBaseSeconds = (int?)_values.Number(node, "retryBaseSeconds", "limits", 0, 3600, whole: true) ?? limits.RetryBaseSeconds,
            FailuresToEscalate = (int?)_values.Number(node, "failuresToEscalate", "limits", 1, 10, whole: true)
                ?? limits.FailuresToEscalate,
            LeaseSeconds = (int?)_values.Number(node, "leaseSeconds", "limits", 10, 86_400, whole: true) ?? limits.LeaseSeconds,
            RunsPerHour = (int?)_values.Number(node, "runsPerHour", "limits", 1, 10_000, whole: true) ?? limits.RunsPerHour,
            QueueLength = (int?)_values.Number(node, "queueLength", "limits", 1, 10_000, whole: true) ?? limits.QueueLength,
            KeepRunsDays = (int?)_values.Number(node, "keepRunsDays", "limits", 1, 3650, whole: true) ?? limits.KeepRunsDays,
            KeepRunsCount = (int?)_values.Number(node, "keepRunsCount", "limits", 1_000, 10_000_000, whole: true) ?? limits.KeepRunsCount,
            KeepRowsDays = (int?)_values.Number(node, "keepRowsDays", "limits", 7, 3650, whole: true) ?? limits.KeepRowsDays,
            KeepRunsBytes = (long?)_values.Number(node, "keepRunsBytes", "limits", 1_048_576, 1L << 44, whole: true)
                ?? limits.KeepRunsBytes,
        };
    }

    private RunBudget ReadBudget(JsonTextNode node)
    {
        if (!_values.IsObject(node, "budget", "{ \"costPerDayUsd\": 20 }"))
        {
            return new RunBudget();
        }

        _values.CheckKeys(node, BudgetKeys, "budget");
        return new RunBudget
        {
            CostPerRunUsd = _values.Number(node, "costPerRunUsd", "budget", 0.01, MaxUsd, whole: false),
            TokensPerRun = (long?)_values.Number(node, "tokensPerRun", "budget", 1, MaxTokens, whole: true),
            CostPerSchedulePerDayUsd = _values.Number(node, "costPerSchedulePerDayUsd", "budget", 0.01, MaxUsd, whole: false),
            CostPerDayUsd = _values.Number(node, "costPerDayUsd", "budget", 0.01, MaxUsd, whole: false),
            TokensPerDay = (long?)_values.Number(node, "tokensPerDay", "budget", 1, MaxTokens, whole: true),
        };
    }

    private bool ReadServerLoss(JsonTextNode limits)
    {
        var value = limits.Find("onServerLoss")?.Value;
        if (value is not (null or { Text: "keep" or "end" }))
        {
            _values.Error(value, $"limits.onServerLoss is {value.Raw} and must be \"keep\" or \"end\"");
        }

        return value?.Text == "end";
    }

    private EscalationChannels ReadEscalation(JsonTextNode node)
    {
        if (!_values.IsObject(node, "escalation", "{ \"webhook\": \"https://example.org/hook\" }"))
        {
            return new EscalationChannels();
        }

        _values.CheckKeys(node, EscalationKeys, "escalation");
        return new EscalationChannels
        {
            Command = _values.Texts(node, "command", "escalation"),
            Webhook = _values.Address(node, "webhook", "escalation"),
        };
    }

    private AlarmSettings ReadAlarm(JsonTextNode node)
    {
        if (!_values.IsObject(node, "alarm", "{ \"deadManUrl\": \"https://example.org/ping\" }"))
        {
            return new AlarmSettings();
        }

        _values.CheckKeys(node, AlarmKeys, "alarm");
        var standard = new AlarmSettings();
        return new AlarmSettings
        {
            DeadManUrl = _values.Address(node, "deadManUrl", "alarm"),
            SkipsToTell = (int?)_values.Number(node, "skipsToTell", "alarm", 1, MaxSkips, whole: true) ?? standard.SkipsToTell,
        };
    }

    private TelemetrySettings ReadTelemetry(JsonTextNode node)
    {
        if (!_values.IsObject(node, "telemetry", "{ \"prometheus\": true }"))
        {
            return new TelemetrySettings();
        }

        _values.CheckKeys(node, TelemetryKeys, "telemetry");
        return new TelemetrySettings
        {
            Prometheus = _values.Flag(node, "prometheus", "telemetry") ?? false,
            OtlpEndpoint = _values.Address(node, "otlpEndpoint", "telemetry"),
        };
    }

    private TimingSettings ReadTiming(JsonTextNode node)
    {
        if (node.Kind != JsonValueKind.Object)
        {
            _values.Error(node, "timing has to be an object, such as { \"rotate\": false }");
            return new TimingSettings();
        }

        _values.CheckKeys(node, TimingKeys, "timing");
        var rotate = node.Find("rotate")?.Value;
        if (rotate is not null && rotate.Kind is not (JsonValueKind.True or JsonValueKind.False))
        {
            _values.Error(
                rotate,
                "timing.rotate has to be true or false, or left out: then months that are over move unless git tracks task_timing.tsv"
            );
            return new TimingSettings();
        }

        return new TimingSettings(rotate is null ? null : rotate.Kind == JsonValueKind.True);
    }

    private MemoryLimits ReadMemory(JsonTextNode node)
    {
        var standard = new MemoryLimits();
        if (!_values.IsObject(node, "memory", "{ \"maxLines\": 300 }"))
        {
            return standard;
        }

        _values.CheckKeys(node, MemoryKeys, "memory");
        return new MemoryLimits(
            (int?)_values.Number(node, "maxLines", "memory", MemoryLimits.MinLineLimit, MemoryLimits.MaxLineLimit, whole: true)
                ?? standard.MaxLines,
            (int?)_values.Number(node, "maxBytes", "memory", MemoryLimits.MinByteLimit, MemoryLimits.MaxByteLimit, whole: true)
                ?? standard.MaxBytes
        );
    }

    private Dictionary<string, T> ReadMembers<T>(JsonTextNode root, string name, Func<string, JsonTextNode, T?> read)
        where T : class
    {
        var members = new Dictionary<string, T>(StringComparer.Ordinal);
        var container = name.Contains('.', StringComparison.Ordinal) ? root : root.Find(name)?.Value;
        if (container is null)
        {
            return members;
        }

        if (container.Kind != JsonValueKind.Object)
        {
            _values.Error(container, $"{name} has to be an object");
            return members;
        }

        foreach (var member in container.Members)
        {
            if (member.Value.Kind != JsonValueKind.Object && typeof(T) == typeof(AgentDefinition))
            {
                _values.Error(
                    member.Value,
                    $"{name}.{member.Name} has to be an object, such as {{ \"kind\": \"command\", \"command\": [\"dotnet\", \"build\"] }}"
                );
            }
            else if (read(member.Name, member.Value) is { } value)
            {
                members[member.Name] = value;
            }
        }

        return members;
    }
}
