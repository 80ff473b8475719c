using LoopOrchestrator.Core.Git;
using LoopOrchestrator.Testing;

namespace LoopOrchestrator.Core.Tests.Git;

/// <summary>When git is asked again for the settings in force.</summary>
public sealed class KnownConfigurationTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly string _file;
    private readonly string _ofTree;
    private readonly KnownConfiguration _known;
    private string _scope = "local";
    private string _key = "core.bare";
    private int _asked;

    public KnownConfigurationTests()
    {
        _file = _folder.File("config");
        _ofTree = _folder.File("config.worktree");
        File.WriteAllText(_file, "one");
        _known = new KnownConfiguration([_file, _ofTree]);
    }

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task ReadAsync_SameFiles_AsksOnce() => (await AskedAsync(static () => { })).Should().Be(1);

    [Fact]
    public async Task ReadAsync_OtherContentOfTheSameLengthAndTime_AsksAnew() =>
        (
            await AskedAsync(() =>
            {
                var time = File.GetLastWriteTimeUtc(_file);
                File.WriteAllText(_file, "two");
                File.SetLastWriteTimeUtc(_file, time);
            })
        )
            .Should()
            .Be(2);

    [Fact]
    public async Task ReadAsync_SettingsOfTheWorkTreeCame_AsksAnew() =>
        (await AskedAsync(() => File.WriteAllText(_ofTree, ""))).Should().Be(2);

    [Fact]
    public async Task ReadAsync_Forgotten_AsksAnew() => (await AskedAsync(_known.Forget)).Should().Be(2);

    [Theory]
    [InlineData("local", "include.path", 2)]
    [InlineData("worktree", "includeif.onbranch:main.path", 2)]
    [InlineData("global", "include.path", 1)]
    public async Task ReadAsync_FilesThatLeadToOthers_AsksEachTime(string scope, string key, int asked)
    {
        (_scope, _key) = (scope, key);

        (await AskedAsync(static () => { })).Should().Be(asked);
    }

    [Fact]
    public async Task ReadAsync_ChangedWhileGitIsAsked_AsksAnew()
    {
        await _known.ReadAsync(
            token =>
            {
                File.WriteAllText(_file, "two");
                return AskAsync(token);
            },
            TestContext.Current.CancellationToken
        );
        await _known.ReadAsync(AskAsync, TestContext.Current.CancellationToken);

        _asked.Should().Be(2);
    }

    private async Task<int> AskedAsync(Action between)
    {
        await _known.ReadAsync(AskAsync, TestContext.Current.CancellationToken);
        between();
        await _known.ReadAsync(AskAsync, TestContext.Current.CancellationToken);
        return _asked;
    }

    private Task<GitConfiguration> AskAsync(CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        _asked++;
        return Task.FromResult(new GitConfiguration([new GitSetting(_scope, _key, "x")]));
    }
}
