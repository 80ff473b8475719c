using System.Diagnostics;
using LoopOrchestrator.Testing;

namespace LoopOrchestrator.Core.Tests.Git;

/// <summary>
/// Makes repositories for tests out of files alone. A process of git takes longer than the test of it, and <c>git init</c>, a dozen of
/// <c>git config</c> and the clean-up behind each commit come to most of what such a test would do.
/// </summary>
internal static class GitFixture
{
    // What depends on the file system is for git to find out, once.
    private static readonly Lazy<string> Configuration = new(static () =>
    {
        using var folder = new TemporaryFolder();
        using var process = Process.Start(new ProcessStartInfo("git", ["init", "-q", folder.FullPath]))!;
        process.WaitForExit();
        return File.ReadAllText(Path.Combine(folder.FullPath, ".git", "config"));
    });

    /// <summary>Does what <c>git init -q -b main</c> does, without the samples of hooks.</summary>
    /// <param name="folder">The top of the work tree.</param>
    /// <param name="settings">The repository's settings, in their order.</param>
    public static void Init(string folder, params IEnumerable<(string Key, string Value)> settings)
    {
        var git = Path.Combine(folder, ".git");
        foreach (var name in (string[])["hooks", "info", "objects/info", "objects/pack", "refs/heads", "refs/tags"])
        {
            Directory.CreateDirectory(Path.Combine(git, name));
        }

        File.WriteAllText(Path.Combine(git, "HEAD"), "ref: refs/heads/main\n");
        File.WriteAllText(Path.Combine(git, "config"), Configuration.Value);
        Configure(folder, settings);
    }

    /// <summary>Adds settings to those of a repository.</summary>
    public static void Configure(string folder, params IEnumerable<(string Key, string Value)> settings) =>
        File.AppendAllText(Path.Combine(folder, ".git", "config"), string.Concat(settings.Select(static one => Text(one.Key, one.Value))));

    /// <summary>Makes a repository without a work tree that has the commits and branches of another.</summary>
    /// <param name="folder">The top of the other's work tree.</param>
    /// <param name="bare">The folder to make.</param>
    public static void MakeBare(string folder, string bare)
    {
        GitTemplate.Of(Path.Combine(folder, ".git")).Write(bare);
        File.Delete(Path.Combine(bare, "index"));
        File.WriteAllText(Path.Combine(bare, "config"), Configuration.Value + Text("core.bare", "true"));
    }

    /// <summary>Has a call of git start no clean-up behind it, and wait for no disk.</summary>
    public static void Prepare(ProcessStartInfo start)
    {
        (string Key, string Value)[] settings = [("maintenance.auto", "false"), ("gc.auto", "0"), ("core.fsync", "none")];
        foreach (var (number, (key, value)) in settings.Index())
        {
            start.Environment[$"GIT_CONFIG_KEY_{number}"] = key;
            start.Environment[$"GIT_CONFIG_VALUE_{number}"] = value;
        }

        start.Environment["GIT_CONFIG_COUNT"] = $"{settings.Length}";
    }

    // Between the first point and the last is a name of the user's choice, which may have points of its own.
    private static string Text(string key, string value)
    {
        var (first, last) = (key.IndexOf('.', StringComparison.Ordinal), key.LastIndexOf('.'));
        var name = first == last ? "" : $" \"{key[(first + 1)..last]}\"";
        var escaped = value.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal);
        return $"[{key[..first]}{name}]\n\t{key[(last + 1)..]} = \"{escaped}\"\n";
    }
}
