using System.Text.Json;
using LoopOrchestrator.Mcp.Tests.EndToEnd;
using LoopOrchestrator.Mcp.Tools.Calls;
using LoopOrchestrator.Testing;
using Microsoft.Extensions.DependencyInjection;
using ModelContextProtocol.Client;
using ModelContextProtocol.Protocol;

namespace LoopOrchestrator.Mcp.Tests.Tools;

/// <summary>An answer that is given again is the same for the caller, and is not given when something has changed.</summary>
public sealed class KnownAnswersTests : IAsyncDisposable
{
    private readonly LoopWorkspace _workspace = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public ValueTask DisposeAsync() => _workspace.DisposeAsync();

    [Fact]
    public void Find_ForTheSameBasisAndCall_GivesACopyOfWhatWasKept()
    {
        var (basis, answer) = (new object(), new CallToolResult { Content = [new TextContentBlock { Text = "as it stands" }] });
        var all = new Dictionary<string, JsonElement>(StringComparer.Ordinal) { ["include_inactive"] = JsonElement.Parse("true") };
        KnownAnswers.Find(basis, "list_schedules", arguments: null).Should().BeNull();

        KnownAnswers.Keep(basis, "list_schedules", arguments: null, answer);
        answer.Content.Clear();

        var first = KnownAnswers.Find(basis, "list_schedules", new Dictionary<string, JsonElement>(StringComparer.Ordinal));
        first!.Content.Clear();
        Texts(KnownAnswers.Find(basis, "list_schedules", arguments: null)!).Should().Equal("as it stands");
        KnownAnswers.Find(basis, "list_schedules", all).Should().BeNull();
        KnownAnswers.Find(new object(), "list_schedules", arguments: null).Should().BeNull();
    }

    [Fact]
    public void Keep_OfARefusal_KeepsNothing()
    {
        var basis = new object();

        KnownAnswers.Keep(basis, "list_schedules", arguments: null, new CallToolResult { IsError = true, Content = [] });

        KnownAnswers.Find(basis, "list_schedules", arguments: null).Should().BeNull();
    }

    [Fact]
    public async Task Basis_OfAToolWhoseAnswersAreMadeAnew_IsNone()
    {
        using var test = new TestWorkspace();
        await using var services = new ServiceCollection().AddSingleton(test.Workspace).BuildServiceProvider();
        await test.RunPassAsync();

        (await KnownAnswers.BasisAsync("get_status", services, Token)).Should().BeNull();
        (await KnownAnswers.BasisAsync("list_schedules", services, Token)).Should().NotBeNull();
    }

    [Fact]
    public async Task Answer_GivenAgain_HasNothingOfTheCallBefore()
    {
        var client = await StartAsync();
        var plain = await client.CallToolAsync("list_schedules", cancellationToken: Token);

        var withMore = await client.CallToolAsync(
            "list_schedules",
            new Dictionary<string, object?>(StringComparer.Ordinal) { ["mood"] = "good" },
            cancellationToken: Token
        );
        var again = await client.CallToolAsync("list_schedules", cancellationToken: Token);

        Texts(withMore).Should().HaveCount(2).And.ContainMatch("Ignored, for list_schedules has no such argument*");
        Texts(again).Should().Equal(Texts(plain)).And.ContainSingle();
        again.StructuredContent!.Value.GetRawText().Should().Be(plain.StructuredContent!.Value.GetRawText());
    }

    [Fact]
    public async Task Answers_ToOtherArguments_AreOthers()
    {
        var client = await StartAsync();

        for (var turn = 0; turn < 2; turn++)
        {
            (await client.CallAsync("list_schedules")).GetProperty("schedules").GetArrayLength().Should().Be(1);
            (await client.CallAsync("list_schedules", ("include_inactive", true))).GetProperty("schedules").GetArrayLength().Should().Be(2);
        }
    }

    [Fact]
    public async Task Answer_AfterACallThatChangesSomething_TellsOfIt()
    {
        var client = await StartAsync();
        (await client.CallAsync("list_schedules")).GetProperty("schedules")[0].TryGetProperty("last_run_id", out _).Should().BeFalse();

        var run = (await client.CallAsync("trigger_schedule", ("schedule_id", "on"))).GetProperty("run_id").GetString();

        (await client.CallAsync("list_schedules")).GetProperty("schedules")[0].GetProperty("last_run_id").GetString().Should().Be(run);
    }

    private static List<string> Texts(CallToolResult answer) =>
        [.. answer.Content.OfType<TextContentBlock>().Select(static block => block.Text)];

    private async Task<McpClient> StartAsync()
    {
        _workspace.WriteConfiguration();
        _workspace.Files.Write(
            "schedules.json",
            """
            { "schedules": [
              { "id": "on", "name": "On", "mode": "code", "taskInstructions": "Do it.", "timeInterval": 9, "timeUnit": "day",
                "startDate": "2090-01-01" },
              { "id": "off", "name": "Off", "mode": "code", "taskInstructions": "Do it.", "timeInterval": 9, "timeUnit": "day",
                "active": false }
            ] }
            """
        );
        return await _workspace.ServeHereAsync("all");
    }
}
