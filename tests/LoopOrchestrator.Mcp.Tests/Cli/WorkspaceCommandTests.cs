using System.Text.Json.Nodes;
using LoopOrchestrator.Testing;
using LoopOrchestrator.Testing.Processes;

namespace LoopOrchestrator.Mcp.Tests.Cli;

/// <summary>Names of workspaces through the program itself, each test with a configuration folder of its own.</summary>
public sealed class WorkspaceCommandTests : IDisposable
{
    private readonly TemporaryFolder _place = new();

    public void Dispose() => _place.Dispose();

    private string Register => Path.Combine(_place.FullPath, "config", "loop-orchestrator", "workspaces.json");

    [Fact]
    public async Task Add_ListAndRemove_KeepTheRegisterAndTouchNoWorkspace()
    {
        var (api, web) = (Folder("api"), Folder("web"));

        (await RunAsync(0, "workspace", "add", "backend", api)).Output.Should().Contain("--workspace backend").And.Contain(Register);
        (await RunAsync(0, "workspace", "add", "shop", "--workspace", web)).Output.Should().Contain(web);
        await RunAsync(0, "trust", "--workspace", "shop");
        Directory.Delete(api);
        var listed = JsonNode.Parse((await RunAsync(0, "workspace", "list", "--json")).Output)!;
        var text = (await RunAsync(0, "workspace", "list")).Output;

        listed["workspaces"]!
            .AsArray()
            .Select(static one => $"{one!["name"]} {one["state"]} {one["trusted"]} {one["served_by"]!.AsArray().Count}")
            .Should()
            .Equal("backend gone false 0", "shop there true 0");
        text.Should().Contain("backend  gone").And.Contain("backend: the folder").And.Contain("workspace remove backend");
        Directory.GetFileSystemEntries(web).Should().BeEmpty("it was only named and looked at");
        (await RunAsync(0, "workspace", "remove", "backend")).Output.Should().Contain("no name of a workspace any more");
        (await RunAsync(0, "workspace", "list")).Output.Should().NotContain("backend");
    }

    [Fact]
    public async Task Workspace_NamedByItsName_IsTheSameFromEveryFolder()
    {
        var api = Folder("api");
        await RunAsync(0, "workspace", "add", "backend", api);
        var elsewhere = Folder("elsewhere");

        await RunInAsync(elsewhere, 0, "todo", "add", "Write it", "--workspace", "backend");
        var listed = await RunInAsync(elsewhere, 0, "--workspace", "Backend", "todo", "list");
        var byVariable = await ServerProcess.RunAsync(Start(elsewhere, ["todo", "list"], ("LOOP_WORKSPACE", "backend")));

        listed.Output.Should().Contain("Write it");
        byVariable.Output.Should().Contain("Write it");
        File.Exists(Path.Combine(api, "TODO.md")).Should().BeTrue();
        Directory.GetFileSystemEntries(elsewhere).Should().BeEmpty();
    }

    [Fact]
    public async Task Workspace_NameThatIsAFolderHereToo_IsTheRegisteredOneAndSaysSo()
    {
        var (registered, here) = (Folder("registered"), Folder("here"));
        var beside = Directory.CreateDirectory(Path.Combine(here, "api")).FullName;
        await RunAsync(0, "workspace", "add", "api", registered);

        var named = await RunInAsync(here, 0, "--workspace", "api", "todo", "add", "By name");
        await RunInAsync(here, 0, "--workspace", "./api", "todo", "add", "By path");

        named.Error.Should().Contain($"workspace: {registered} (registered as 'api'; the folder here is --workspace ./api)");
        (await ReadAsync(registered, "TODO.md")).Should().Contain("By name");
        (await ReadAsync(beside, "TODO.md")).Should().Contain("By path");
    }

    [Fact]
    public async Task Workspace_UnknownName_NamesTheNearOneAndChangesNothing()
    {
        await RunAsync(0, "workspace", "add", "backend", Folder("api"));

        var refused = await RunAsync(3, "--workspace", "bakend", "status");

        refused.Error.Should().Contain("no workspace is registered as 'bakend'; did you mean 'backend'?");
    }

    [Fact]
    public async Task Workspace_WithADamagedRegister_IsRefusedByNameAndNotByPath()
    {
        var api = Folder("api");
        Directory.CreateDirectory(Path.GetDirectoryName(Register)!);
        await File.WriteAllTextAsync(Register, "[]", TestContext.Current.CancellationToken);

        (await RunAsync(3, "--workspace", "api", "run", "code", "Do it"))
            .Error.Should()
            .Contain($"{Register} is no register of workspaces");
        await RunAsync(0, "--workspace", api, "todo", "list");
    }

