using LoopOrchestrator.Core.Agents;
using LoopOrchestrator.Core.Agents.Contracts;
using LoopOrchestrator.Core.Agents.Presets;

namespace LoopOrchestrator.Core.Tests.Agents;

public sealed class AgentEnvironmentTests
{
    private static readonly AgentDefinition Command = new()
    {
        Name = "c",
        Kind = AgentKind.Command,
        Command = ["make"],
    };

    [Theory]
    [InlineData("PATH", true)]
    [InlineData("LC_ALL", true)]
    [InlineData("https_proxy", true)]
    [InlineData("DOTNET_ROOT", true)]
    [InlineData("npm_config_registry", true)]
    [InlineData("npm_config__authToken", false)]
    [InlineData("NUGET_API_KEY", false)]
    [InlineData("CARGO_REGISTRY_TOKEN", false)]
    [InlineData("OPENAI_API_KEY", false)]
    [InlineData("ANTHROPIC_BASE_URL", false)]
    [InlineData("PATHOLOGICAL", false)]
    [InlineData("SSH_AUTH_SOCK", false)]
    [InlineData("LOOP_TRUST_WORKSPACE", false)]
    [InlineData("", false)]
    public void IsPassed_ToACommand_IsByTheList(string variable, bool expected) =>
        AgentEnvironment.IsPassed(variable, AgentEnvironment.Own(Command)).Should().Be(expected);

    [Theory]
    [InlineData("claude", "ANTHROPIC_API_KEY")]
    [InlineData("codex", "OPENAI_API_KEY")]
    [InlineData("gemini", "GEMINI_API_KEY")]
    [InlineData("copilot", "GH_TOKEN")]
    [InlineData("qwen", "DASHSCOPE_API_KEY")]
    public void IsPassed_CredentialOfAPreset_GoesToItOnly(string preset, string variable)
    {
        Passes(
                new AgentDefinition
                {
                    Name = "a",
                    Kind = AgentKind.Cli,
                    Preset = preset,
                },
                variable
            )
            .Should()
            .BeTrue();
        Passes(Command with { Preset = preset }, variable).Should().BeFalse("a command is no agent");
        Passes(
                new AgentDefinition
                {
                    Name = "a",
                    Kind = AgentKind.Cli,
                    Command = ["own"],
                },
                variable
            )
            .Should()
            .BeFalse();
        AgentPresets
            .All.Where(other => !other.Variables.Any(name => variable.StartsWith(name.TrimEnd('*'), StringComparison.Ordinal)))
            .Should()
            .NotBeEmpty()
            .And.AllSatisfy(other =>
                Passes(
                        new AgentDefinition
                        {
                            Name = "a",
                            Kind = AgentKind.Cli,
                            Preset = other.Name,
                        },
                        variable
                    )
                    .Should()
                    .BeFalse()
            );
    }

    [Fact]
    public void IsPassed_Configured_GoesByNameAndPrefixButNeverTheWordOfTrust()
    {
        var agent = Command with { PassEnvironment = ["MY_TOKEN", "AWS_*", "*"] };
        Passes(Command with { PassEnvironment = ["MY_TOKEN", "AWS_*"] }, "MY_TOKEN").Should().BeTrue();
        Passes(Command with { PassEnvironment = ["MY_TOKEN", "AWS_*"] }, "AWS_SECRET_ACCESS_KEY").Should().BeTrue();
        Passes(Command with { PassEnvironment = ["MY_TOKEN", "AWS_*"] }, "MY_TOKEN_2").Should().BeFalse();
        Passes(agent, "ANYTHING").Should().BeTrue();
        Passes(agent, "LOOP_TRUST_WORKSPACE").Should().BeFalse();
    }

    /// <summary>A server may be started from within a session of any of them: no agent is part of that session.</summary>
    [Theory]
    [InlineData("claude", "CLAUDECODE", "CLAUDE_CODE_SESSION_ID", "CLAUDE_CODE_CHILD_SESSION", "CLAUDE_CODE_SSE_PORT")]
    [InlineData("claude", "CLAUDE_CODE_ENTRYPOINT", "CLAUDE_CODE_SESSION_ACCESS_TOKEN", "ANTHROPIC_SESSION_ACCESS_TOKEN")]
    [InlineData("codex", "CODEX_THREAD_ID", "CODEX_SANDBOX", "CODEX_SANDBOX_NETWORK_DISABLED", "CODEX_INTERNAL_ORIGINATOR_OVERRIDE")]
    [InlineData("opencode", "OPENCODE", "OPENCODE_PID", "OPENCODE_CLIENT", "OPENCODE_EDITOR_SSE_PORT")]
    [InlineData("kilo", "KILO", "KILO_PID", "KILO_PARENT_PID", "KILO_RUN_ID", "KILO_PROCESS_ROLE")]
    [InlineData("gemini", "GEMINI_CLI", "GEMINI_CLI_IDE_SERVER_PORT", "GEMINI_CLI_IDE_AUTH_TOKEN", "GEMINI_SESSION_ID")]
    [InlineData("qwen", "QWEN_CODE", "QWEN_CODE_IDE_SERVER_PORT", "QWEN_CODE_SESSION_ID", "QWEN_CODE_NO_RELAUNCH")]
    [InlineData("cline", "CLINE_ACTIVE", "CLINE_RUN_AS_HUB_DAEMON")]
    [InlineData("copilot", "COPILOT_CLI", "COPILOT_AGENT_SESSION_ID", "COPILOT_LOADER_PID")]
    public void IsPassed_SessionOfTheStarter_StaysBehindUnlessItIsNamed(string preset, params string[] variables) =>
        variables
            .Should()
            .AllSatisfy(variable =>
            {
                Passes(Cli(preset), variable).Should().BeFalse(variable);
                Passes(Cli(preset) with { PassEnvironment = ["*"] }, variable).Should().BeFalse(variable);
                Passes(Cli(preset) with { PassEnvironment = [variable] }, variable).Should().BeTrue(variable);
            });

