using System.Reflection;
using System.Text.RegularExpressions;
using LoopOrchestrator.Core.Git;
using LoopOrchestrator.Core.Tests.Commits;
using LoopOrchestrator.Testing;

namespace LoopOrchestrator.Core.Tests.Git;

/// <summary>The one place that starts git, and what every call gets there.</summary>
public sealed partial class GitDoorTests : IDisposable
{
    // Whoever starts a process stands here, with what it starts; git is started by the first alone.
    private static readonly string[] Starters =
    [
        "LoopOrchestrator.Core/Git/GitProcess.cs",
        "LoopOrchestrator.Core/Agents/Detection/VersionQuestion.cs",
        "LoopOrchestrator.Core/Agents/Supervision/AgentStarter.cs",
        "LoopOrchestrator.Core/Agents/Supervision/SupervisorLauncher.cs",
        "LoopOrchestrator.Core/Alarms/OutsideCommand.cs",
        "LoopOrchestrator.Core/Commits/GateCommands.cs",
        "LoopOrchestrator.Mcp/Clients/ServerCheck.cs",
    ];

    private readonly TemporaryFolder _folder = new();

    private static string Source =>
        Path.Combine(
            typeof(GitDoorTests)
                .Assembly.GetCustomAttributes<AssemblyMetadataAttribute>()
                .Single(attribute => attribute.Key == "RepositoryRoot")
                .Value!,
            "src"
        );

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Product_StartsProcesses_OnlyInTheKnownPlaces() => Files(StartsProcess()).Should().BeEquivalentTo(Starters);

    [Fact]
    public void Product_NamesGit_OnlyWhereItIsFound() =>
        Files(NamesGit()).Should().BeEquivalentTo(Path.Combine("LoopOrchestrator.Core", "Git", "GitProgram.cs"));

    [Theory]
    [InlineData("new ProcessStartInfo(\"x\")", true)]
    [InlineData("ProcessStartInfo start = new(\"x\")", true)]
    [InlineData("Process.Start(\"x\")", true)]
    [InlineData("process.StartTime", false)]
    public void StartsProcess_MadeUpText_IsFound(string text, bool found) => StartsProcess().IsMatch(text).Should().Be(found);

    [Theory]
    [InlineData("status")]
    [InlineData("add")]
    [InlineData("-C", "elsewhere", "check-ignore")]
    public void Arguments_LocalCall_SwitchOffWhateverARepositoryCouldName(params string[] call)
    {
        var arguments = GitArguments.Of(GitAccess.Local, call);

        arguments.Should().ContainInOrder(call).And.Contain("--no-pager").And.Contain("--no-optional-locks");
        Settings(arguments)
            .Should()
            .Contain([
                "protocol.allow=never",
                "credential.helper=",
                "core.sshCommand=false",
                "core.hooksPath=/dev/null",
                "core.fsmonitor=false",
                "core.askPass=",
                "core.editor=:",
                "core.pager=cat",
                "core.alternateRefsCommand=:",
                "commit.gpgSign=false",
                "log.showSignature=false",
                "gc.auto=0",
                "maintenance.auto=false",
                "submodule.recurse=false",
                "safe.bareRepository=explicit",
            ]);
    }

    [Theory]
    [InlineData("diff", "--no-ext-diff --no-textconv --ignore-submodules=dirty")]
    [InlineData("diff-files", "--no-ext-diff --no-textconv --ignore-submodules=dirty")]
    [InlineData("diff-index", "--no-ext-diff --no-textconv")]
    [InlineData("diff-tree", "--no-ext-diff --no-textconv")]
    [InlineData("log", "--no-ext-diff --no-textconv --no-show-signature")]
    [InlineData("status", "--ignore-submodules=dirty")]
    [InlineData("push", "--no-verify --no-signed --recurse-submodules=no")]
    public void Arguments_OfASubcommand_FollowIt(string subcommand, string expected) =>
        string.Join(' ', GitArguments.Of(GitAccess.Push, ["-c", "a.b=c", subcommand, "last"]))
            .Should()
            .EndWith($"-c a.b=c {subcommand} {expected} last");

    [Fact]
    public void Arguments_Push_LeaveTransportAndCredentialsToTheUser() =>
        Settings(GitArguments.Of(GitAccess.Push, ["push"]))
            .Should()
            .NotContain(["protocol.allow=never", "credential.helper=", "core.sshCommand=false"])
            .And.Contain("core.hooksPath=/dev/null");