    [Fact]
    public async Task AddAndRemove_InAProcessOfARun_AreRefused()
    {
        var api = Folder("api");

        foreach (var verb in new[] { "add", "remove" })
        {
            var refused = await ServerProcess.RunAsync(Start(api, ["workspace", verb, "api"], ("LOOP_RUN_ID", "run-1")));

            (refused.ExitCode, refused.Error).Should().Be((1, refused.Error));
            refused.Error.Should().Contain("a process of run run-1");
        }

        File.Exists(Register).Should().BeFalse();
    }

    [Fact]
    public async Task Add_ASubfolderWithItsOwnFileAndAWorkTree_AreWorkspacesOfTheirOwn()
    {
        var repository = Folder("mono");
        var part = Directory.CreateDirectory(Path.Combine(repository, "services", "pay")).FullName;
        await File.WriteAllTextAsync(Path.Combine(repository, "mcp_startup.json"), "{}", TestContext.Current.CancellationToken);
        await File.WriteAllTextAsync(Path.Combine(part, "mcp_startup.json"), "{}", TestContext.Current.CancellationToken);
        var tree = Path.Combine(_place.FullPath, "mono-fix");
        await GitAsync(repository, "init", "--quiet");
        string[] person = ["-c", "user.name=t", "-c", "user.email=t@example.org"];
        await GitAsync(repository, [.. person, "commit", "--quiet", "--allow-empty", "-m", "one"]);
        await GitAsync(repository, "worktree", "add", "--quiet", tree);

        await RunAsync(0, "workspace", "add", "mono", repository);
        await RunInAsync(Directory.CreateDirectory(Path.Combine(part, "src")).FullName, 0, "workspace", "add", "pay");
        await RunInAsync(tree, 0, "workspace", "add", "mono-fix");
        foreach (var name in new[] { "mono", "pay", "mono-fix" })
        {
            await RunAsync(0, "--workspace", name, "todo", "add", $"Of {name}");
        }

        await RunAsync(0, "trust", "--workspace", "pay");
        var listed = JsonNode.Parse((await RunAsync(0, "workspace", "list", "--json")).Output)!["workspaces"]!.AsArray();

        listed
            .Select(static one => $"{one!["name"]} {one["folder"]} {one["trusted"]}")
            .Should()
            .Equal($"mono {repository} false", $"pay {part} true", $"mono-fix {tree} false");
        foreach (var (folder, name) in new[] { (repository, "mono"), (part, "pay"), (tree, "mono-fix") })
        {
            (await ReadAsync(folder, "TODO.md")).Should().Contain($"Of {name}").And.NotContain(name == "mono" ? "Of pay" : "Of mono\n");
        }
    }

    [Theory]
    [InlineData("is no name of a workspace", "workspace", "add", "a/b")]
    [InlineData("stands for something else", "workspace", "add", "all")]
    [InlineData("only a server takes several", "--workspace", "a", "--workspace", "b", "status")]
    [InlineData("only a server takes several", "status", "--workspace", "a", "--workspace", "b")]
    public async Task CommandLine_NotUnderstood_IsAUsageErrorThatSaysWhy(string expected, params string[] arguments)
    {
        var result = await CommandLineHere.RunAsync(arguments);

        result.ExitCode.Should().Be(2);
        result.Error.Should().Contain(expected);
    }

    private static Task<string> ReadAsync(string folder, string name) =>
        File.ReadAllTextAsync(Path.Combine(folder, name), TestContext.Current.CancellationToken);

    private string Folder(string name) => Directory.CreateDirectory(Path.Combine(_place.FullPath, name)).FullName;

    private Task<ProcessResult> RunAsync(int expected, params string[] arguments) => RunInAsync(_place.FullPath, expected, arguments);

    private async Task<ProcessResult> RunInAsync(string folder, int expected, params string[] arguments)
    {
        var result = await ServerProcess.RunAsync(Start(folder, arguments));
        result.ExitCode.Should().Be(expected, "it said: {0}", result.Error);
        return result;
    }

    private ServerStart Start(string folder, IReadOnlyList<string> arguments, params (string Name, string Value)[] variables)
    {
        var environment = new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["XDG_CONFIG_HOME"] = Path.Combine(_place.FullPath, "config"),
        };
        foreach (var (name, value) in variables)
        {
            environment[name] = value;
        }

        return new ServerStart(folder, arguments) { Environment = environment };
    }

    private static async Task GitAsync(string folder, params string[] arguments)
    {
        using var git = System.Diagnostics.Process.Start(
            new System.Diagnostics.ProcessStartInfo("git", arguments) { WorkingDirectory = folder }
        )!;
        await git.WaitForExitAsync(TestContext.Current.CancellationToken);
        git.ExitCode.Should().Be(0);
    }
}