    [Theory]
    [InlineData("claude", "CLAUDE_CONFIG_DIR", "CLAUDE_CODE_USE_BEDROCK", "CLAUDE_CODE_MAX_OUTPUT_TOKENS", "CLAUDE_CODE_OAUTH_TOKEN")]
    [InlineData("codex", "CODEX_HOME", "CODEX_API_KEY")]
    [InlineData("opencode", "OPENCODE_CONFIG", "OPENCODE_SERVER_PASSWORD")]
    [InlineData("kilo", "KILO_CONFIG", "KILO_API_KEY")]
    [InlineData("gemini", "GEMINI_CLI_HOME", "GEMINI_API_KEY", "GEMINI_MODEL")]
    [InlineData("qwen", "QWEN_HOME", "QWEN_SANDBOX")]
    [InlineData("cline", "CLINE_DIR", "CLINE_DATA_DIR")]
    [InlineData("copilot", "COPILOT_HOME", "COPILOT_MODEL")]
    public void IsPassed_SettingOfThePreset_Goes(string preset, params string[] variables) =>
        variables.Should().AllSatisfy(variable => Passes(Cli(preset), variable).Should().BeTrue(variable));

    /// <summary>What a cloud needs goes with the switch that says it is used, and with nothing else.</summary>
    [Theory]
    [InlineData("claude", "CLAUDE_CODE_USE_BEDROCK", null, "AWS_PROFILE", "AWS_SESSION_TOKEN", "AWS_BEARER_TOKEN_BEDROCK")]
    [InlineData("claude", "CLAUDE_CODE_USE_VERTEX", null, "GOOGLE_APPLICATION_CREDENTIALS", "CLOUD_ML_REGION", "VERTEX_REGION_CLAUDE_4")]
    [InlineData("claude", "CLAUDE_CODE_USE_FOUNDRY", null, "AZURE_CLIENT_SECRET")]
    [InlineData("gemini", "GOOGLE_GENAI_USE_VERTEXAI", null, "CLOUDSDK_CONFIG")]
    [InlineData("opencode", null, "amazon-bedrock/claude", "AWS_REGION")]
    [InlineData("kilo", null, "google-vertex-anthropic/claude", "GOOGLE_VERTEX_LOCATION")]
    [InlineData("aider", null, "bedrock/claude", "AWS_SECRET_ACCESS_KEY")]
    public void IsPassed_CredentialsOfACloud_FollowTheirSwitch(string preset, string? name, string? model, params string[] variables)
    {
        var agent = Cli(preset) with { Model = model };
        foreach (var variable in variables)
        {
            Passes(agent, variable, name, "1").Should().BeTrue(variable);
            Passes(Cli(preset), variable, name, "0").Should().BeFalse(variable);
            Passes(Cli("codex"), variable, name, "1").Should().BeFalse("another program does not use it");
            if (name is not null)
            {
                var configured = new Dictionary<string, string>(StringComparer.Ordinal) { [name] = "true" };
                Passes(agent with { Environment = configured }, variable).Should().BeTrue("the configuration switches it on");
            }
        }
    }

    [Theory]
    [InlineData("claude", "CLAUDE_CODE_USE_BEDROCK=1 HOME=/", "AWS_REGION")]
    [InlineData("claude", "CLAUDE_CODE_USE_BEDROCK=1 AWS_PROFILE=p HOME=/", null)]
    [InlineData("claude", "CLAUDE_CODE_USE_VERTEX=1 HOME=/", "ANTHROPIC_VERTEX_PROJECT_ID")]
    [InlineData("gemini", "GOOGLE_GENAI_USE_VERTEXAI=true GOOGLE_CLOUD_PROJECT=p HOME=/", "GOOGLE_CLOUD_LOCATION")]
    [InlineData("claude", "HOME=/", null)]
    [InlineData("codex", "HOME=/dev/null", "HOME is '/dev/null', which is no folder")]
    [InlineData("qwen", "", "HOME is not set")]
    public void Missing_WhatAnAgentNeeds_IsNamed(string preset, string environment, string? named)
    {
        var variables = environment
            .Split(' ', StringSplitOptions.RemoveEmptyEntries)
            .Select(static one => one.Split('='))
            .ToDictionary(static one => one[0], static one => one[1], StringComparer.Ordinal);

        var missing = AgentEnvironment.Missing(Cli(preset), variables.GetValueOrDefault);

        missing.Should().HaveCount(named is null ? 0 : 1);
        string.Concat(missing).Contains(named ?? "", StringComparison.Ordinal).Should().BeTrue();
    }

    private static AgentDefinition Cli(string preset) =>
        new()
        {
            Name = "a",
            Kind = AgentKind.Cli,
            Preset = preset,
        };

    private static bool Passes(AgentDefinition agent, string variable, string? name, string value) =>
        AgentEnvironment.IsPassed(variable, AgentEnvironment.Own(agent, read => read == name ? value : null));

    private static bool Passes(AgentDefinition agent, string variable) => AgentEnvironment.IsPassed(variable, AgentEnvironment.Own(agent));
}
