using System.Text;
using LoopOrchestrator.Core.Agents;
using LoopOrchestrator.Core.Agents.Presets;
using LoopOrchestrator.Core.Errors;
using LoopOrchestrator.Testing;

namespace LoopOrchestrator.Core.Tests.Agents;

public sealed class AgentFilesTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Write_HomeOfAStartThatCameToNothing_IsReplaced()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Not every user may make links there.");
        File.WriteAllText(_folder.File("mine"), "of the user");
        var first = Invocation(("settings.json", "first"), ("auth", "mine"), ("gone", "mine"));
        AgentFiles.Write(first);
        File.WriteAllText(Path.Combine(first.Home!, "renewed"), "by the program");

        var second = Invocation(("settings.json", "second"), ("auth", "mine"));
        AgentFiles.Write(second);

        Directory
            .EnumerateFileSystemEntries(second.Home!)
            .Select(static entry => $"{Path.GetFileName(entry)}: {File.ReadAllText(entry)}")
            .Should()
            .BeEquivalentTo("settings.json: second", "auth: of the user");
        File.ReadAllText(_folder.File("mine")).Should().Be("of the user");
        if (!OperatingSystem.IsWindows())
        {
            File.GetUnixFileMode(second.Home!).Should().Be(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        }
    }

    // A file system without links answers as this one does; a shortage passes, and this does not.
    [Fact]
    public void Write_WhereNoLinkCanBeMade_IsAnErrorOfTheUsers()
    {
        Assert.SkipUnless(Directory.Exists("/dev/pts"), "There is no file system at hand that has no links.");
        var invocation = new AgentInvocation([])
        {
            Links = new Dictionary<string, string>(StringComparer.Ordinal) { ["/dev/pts/loop-test"] = "/home/me/.gemini/tmp" },
        };

        FluentActions
            .Invoking(() => AgentFiles.Write(invocation))
            .Should()
            .Throw<UserErrorException>()
            .WithMessage("*a link to /home/me/.gemini/tmp, and none can be made at /dev/pts/loop-test*");
    }

    private AgentInvocation Invocation((string Name, string Content) file, params (string Name, string Target)[] links)
    {
        var home = _folder.File(".loop/runs/run-1/home");
        return new AgentInvocation([])
        {
            Home = home,
            Files = new Dictionary<string, byte[]>(StringComparer.Ordinal)
            {
                [Path.Combine(home, file.Name)] = Encoding.UTF8.GetBytes(file.Content),
            },
            Links = links.ToDictionary(link => Path.Combine(home, link.Name), link => _folder.File(link.Target), StringComparer.Ordinal),
        };
    }
}
