using System.Security.Cryptography;
using System.Text;
using LoopOrchestrator.Mcp.Configuration;
using LoopOrchestrator.Testing.Workspaces;
using Microsoft.Extensions.Time.Testing;

namespace LoopOrchestrator.Mcp.Tests.Configuration;

public sealed class TokenFileTests : IDisposable
{
    private const string Old = "0123456789abcdef-old";
    private const string New = "0123456789abcdef-newer";
    private readonly TemporaryWorkspace _folder = new();
    private readonly List<string?> _reports = [];
    private readonly FakeTimeProvider _time = new(new DateTimeOffset(2026, 11, 30, 12, 0, 0, TimeSpan.Zero));

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Matches_AfterTheFileHasChanged_TakesTheNewTokenOnly()
    {
        var file = Open(Old);
        file.Find(Old, out _).Should().NotBeNull();

        Write(New);

        file.Find(Old, out _).Should().BeNull();
        file.Find(New, out _).Should().NotBeNull();
        _reports.Should().ContainSingle().Which.Should().BeNull("it is reported once, and nothing is wrong");
    }

    [Fact]
    public void Matches_AfterThePermissionsWereMended_LetsItsHolderIn()
    {
        if (OperatingSystem.IsWindows())
        {
            Assert.Skip("Permissions are those of Unix.");
            return;
        }

        var list = $$"""{"version":1,"tokens":[{"name":"ann","scope":"run","sha256":"{{Sha256Of(New)}}"}]}""";
        var file = Open(list);
        File.SetUnixFileMode(Path(), UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupWrite);
        file.Find(New, out _).Should().BeNull();

        File.SetUnixFileMode(Path(), UnixFileMode.UserRead | UnixFileMode.UserWrite);

        file.Find(New, out _).Should().NotBeNull();

        Write(list.Replace("\"sha256\"", "\"Expires\":\"2020-01-01T00:00:00Z\",\"sha256\"", StringComparison.Ordinal));
        file.Find(New, out _).Should().BeNull("a token with a member that nobody knows may have an end");
    }

