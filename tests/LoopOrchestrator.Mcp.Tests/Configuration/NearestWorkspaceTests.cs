using LoopOrchestrator.Mcp.Configuration;
using LoopOrchestrator.Testing.Workspaces;

namespace LoopOrchestrator.Mcp.Tests.Configuration;

/// <summary>Which folder is meant where nobody names one.</summary>
public sealed class NearestWorkspaceTests : IDisposable
{
    private readonly TemporaryWorkspace _folder = new();

    public void Dispose() => _folder.Dispose();

    private string FullPath(string name) => Path.Combine(_folder.Root, name);

    // What there is, from where it is asked, where the home is, and what is found; paths below one folder.
    [Theory]
    [InlineData("ws/mcp_startup.json", "ws/src/deep", "home", "ws")]
    [InlineData("ws/.loop/", "ws/src", "home", "ws")]
    [InlineData("ws/.loop/ ws/src/.loop/", "ws/src/deep", "home", "ws/src")]
    [InlineData("ws/.loop/", "ws", "home", null)]
    [InlineData("ws/src/x", "ws/src", "home", null)]
    [InlineData("ws/mcp_startup.json ws/.git/", "ws/src", "home", "ws")]
    [InlineData("ws/mcp_startup.json ws/lib/.git/", "ws/lib/src", "home", null)]
    [InlineData("ws/mcp_startup.json ws/lib/.git", "ws/lib", "home", null)]
    [InlineData("home/.loop/", "home/code", "home", null)]
    [InlineData("home/.loop/", "home/code", "home/code/..", null)]
    [InlineData(".loop/ home/x", "home/code", "home", null)]
    [InlineData("ws/mcp_startup.json/", "ws/src", "home", null)]
    [InlineData("ws/.loop", "ws/src", "home", null)]
    public void Find_Folder_IsTheNearestThatIsAWorkspace(string there, string from, string home, string? found)
    {
        foreach (var name in there.Split(' '))
        {
            if (name.EndsWith('/'))
            {
                Directory.CreateDirectory(FullPath(name.TrimEnd('/')));
            }
            else
            {
                _folder.Write(name, "");
            }
        }

        Directory.CreateDirectory(FullPath(from));
        Directory.CreateDirectory(FullPath(home));

        NearestWorkspace.Find(FullPath(from), FullPath(home)).Should().Be(found is null ? null : FullPath(found));
    }

    [Fact]
    public void Resolve_InAFolderBelow_TakesTheWorkspaceAndSaysWhich()
    {
        _folder.Write("mcp_startup.json", "{}");
        var below = Directory.CreateDirectory(FullPath("src")).FullName;

        var options = new ServerOptionsResolver(static _ => null, below, home: "").Resolve(new CommandLineValues()).Options;
        var named = new ServerOptionsResolver(static _ => null, below, home: "").Resolve(new CommandLineValues { Workspace = "." }).Options;

        options.Workspace.Should().Be(new Sourced<string>(_folder.Root, $"found above the current folder {below}"));
        options.WorkspaceNote.Should().Be($"workspace: {_folder.Root} (the nearest one upward; --workspace DIR names another)");
        (named.Workspace.Value, named.WorkspaceNote).Should().Be((below, null));
    }
}
