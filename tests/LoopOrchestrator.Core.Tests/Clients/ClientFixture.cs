using System.Text;
using LoopOrchestrator.Core.Clients;
using LoopOrchestrator.Core.Files;
using LoopOrchestrator.Testing;

namespace LoopOrchestrator.Core.Tests.Clients;

/// <summary>A home, a workspace, and the settings of clients in them.</summary>
public sealed class ClientFixture : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public ClientFixture()
    {
        Directory.CreateDirectory(Home);
        Directory.CreateDirectory(Workspace.Root);
        Server = Started(Workspace.Root);
    }

    public string Home => _folder.File("home");

    public WorkspacePaths Workspace => new(_folder.File("work"));

    /// <summary>The folder in which everything is.</summary>
    public string Root => _folder.FullPath;

    public ClientServer Server { get; }

    /// <summary>What was replaced, and the records.</summary>
    public string Records => Path.Combine(Home, ".config", "loop-orchestrator", "clients");

    public ClientSetup Setup => new(Places(), Workspace, TimeProvider.System);

    public static ClientServer Started(string workspace) =>
        new()
        {
            Command = ["/opt/loop/loop-orchestrator", "--mode", "stdio", "--workspace", workspace],
            Environment = new Dictionary<string, string>(StringComparer.Ordinal) { ["XDG_CONFIG_HOME"] = "/home/x/\"conf\"" },
        };

    internal ClientPlaces Places(ClientSystem system = ClientSystem.Linux) =>
        ClientPlaces.Of(Home, Path.Combine(Home, ".config"), system, static _ => null);

    /// <summary>The file that a client has now.</summary>
    public string FileOf(string client, ClientScope scope = ClientScope.User) =>
        Setup.Install(client, scope, Server, replaces: false).Changes[0].Path;

    public ClientPlan Install(string client, ClientScope scope = ClientScope.User, ClientServer? server = null, bool replaces = false)
    {
        var plan = Setup.Install(client, scope, server ?? Server, replaces);
        Setup.Apply(plan);
        return plan;
    }

    public ClientPlan Uninstall(string client, ClientScope scope = ClientScope.User)
    {
        var plan = Setup.Uninstall(client, scope);
        Setup.Apply(plan);
        return plan;
    }

    public static void Write(string path, string text)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllBytes(path, Encoding.UTF8.GetBytes(text));
    }

    public static string Read(string path) => Encoding.UTF8.GetString(File.ReadAllBytes(path));

    public void Dispose() => _folder.Dispose();
}
