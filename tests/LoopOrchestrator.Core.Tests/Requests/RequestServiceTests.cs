using System.Text.Json.Serialization;
using LoopOrchestrator.Core.Errors;
using LoopOrchestrator.Core.Requests;
using LoopOrchestrator.Testing;

namespace LoopOrchestrator.Core.Tests.Requests;

/// <summary>Calls that are carried out once.</summary>
public sealed partial class RequestServiceTests : IDisposable
{
    private static readonly RequestKey Key = RequestKey.Of("a_tool", "one", ("text", "x"))!;

    private readonly TestWorkspace _test = new();
    private readonly List<RequestTurn> _turns = [];

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose() => _test.Dispose();

    [Fact]
    public async Task Once_AskedAgainAnywhere_IsDoneOnceAndAnsweredAlike()
    {
        (await CallAsync(Key)).Should().Be("done 1");
        _test.Restart();

        (await CallAsync(Key)).Should().Be("done 1");

        _turns.Should().ContainSingle().Which.Should().Be(new RequestTurn(_test.Now, "a note", IsAgain: false));
    }

    [Fact]
    public async Task Once_WithoutARequestId_IsDoneEachTime()
    {
        await CallAsync(key: null);
        await CallAsync(key: null);

        _turns.Should().Equal(RequestTurn.Only, RequestTurn.Only);
    }

    [Fact]
    public async Task Once_OtherArguments_IsRefusedAndSaysWhatToDo()
    {
        await CallAsync(Key);

        (await RefusalAsync(() => CallAsync(RequestKey.Of("a_tool", "one", ("text", "y")))))
            .Should()
            .Be(
                "The request id 'one' stands for a call of a_tool at 2026-03-02T00:00:00Z with other arguments; nothing was done now. To "
                    + "get the answer of that call, repeat it with the arguments that it had; for a new call give a request id of its own."
            );
        (await CallAsync(RequestKey.Of("b_tool", "one", ("text", "y")))).Should().Be("done 2", "another tool has ids of its own");
    }

    [Fact]
    public async Task Once_Refused_LeavesTheRequestIdFree()
    {
        (await RefusalAsync(() => CallAsync(Key, static () => throw new UserErrorException("not so")))).Should().Be("not so");

        (await CallAsync(RequestKey.Of("a_tool", "one", ("text", "corrected")))).Should().Be("done 2");
        _turns[^1].IsAgain.Should().BeFalse();
    }

    [Fact]
    public async Task Once_CutOffBehindItsEffect_LooksForItAtTheNextTry()
    {
        _test.Workspace.Requests.BeforeAnswer = static () => throw new KilledException();
        await FluentActions.Awaiting(() => CallAsync(Key)).Should().ThrowAsync<KilledException>();
        var asked = _test.Now;
        _test.Restart();
        _test.Time.Advance(TimeSpan.FromMinutes(5));

        (await RefusalAsync(() => CallAsync(Key, static () => throw new UserErrorException("not known")))).Should().Be("not known");
        (await CallAsync(Key)).Should().Be("done 3", "what is not known stays so, and is asked again");
        (await CallAsync(Key)).Should().Be("done 3");

        _turns[1..].Should().Equal(new RequestTurn(asked, "a note", IsAgain: true), new RequestTurn(asked, "a note", IsAgain: true));
    }

    [Fact]
    public async Task Once_CallerGoesAwayMeanwhile_IsDoneToItsEnd()
    {
        using var caller = CancellationTokenSource.CreateLinkedTokenSource(Token);

        var answer = await _test.Workspace.Requests.OnceAsync(
            Key,
            async (_, token) =>
            {
                await caller.CancelAsync();
                token.ThrowIfCancellationRequested();
                return "done";
            },
            TextJson.Default.String,
            note: null,
            caller.Token
        );

        answer.Should().Be("done");
    }

    [Fact]
    public async Task Once_ManyAtTheSameMoment_IsDoneByOneOfThem()
    {
        var processes = Enumerable.Range(0, 4).Select(_ => _test.Open()).ToList();

        var answers = await Task.WhenAll(
            Enumerable
                .Range(0, 16)
                .Select(number =>
                    Task.Run(
                        () =>
                            processes[number % 4]
                                .Requests.OnceAsync(
                                    Key,
                                    (turn, _) => Task.FromResult($"done by {number}"),
                                    TextJson.Default.String,
                                    note: null,
                                    Token
                                ),
                        Token
                    )
                )
        );

        answers.Distinct(StringComparer.Ordinal).Should().ContainSingle();
    }

    private Task<string> CallAsync(RequestKey? key, Action? effect = null) =>
        _test.Workspace.Requests.OnceAsync(
            key,
            (turn, _) =>
            {
                _turns.Add(turn);
                effect?.Invoke();
                return Task.FromResult($"done {_turns.Count}");
            },
            TextJson.Default.String,
            static () => "a note",
            Token
        );

    private static async Task<string> RefusalAsync(Func<Task> call) => (await call.Should().ThrowAsync<UserErrorException>()).Which.Message;

    private sealed class KilledException : Exception;

    [JsonSerializable(typeof(string))]
    private sealed partial class TextJson : JsonSerializerContext;
}
