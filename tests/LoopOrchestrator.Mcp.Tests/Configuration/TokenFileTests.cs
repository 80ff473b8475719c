using LoopOrchestrator.Mcp.Configuration;
using LoopOrchestrator.Testing.Workspaces;

namespace LoopOrchestrator.Mcp.Tests.Configuration;

public sealed class TokenFileTests : IDisposable
{
    private const string Old = "0123456789abcdef-old";
    private const string New = "0123456789abcdef-newer";
    private readonly TemporaryWorkspace _folder = new();
    private readonly List<string?> _reports = [];

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Matches_AfterTheFileHasChanged_TakesTheNewTokenOnly()
    {
        var file = Open(Old);
        file.Matches(Old).Should().BeTrue();

        Write(New);

        file.Matches(Old).Should().BeFalse();
        file.Matches(New).Should().BeTrue();
        _reports.Should().ContainSingle().Which.Should().BeNull("it is reported once, and nothing is wrong");
    }

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

        file.Matches(Old).Should().BeFalse();
        file.Matches(Old).Should().BeFalse();
        _reports.Should().ContainSingle().Which.Should().Contain("token file");

        Write(New);
        file.Matches(New).Should().BeTrue();
    }

    [Fact]
    public void Matches_AfterTheFileHasBecomeALinkIntoTheWorkspace_LetsNobodyIn()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Links need rights there.");
        var file = Open(Old);
        _folder.Write("workspace/token", New);

        File.Delete(Path());
        File.CreateSymbolicLink(Path(), System.IO.Path.Combine(Workspace, "token"));

        file.Matches(Old).Should().BeFalse();
        file.Matches(New).Should().BeFalse();
        _reports.Should().ContainSingle().Which.Should().Contain("lies in the workspace");
    }

    private string Workspace => System.IO.Path.Combine(_folder.Root, "workspace");

    private TokenFile Open(string token)
    {
        Write(token);
        return new TokenFile(Path(), Workspace, problem => _reports.Add(problem?.ToString()));
    }

    private void Write(string content)
    {
        _folder.Write("token", content);
        _folder.Permit("token", UnixFileMode.UserRead | UnixFileMode.UserWrite);
    }

    private string Path() => System.IO.Path.Combine(_folder.Root, "token");
}
