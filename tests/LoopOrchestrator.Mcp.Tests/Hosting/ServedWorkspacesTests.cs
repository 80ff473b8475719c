using LoopOrchestrator.Core.Errors;
using LoopOrchestrator.Mcp.Hosting.Sessions;
using LoopOrchestrator.Mcp.Served;
using LoopOrchestrator.Testing;
using Microsoft.Extensions.DependencyInjection;

namespace LoopOrchestrator.Mcp.Tests.Hosting;

/// <summary>What one of several workspaces may do to the others.</summary>
public sealed class ServedWorkspacesTests : IDisposable
{
    private readonly JumpingTime _time = new(new DateTimeOffset(2026, 11, 30, 12, 0, 0, TimeSpan.Zero));
    private readonly ServedWorkspaces _served = new([new ServedWorkspace("api", "/w/api"), new ServedWorkspace("web", "/w/web")]);
    private readonly ServiceProvider _none = new ServiceCollection().BuildServiceProvider();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose()
    {
        _served.Dispose();
        _none.Dispose();
    }

    [Fact]
    public async Task AskAll_OfWhatBlocks_GivesUpAtTheLimitAndEndsWhatWasAsked()
    {
        OpenAll();
        var given = new List<CancellationToken>();
        var asked = _served.AskAllAsync(
            (_, token) =>
            {
                lock (given)
                {
                    given.Add(token);
                }

                // One holds its thread, as a library does that waits for a lock; the other one waits.
                return ServedWorkspaces.Current == "api"
                    ? Task.FromResult(token.WaitHandle.WaitOne().ToString())
                    : Task.Delay(Timeout.Infinite, token).ContinueWith(static _ => "", CancellationToken.None);
            },
            _time,
            Token
        );
        await Eventually.TrueAsync("both were asked", () => given.Count == 2);
        asked.IsCompleted.Should().BeFalse();

        _time.Advance(ServedWorkspaces.MaxAnswer);
        var answers = await asked;

        answers.Select(static answer => answer.Of.Name).Should().Equal("api", "web");
        answers.Should().AllSatisfy(static answer => answer.Problem.Should().Contain("did not answer within 5 seconds"));
        given.Should().AllSatisfy(static token => token.IsCancellationRequested.Should().BeTrue());
    }

    [Theory]
    [InlineData(typeof(UserErrorException))]
    [InlineData(typeof(IOException))]
    [InlineData(typeof(UnauthorizedAccessException))]
    public async Task AskAll_WhereOneFails_HasTheAnswersOfTheOthers(Type fault)
    {
        OpenAll();

        var answers = await _served.AskAllAsync(
            (_, _) =>
                ServedWorkspaces.Current == "api"
                    ? throw (Exception)Activator.CreateInstance(fault, "its disk is gone")!
                    : Task.FromResult("fine"),
            _time,
            Token
        );

        answers.Select(static answer => answer.Value ?? answer.Problem).Should().Equal("its disk is gone", "fine");
    }

    [Fact]
    public async Task Holders_WhereOneCannotBeAsked_AreUnknown()
    {
        _served.SetTried();
        await using var server = new ServiceCollection()
            .AddSingleton(_served)
            .AddSingleton<TimeProvider>(_time)
            .BuildServiceProvider();

        (await SessionHolders.FindAsync(server, Token)).Should().BeEmpty("of what was never opened nobody holds anything");
        _served.All[1].Open(new ServiceCollection().AddSingleton<Core.Workspace>(_ => throw new IOException()).BuildServiceProvider());
        (await SessionHolders.FindAsync(server, Token)).Should().BeNull();
    }

    private void OpenAll()
    {
        foreach (var one in _served.All)
        {
            one.Open(_none);
        }

        _served.SetTried();
    }
}
