using LoopOrchestrator.Core.Checkpoints;
using LoopOrchestrator.Core.Commits;
using LoopOrchestrator.Core.Files;
using LoopOrchestrator.Core.Tests.Commits;
using LoopOrchestrator.Testing;

namespace LoopOrchestrator.Core.Tests.Git;

/// <summary>
/// A repository in which every setting that can name a program names a harmless one: it leaves an empty file, called like the setting, in a
/// folder beside. Files wait to be read, compared and committed, and a repository within is configured likewise.
/// </summary>
internal sealed class MarkedRepository : IDisposable
{
    // Each is a program here. Those that need another setting, an attribute or a file of their own follow in the constructor.
    private static readonly string[] Programs =
    [
        "core.fsmonitor",
        "core.pager",
        "pager.status",
        "pager.diff",
        "pager.log",
        "core.editor",
        "sequence.editor",
        "core.askPass",
        "core.sshCommand",
        "core.gitProxy",
        "core.alternateRefsCommand",
        "core.virtualFilesystem",
        "credential.helper",
        "diff.external",
        "diff.marked.command",
        "diff.marked.textconv",
        "merge.marked.driver",
        "gpg.program",
        "gpg.ssh.program",
        "gpg.ssh.defaultKeyCommand",
        "uploadpack.packObjectsHook",
        "trailer.marked.command",
        "interactive.diffFilter",
        "gc.recentObjectsHook",
        "hook.marked.command",
    ];

    private static readonly string[] Hooks =
    [
        "applypatch-msg",
        "pre-commit",
        "prepare-commit-msg",
        "commit-msg",
        "post-commit",
        "post-checkout",
        "post-merge",
        "pre-push",
        "pre-auto-gc",
        "post-index-change",
        "reference-transaction",
        "post-rewrite",
        "fsmonitor-watchman",
    ];

    private static readonly string[] FilterPrograms = ["filter.marked.clean", "filter.marked.smudge", "lfs.extension.marked.clean"];

    private readonly string _marks;
    private readonly TestRepository _git = new("top");

    public MarkedRepository(bool withFilters)
    {
        _marks = Path.Combine(_git.Root, "marks");
        Directory.CreateDirectory(_marks);
        Directory.Delete(Path.Combine(_git.Root, ".git"), recursive: true);
        Make(Top);
        Make(Within);
        foreach (var folder in (string[])[Within, Top])
        {
            Write(folder, "changed.txt", "before\n");
            Write(folder, "gone.txt", "before\n");
            Write(folder, "kept.txt", "before\n");
            Plain(folder, "add", "-A");
            Plain(folder, "commit", "-q", "-m", "before");
        }

        Configure(Within, withFilters: true);
        Configure(Top, withFilters);
        Change(Within);
        Change(Top);
        Clear();
    }

    public string Top => Path.Combine(_git.Root, "top");

    public WorkspacePaths Paths => new(Top);

    private string Within => Path.Combine(Top, "within");

    /// <summary>The settings whose program was executed since the last <see cref="Clear"/>.</summary>
    public string[] Marks =>
        [.. Directory.EnumerateFiles(_marks).Select(static file => Path.GetFileName(file)).Order(StringComparer.Ordinal)];

    public CommitService Commits(bool trusted)
    {
        var trust = new WorkspaceTrust(Top, trusted ? "the test" : null, Path.Combine(_marks, "nobody-is-trusted"));
        return TrustedCommits.Of(Paths, new CommitSettings(), trust, TimeProvider.System);
    }

    public CheckpointStore Checkpoints => new(Paths, TimeProvider.System);

    public StepWorktrees Worktrees => new(Paths, TimeProvider.System);

    public void Write(string name, string content) => Write(Top, name, content);

    public void Clear()
    {
        foreach (var file in Directory.EnumerateFiles(_marks))
        {
            File.Delete(file);
        }
    }

    /// <summary>Calls git as its user would: what is configured is executed.</summary>
    public void Call(params string[] arguments) => _git.TryGit(["-C", Top, .. arguments]);

    public void Dispose() => _git.Dispose();

    private static void Change(string folder)
    {
        Write(folder, "changed.txt", "after\n");
        Write(folder, "new.txt", "after\n");
        File.Delete(Path.Combine(folder, "gone.txt"));

        // As long as before, and of another time: git has to read it, by its filters, to know that it is the same.
        File.SetLastWriteTimeUtc(Path.Combine(folder, "kept.txt"), DateTime.UnixEpoch.AddYears(50));
    }

    private static void Write(string folder, string name, string content) => File.WriteAllText(Path.Combine(folder, name), content);

    private static void Make(string folder)
    {
        Directory.CreateDirectory(folder);
        GitFixture.Init(folder, ("user.name", "A Tester"), ("user.email", "tester@example.org"));
    }

    private void Configure(string folder, bool withFilters)
    {
        var prefix = folder == Top ? "" : "within.";
        var keys = withFilters ? Programs.Concat(FilterPrograms) : Programs;
        GitFixture.Configure(folder, keys.Select(key => (key, (key == "credential.helper" ? "!" : "") + Script(prefix + key))));
        GitFixture.Configure(
            folder,
            ("commit.gpgSign", "true"),
            ("log.showSignature", "true"),
            ("hook.marked.event", "reference-transaction"),
            ("core.hooksPath", Path.Combine(folder, ".git", "marked"))
        );
        Directory.CreateDirectory(Path.Combine(folder, ".git", "marked"));
        foreach (var hook in Hooks)
        {
            foreach (var place in (string[])["marked", "hooks"])
            {
                var file = Path.Combine(folder, ".git", place, hook);
                File.WriteAllText(file, $"#!/bin/sh\n: > '{Path.Combine(_marks, $"{prefix}hook {hook}")}'\n");
                TestRepository.MakeExecutable(file);
            }
        }

        Write(folder, ".gitattributes", $"*.txt diff=marked merge=marked{(withFilters ? " filter=marked" : "")}\n");
    }

    // Passes on what it gets, for those that are filters.
    private string Script(string mark)
    {
        var file = Path.Combine(_git.Root, "programs", mark);
        Directory.CreateDirectory(Path.GetDirectoryName(file)!);
        File.WriteAllText(file, $"#!/bin/sh\n: > '{Path.Combine(_marks, mark)}'\ncat\n");
        TestRepository.MakeExecutable(file);
        return file;
    }

    private void Plain(string folder, params string[] arguments) => _git.TryGit(["-C", folder, .. arguments]).ExitCode.Should().Be(0);
}