    [Theory]
    [InlineData(GitAccess.Local, "none", null)]
    [InlineData(GitAccess.Push, null, "ssh -i key")]
    internal void Environment_OfACall_HoldsNothingForeign(GitAccess access, string? protocols, string? ssh)
    {
        var variables = new Dictionary<string, string?>(StringComparer.Ordinal)
        {
            ["GIT_DIR"] = "x",
            ["GIT_EXTERNAL_DIFF"] = "x",
            ["GIT_ASKPASS"] = "x",
            ["SSH_ASKPASS"] = "x",
            ["GIT_CONFIG_COUNT"] = "3",
            ["GIT_CONFIG_KEY_0"] = "core.fsmonitor",
            ["GIT_CONFIG_VALUE_0"] = "a program",
            ["GIT_CONFIG_KEY_1"] = "Safe.Directory",
            ["GIT_CONFIG_VALUE_1"] = "/srv/theirs",
            ["GIT_CONFIG_KEY_2"] = "safe.bareRepository",
            ["GIT_CONFIG_VALUE_2"] = "all",
            ["GIT_CONFIG_PARAMETERS"] = "x",
            ["GIT_PROXY_SSL_CERT"] = "x",
            ["GIT_SSH_COMMAND"] = "ssh -i key",
            ["GIT_AUTHOR_NAME"] = "A User",
            ["GIT_EXEC_PATH"] = _folder.File("bin"),
            ["HOME"] = "/home/user",
            ["LOOP_TRUST_WORKSPACE"] = "true",
        };

        var own = new Dictionary<string, string>(StringComparer.Ordinal) { ["GIT_INDEX_FILE"] = "own" };
        GitEnvironment.Prepare(variables, Program(), access, [new("filter.a=b.clean", "")], own);

        variables
            .Should()
            .NotContainKeys(
                "GIT_DIR",
                "GIT_EXTERNAL_DIFF",
                "GIT_ASKPASS",
                "SSH_ASKPASS",
                "GIT_CONFIG_PARAMETERS",
                "GIT_PROXY_SSL_CERT",
                "GIT_EXEC_PATH",
                "LOOP_TRUST_WORKSPACE"
            );
        variables
            .Should()
            .Contain([
                new("GIT_NO_LAZY_FETCH", "1"),
                new("GIT_TERMINAL_PROMPT", "0"),
                new("GIT_AUTHOR_NAME", "A User"),
                new("GIT_INDEX_FILE", "own"),
                new("HOME", "/home/user"),
                new("GIT_CONFIG_COUNT", "2"),
                new("GIT_CONFIG_KEY_0", "safe.directory"),
                new("GIT_CONFIG_VALUE_0", "/srv/theirs"),
                new("GIT_CONFIG_KEY_1", "filter.a=b.clean"),
                new("GIT_CONFIG_VALUE_1", ""),
            ]);
        variables.Should().NotContainKeys("GIT_CONFIG_KEY_2", "GIT_CONFIG_VALUE_2");
        variables.GetValueOrDefault("GIT_ALLOW_PROTOCOL").Should().Be(protocols);
        variables.GetValueOrDefault("GIT_SSH_COMMAND").Should().Be(ssh);
    }

    [Fact]
    public async Task RunAsync_FakeGit_GetsAllOfIt()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "The fake git is a shell script.");
        var token = TestContext.Current.CancellationToken;

        var answer = await new GitProcess(Program(), TimeProvider.System).RunAsync(
            _folder.FullPath,
            GitAccess.Local,
            ["status", "-z"],
            new Dictionary<string, string>(StringComparer.Ordinal),
            [],
            "the input"u8.ToArray(),
            token
        );

        answer
            .Text.Split('\n')
            .Should()
            .Contain([
                "protocol.allow=never",
                "status",
                "-z",
                "GIT_NO_LAZY_FETCH=1",
                "GIT_ALLOW_PROTOCOL=none",
                "GIT_TERMINAL_PROMPT=0",
                "input: the input",
            ]);
    }

    private static IEnumerable<string> Settings(IReadOnlyList<string> arguments) =>
        arguments.Where((_, index) => index > 0 && arguments[index - 1] == "-c");

    private static IEnumerable<string> Files(Regex wanted) =>
        Directory
            .EnumerateFiles(Source, "*.cs", SearchOption.AllDirectories)
            .Where(file => wanted.IsMatch(File.ReadAllText(file)))
            .Select(static file => Path.GetRelativePath(Source, file));

    // A program called git outside of the workspace, which writes down how it was called.
    private GitProgram Program()
    {
        var tools = Directory.CreateDirectory(_folder.File("tools")).FullName;
        var file = Path.Combine(tools, "git");
        File.WriteAllText(file, "#!/bin/sh\nprintf '%s\\n' \"$@\"\nenv\nprintf 'input: '\nexec cat\n");
        TestRepository.MakeExecutable(file);
        Directory.CreateDirectory(_folder.File("bin"));
        var workspace = Directory.CreateDirectory(_folder.File("workspace")).FullName;
        Directory.Delete(_folder.File("bin"));
        Directory.CreateSymbolicLink(_folder.File("bin"), workspace);
        return GitProgram.Find(workspace, $"{tools}{Path.PathSeparator}/usr/bin{Path.PathSeparator}/bin")!;
    }

    [GeneratedRegex(
        @"\bProcessStartInfo\s*(\(|\w+\s*=\s*new)|\bProcess\.Start\(",
        RegexOptions.ExplicitCapture,
        matchTimeoutMilliseconds: 5000
    )]
    private static partial Regex StartsProcess();

    [GeneratedRegex("\"git(\\.exe)?\"(?! *\\))|Find\\w*\\(\"git", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 5000)]
    private static partial Regex NamesGit();
}
