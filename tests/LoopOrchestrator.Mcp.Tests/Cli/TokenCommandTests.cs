using System.Text.Json.Nodes;
using LoopOrchestrator.Testing;
using LoopOrchestrator.Testing.Processes;

namespace LoopOrchestrator.Mcp.Tests.Cli;

public sealed class TokenCommandTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    private string File => Path.Combine(_folder.FullPath, "tokens.json");

    [Fact]
    public async Task Create_ListAndRevoke_ShowTheTokenOnceOnly()
    {
        var made = JsonNode.Parse((await RunAsync(0, "create", "ci", "--scope", "read", "--expires", "90d", "--json")).Output)!;
        var token = (string)made["token"]!;
        (await RunAsync(0, "create", "desk")).Output.Should().Contain("Token 'desk' with the scope run, without an end:\n\nloop_");

        var listed = await RunAsync(0, "list", "--json");
        var text = await RunAsync(0, "list");

        token.Should().StartWith("loop_");
        foreach (var place in new[] { listed.Output, text.Output, System.IO.File.ReadAllText(File) })
        {
            place.Should().Contain("ci").And.NotContain(token);
        }

        JsonNode.Parse(listed.Output)!["tokens"]!
            .AsArray()
            .Select(static one => $"{one!["name"]} {one["scope"]} {one["expired"]}")
            .Should()
            .Equal("ci read false", "desk run false");
        (await RunAsync(1, "create", "ci")).Error.Should().Contain("There is a token 'ci' already").And.Contain("token revoke ci");
        (await RunAsync(0, "revoke", "ci")).Output.Should().Contain("lets nobody in any more");
        (await RunAsync(1, "revoke", "ci")).Error.Should().Contain("There is no token 'ci'. The tokens are: desk.");
    }

    [Theory]
    [InlineData("create", "Ci", "is no name of a token")]
    [InlineData("create", "../ci", "is no name of a token")]
    [InlineData("create", "ci --scope root", "root")]
    [InlineData("create", "ci --expires 2020-01-01", "must be a time to come")]
    [InlineData("create", "ci --expires soon", "must be a time to come")]
    public async Task Create_WhatCannotBe_IsAUsageErrorAndChangesNothing(string verb, string arguments, string message)
    {
        (await RunAsync(2, [verb, .. arguments.Split(' ')])).Error.Should().Contain(message);

        System.IO.File.Exists(File).Should().BeFalse();
    }

    [Fact]
    public async Task Create_InAFileWithABareWord_LeavesItAsItIs()
    {
        await System.IO.File.WriteAllTextAsync(File, "0123456789abcdef\n", TestContext.Current.CancellationToken);

        (await RunAsync(1, "create", "ci")).Error.Should().Contain("holds one token as a word");

        (await System.IO.File.ReadAllTextAsync(File, TestContext.Current.CancellationToken)).Should().Be("0123456789abcdef\n");
    }

    [Fact]
    public async Task Create_InAProcessOfARun_IsRefused()
    {
        var refused = await ServerProcess.RunAsync(
            new ServerStart(_folder.FullPath, "token", "create", "mine", "--scope", "admin", "--token-file", File)
            {
                Environment = new Dictionary<string, string>(StringComparer.Ordinal) { ["LOOP_RUN_ID"] = "run-1" },
            }
        );

        refused.ExitCode.Should().Be(1);
        refused.Error.Should().Contain("a process of run run-1").And.Contain("a person's to say");
        System.IO.File.Exists(File).Should().BeFalse();
    }

    private async Task<ProcessResult> RunAsync(int expected, params string[] arguments)
    {
        var result = await CommandLineHere.RunAsync(["token", .. arguments, "--token-file", File]);
        result.ExitCode.Should().Be(expected, result.Error);
        return result;
    }
}