    private static string Sha256Of(string token) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(token)));

    [Theory]
    [InlineData("short")]
    [InlineData("two words that are long enough")]
    [InlineData(null)]
    public void Matches_AfterTheFileHasBecomeUnusable_LetsNobodyIn(string? content)
    {
        var file = Open(Old);

        if (content is null)
        {
            File.Delete(Path());
        }
        else
        {
            Write(content);
        }

        file.Find(Old, out _).Should().BeNull();
        file.Find(Old, out _).Should().BeNull();
        _reports.Should().ContainSingle().Which.Should().Contain("token file");

        Write(New);
        file.Find(New, out _).Should().NotBeNull();
    }

    [Fact]
    public void Matches_AfterTheFileHasBecomeALinkIntoTheWorkspace_LetsNobodyIn()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Links need rights there.");
        var file = Open(Old);
        _folder.Write("workspace/token", New);

        File.Delete(Path());
        File.CreateSymbolicLink(Path(), System.IO.Path.Combine(Workspace, "token"));

        file.Find(Old, out _).Should().BeNull();
        file.Find(New, out _).Should().BeNull();
        _reports.Should().ContainSingle().Which.Should().Contain("lies in the workspace");
    }

    [Fact]
    public async Task Find_TokensOfAList_AreKnownUntilTheyExpireOrAreRevoked()
    {
        var list = List();
        var (reader, entry, isFirst) = await list.CreateAsync("reader", AccessScope.Read, _time.GetUtcNow().AddHours(1), Cancellation);
        var file = Open();
        var (admin, _, isSecond) = await list.CreateAsync("boss", AccessScope.Admin, expires: null, Cancellation);

        (isFirst, isSecond).Should().Be((true, false));
        reader.Should().StartWith("loop_").And.HaveLength(48).And.NotBe(admin);
        _folder.Read("token").Should().Contain(entry.Sha256).And.NotContain(reader).And.NotContain(admin);
        file.Find(reader, out _).Should().Match<AccessGrant>(static one => one.Name == "reader" && one.Scope == AccessScope.Read);
        file.Find(admin, out _)!.Scope.Should().Be(AccessScope.Admin);
        file.Find(reader + "x", out _).Should().BeNull();

        _time.Advance(TimeSpan.FromHours(1));
        file.Find(reader, out var expired).Should().BeNull();
        expired.Should().Be("reader");

        await list.RevokeAsync("boss", Cancellation);
        file.Find(admin, out expired).Should().BeNull();
        expired.Should().BeNull();
        _reports.Should().OnlyContain(static report => report == null);
    }

    [Fact]
    public async Task IsRequired_OfTheUsersOwnList_FromItsFirstTokenOnAndThenForEver()
    {
        var file = Open(isOptional: true);
        file.IsRequired.Should().BeFalse();

        var (token, _, _) = await List().CreateAsync("first", AccessScope.Run, expires: null, Cancellation);
        file.IsRequired.Should().BeTrue();
        file.Find(token, out _).Should().NotBeNull();

        await List().RevokeAsync("first", Cancellation);
        file.IsRequired.Should().BeTrue("the last token is gone, and nobody said that anybody may come in");
        File.Delete(Path());
        file.IsRequired.Should().BeTrue();
        file.Find(token, out _).Should().BeNull();
    }

    [Fact]
    public async Task CreateAsync_SideBySide_LosesNone()
    {
        await Task.WhenAll(Enumerable.Range(0, 8).Select(i => List().CreateAsync($"t{i}", AccessScope.Read, expires: null, Cancellation)));

        List().List().Should().HaveCount(8);
        if (!OperatingSystem.IsWindows())
        {
            File.GetUnixFileMode(Path()).Should().Be(UnixFileMode.UserRead | UnixFileMode.UserWrite);
        }
    }

    [Theory]
    [InlineData("{", "its JSON")]
    [InlineData("{}", "version")]
    [InlineData("""{"version":2,"tokens":[]}""", "has version 2")]
    [InlineData("""{"version":1}""", "has no 'tokens'")]
    [InlineData("""{"version":1,"tokens":[null]}""", "without a name")]
    [InlineData(
        """{"version":1,"tokens":[{"name":"a\u001b","scope":"read","sha256":"","created":"2026-11-30T00:00:00Z"}]}""",
        "without a name"
    )]
    [InlineData(
        """{"version":1,"tokens":[{"name":"a","scope":"root","sha256":"","created":"2026-11-30T00:00:00Z"}]}""",
        "no scope of read, run, admin"
    )]
    [InlineData("""{"version":1,"tokens":[{"name":"a","scope":"read","sha256":"12","created":"2026-11-30T00:00:00Z"}]}""", "no 'sha256'")]
    public void Load_ListThatCannotBeUsed_LetsNobodyInAndSaysWhy(string content, string reason)
    {
        Write(content);

        AccessTokens.Load(Path(), Workspace, out var problem).Should().BeNull();

        problem!.IsError.Should().BeTrue();
        problem.Message.Should().Contain(reason);
    }

    [Theory]
    [InlineData(UnixFileMode.GroupRead, false)]
    [InlineData(UnixFileMode.OtherWrite, true)]
    [InlineData(UnixFileMode.GroupWrite, true)]
    public async Task Load_ListThatOthersReach_IsToldAndNotUsedWhereTheyCanChangeIt(UnixFileMode more, bool isRefused)
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Permissions of POSIX.");
        await List().CreateAsync("a", AccessScope.Read, expires: null, Cancellation);
        _folder.Permit("token", UnixFileMode.UserRead | UnixFileMode.UserWrite | more);

        (AccessTokens.Load(Path(), Workspace, out var problem) is null).Should().Be(isRefused);

        problem!.IsError.Should().Be(isRefused);
        problem.Message.Should().Contain("chmod 600");
    }

    private string Workspace => System.IO.Path.Combine(_folder.Root, "workspace");

    private TokenFile Open(string token)
    {
        Write(token);
        return Open();
    }

    private TokenFile Open(bool isOptional = false) =>
        new(Path(), Workspace, problem => _reports.Add(problem?.ToString()), _time, isOptional);

    private UserTokens List() => new(Path(), _time);

    private void Write(string content)
    {
        _folder.Write("token", content);
        _folder.Permit("token", UnixFileMode.UserRead | UnixFileMode.UserWrite);
    }

    private string Path() => System.IO.Path.Combine(_folder.Root, "token");
}
