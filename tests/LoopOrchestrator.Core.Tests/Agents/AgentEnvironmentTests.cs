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

    private static bool Passes(AgentDefinition agent, string variable) => AgentEnvironment.IsPassed(variable, AgentEnvironment.Own(agent));
}
