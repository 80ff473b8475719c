using System.Text.Json;
using System.Threading.Channels;
using LoopOrchestrator.Testing.Clients;
using LoopOrchestrator.Testing.Processes;
using ModelContextProtocol;
using ModelContextProtocol.Client;
using ModelContextProtocol.Protocol;

namespace LoopOrchestrator.Mcp.Tests.EndToEnd;

/// <summary>Clients hear of resources that change, each in the way of its era.</summary>
public sealed class ChangeDoorTests : IAsyncLifetime
{
    private readonly LoopWorkspace _workspace = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public ValueTask DisposeAsync() => _workspace.DisposeAsync();

    [Fact]
    public async Task Changes_OverHttp_ReachClientsOfBothErasUntilTheyHaveHeardEnough()
    {
        var server = await _workspace.StartHttpAsync();
        var old = _workspace.Keep(await server.ConnectHttpAsync(ProtocolEra.Initialize, token: null, Cancellation));
        var young = _workspace.Keep(await server.ConnectHttpAsync(ProtocolEra.Stateless, token: null, Cancellation));
        old.ServerCapabilities.Resources!.Subscribe.Should().BeTrue();
        var (toOld, toYoung) = (News(old), News(young));
        await old.SubscribeToResourceAsync("loop://memory", cancellationToken: Cancellation);
        await old.SubscribeToResourceAsync("loop://todo", cancellationToken: Cancellation);
        using var enough = CancellationTokenSource.CreateLinkedTokenSource(Cancellation);
        var listening = await ListenAsync(young, ["loop://memory", "loop://todo", "loop://runs/run-none"], enough.Token);
        listening.Granted.Should().Equal("loop://memory", "loop://todo");

        await young.CallAsync("append_memory", ("section", "patterns"), ("content", "It needs oil."));
        (await NextAsync(toOld)).Uri.Should().Be("loop://memory");
        var told = await NextAsync(toYoung);
        told.Uri.Should().Be("loop://memory");
        told.Subscription.Should().Be(listening.Id);

        await old.UnsubscribeFromResourceAsync("loop://memory", cancellationToken: Cancellation);
        await young.CallAsync("append_memory", ("section", "patterns"), ("content", "And paint."));
        (await NextAsync(toYoung)).Uri.Should().Be("loop://memory");
        await young.CallAsync("update_todo", ("action", "add"), ("text", "Paint it"));
        (await NextAsync(toYoung)).Uri.Should().Be("loop://todo");
        (await NextAsync(toOld)).Uri.Should().Be("loop://todo", "it wanted to hear of the memory no more");

        await old.SubscribeToResourceAsync("loop://schedules/late", cancellationToken: Cancellation);
        _workspace.WriteSchedules(LoopWorkspace.DueNow("late"));
        (await NextAsync(toOld)).Uri.Should().Be("loop://schedules/late", "it was not there yet");
        await enough.CancelAsync();
    }

    [Fact]
    public async Task Changes_OfARunAndOfTheStatus_AreToldWhenTheRunEnds()
    {
        var client = await _workspace.ServeHereAsync(trusted: false);
        var id = (await client.CallAsync("run_mode", ("mode", "code"), ("task", "x"))).Text("run_id");
        var news = News(client);
        using var enough = CancellationTokenSource.CreateLinkedTokenSource(Cancellation);
        await ListenAsync(client, [$"loop://runs/{id}", "loop://status"], enough.Token);

        await client.CallAsync("complete_run", ("run_id", id), ("outcome", "succeeded"), ("summary", "done"));

        var told = new HashSet<string>(StringComparer.Ordinal);
        while (told.Count < 2)
        {
            told.Add((await NextAsync(news)).Uri);
        }

        told.Should().BeEquivalentTo($"loop://runs/{id}", "loop://status");
        await enough.CancelAsync();
    }

    private static ChannelReader<(string Uri, string? Subscription)> News(McpClient client)
    {
        var news = Channel.CreateUnbounded<(string, string?)>();
        client.RegisterNotificationHandler(NotificationMethods.ResourceUpdatedNotification, (notification, _) =>
        {
            var parameters = notification.Params!.AsObject();
            news.Writer.TryWrite(((string)parameters["uri"]!, parameters["_meta"]?[MetaKeys.SubscriptionId]?.ToString()));
            return ValueTask.CompletedTask;
        });
        return news.Reader;
    }

    private static async Task<(string Uri, string? Subscription)> NextAsync(ChannelReader<(string Uri, string? Subscription)> news) =>
        await news.ReadAsync(Cancellation).AsTask().WaitAsync(ServerProcess.HangGuard, Cancellation);

    // The request stays open; what it grants comes as its first news.
    private static async Task<(string Id, IReadOnlyList<string> Granted)> ListenAsync(
        McpClient client,
        IReadOnlyList<string> uris,
        CancellationToken cancellationToken
    )
    {
        var acknowledged = new TaskCompletionSource<JsonRpcNotification>(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var registration = client.RegisterNotificationHandler(
            NotificationMethods.SubscriptionsAcknowledgedNotification,
            (notification, _) =>
            {
                acknowledged.TrySetResult(notification);
                return ValueTask.CompletedTask;
            }
        );
        _ = client.SendRequestAsync(
            new JsonRpcRequest
            {
                Method = RequestMethods.SubscriptionsListen,
                Params = JsonSerializer.SerializeToNode(
                    new SubscriptionsListenRequestParams
                    {
                        Notifications = new SubscriptionsListenNotifications { ResourceSubscriptions = [.. uris] },
                    },
                    McpJsonUtilities.DefaultOptions
                ),
            },
            cancellationToken
        );
        var told = (await acknowledged.Task.WaitAsync(ServerProcess.HangGuard, cancellationToken)).Params!.AsObject();
        return (
            told["_meta"]![MetaKeys.SubscriptionId]!.ToString(),
            [.. told["notifications"]!["resourceSubscriptions"]!.AsArray().Select(static uri => (string)uri!)]
        );
    }
}
