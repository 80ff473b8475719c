using System.Text;
using LoopOrchestrator.Core.Tests.Git;

namespace LoopOrchestrator.Core.Tests.Checkpoints;

/// <summary>The states in which a user may have left a repository when a run begins, each with files that a run then changes.</summary>
internal static class UserStates
{
    /// <summary>All of them, by name.</summary>
    public static readonly IReadOnlyDictionary<string, Func<GitSandbox>> All = new Dictionary<string, Func<GitSandbox>>(
        StringComparer.Ordinal
    )
    {
        ["clean"] = static () => GitSandbox.Committed(Files),
        ["staged"] = static () =>
            With(static s =>
            {
                s.Write("tracked.txt", "staged\n");
                s.Git("add", "tracked.txt");
                s.Git("rm", "-q", "removed.txt");
                s.Write("new.txt", "new\n");
                s.Git("add", "new.txt");
            }),
        ["unstaged"] = static () =>
            With(static s =>
            {
                s.Write("tracked.txt", "not staged\n");
                s.Delete("removed.txt");
            }),
        ["staged and unstaged"] = static () =>
            With(static s =>
            {
                s.Write("tracked.txt", "staged\n");
                s.Git("add", "tracked.txt");
                s.Write("tracked.txt", "and then changed\n");
            }),
        ["removed from the index only"] = static () => With(static s => s.Git("rm", "-q", "--cached", "tracked.txt")),
        ["intent to add"] = static () =>
            With(static s =>
            {
                s.Write("intended.txt", "later\n");
                s.Git("add", "-N", "intended.txt");
            }),
        ["untracked"] = static () =>
            With(static s =>
            {
                s.Write("loose.txt", "mine\n");
                s.Write("folder/loose.txt", "mine\n");
            }),
        ["ignored"] = static () =>
            With(static s =>
            {
                s.Write(".env", "SECRET=1\n");
                s.Write("build/out.bin", "built\n");
                s.Write("src/x.log", "logged\n");
            }),
        ["tracked though ignored"] = static () =>
            With(static s =>
            {
                s.Write("build/kept.txt", "kept\n");
                s.Git("add", "-f", "build/kept.txt");
                s.Git("commit", "-q", "-m", "kept");
                s.Write("build/kept.txt", "changed\n");
            }),
        ["ignored by the repository's own list"] = static () =>
            With(static s =>
            {
                File.AppendAllText(Path.Combine(s.Top, ".git", "info", "exclude"), "private.txt\n");
                s.Write("private.txt", "mine\n");
            }),
        ["stash"] = static () =>
            With(static s =>
            {
                s.Write("tracked.txt", "put away\n");
                s.Git("stash");
                s.Write("tracked.txt", "another\n");
            }),
        ["merge with conflicts"] = static () =>
            With(static s =>
            {
                Diverge(s);
                s.TryGit("merge", "side");
                s.Write("loose.txt", "mine\n");
            }),
        ["rebase stopped by a conflict"] = static () =>
            With(static s =>
            {
                Diverge(s);
                s.TryGit("rebase", "side");
            }),
        ["rebase stopped to edit"] = static () =>
            With(static s =>
            {
                s.Write("tracked.txt", "second\n");
                s.Commit("second");
                s.Git("-c", "sequence.editor=sed -i.bak s/^pick/edit/", "rebase", "-q", "-i", "HEAD~1");
                s.Write("tracked.txt", "amending\n");
            }),
        ["cherry-pick stopped"] = static () =>
            With(static s =>
            {
                Diverge(s);
                s.TryGit("cherry-pick", "side");
            }),
        ["bisect"] = static () =>
            With(static s =>
            {
                s.Commit("second");
                s.Commit("third");
                s.Git("bisect", "start", "HEAD", "HEAD~2");
            }),
        ["detached HEAD"] = static () =>
            With(static s =>
            {
                s.Commit("second");
                s.Git("checkout", "-q", "HEAD~1");
                s.Write("tracked.txt", "on no branch\n");
            }),
        ["branch without a commit"] = static () =>
        {
            var s = new GitSandbox();
            Files(s);
            s.Git("add", "tracked.txt");
            return s;
        },
        ["empty repository"] = static () => new GitSandbox(),
        ["orphan branch over old files"] = static () => With(static s => s.Git("checkout", "-q", "--orphan", "fresh")),
        ["submodule"] = static () => With(WithSubmodule),
        ["repository inside, not added"] = static () =>
            With(static s =>
            {
                Directory.CreateDirectory(s.Path("inner"));
                GitFixture.Init(s.Path("inner"));
                s.Write("inner/file.txt", "inner\n");
            }),
        ["workspace in a folder"] = static () =>
        {
            var s = new GitSandbox("a folder/work [1]");
            File.WriteAllText(Path.Combine(s.Top, "outside.txt"), "outside\n");
            Files(s);
            GitSandbox.GitIn(s.Top, "add", "-A");
            s.Git("commit", "-q", "-m", "first");
            File.WriteAllText(Path.Combine(s.Top, "outside.txt"), "changed outside\n");
            return s;
        },
        ["linked work tree"] = static () => With(static s => s.Git("worktree", "add", "-q", s.Beside("linked"))),
        ["odd names"] = static () =>
            With(static s =>
                s.Shell(
                    "mkdir -p 'with space' && printf a > 'with space/a b' && printf b > '-dash' && printf c > "
                        + "'line\nbreak' && printf d > 'grün ☃' && printf e > \"$(printf 'bytes\\377\\001')\" && printf f > "
                        + "'quote\"back\\slash' && printf g > ':(top)magic' && printf h > 'star*' && printf i > '#hash' "
                        + "&& printf j > '!bang'"
                )
            ),
        ["links"] = static () =>
            With(static s =>
            {
                s.Shell(
                    "ln -s tracked.txt link && ln -s nowhere broken && ln -s / root && ln -s src folderlink && ln -s ../outside.txt out"
                );
                s.Git("add", "link");
            }),
        ["executable"] = static () =>
            With(static s =>
            {
                s.Write("run.sh", "#!/bin/sh\n");
                s.Shell("chmod 755 run.sh && chmod 600 tracked.txt");
            }),
        ["modes not seen by git"] = static () =>
            With(static s =>
            {
                s.Git("config", "core.fileMode", "false");
                s.Write("run.sh", "#!/bin/sh\n");
                s.Shell("chmod 755 run.sh");
            }),
        ["line ends by setting"] = static () =>
            With(static s =>
            {
                s.Git("config", "core.autocrlf", "true");
                s.Write("crlf.txt", "a\r\nb\r\n");
                s.Write("mixed.txt", "a\r\nb\n");
                s.Git("add", "crlf.txt");
                s.Git("commit", "-q", "-m", "crlf");
                s.Write("crlf.txt", "a\r\nc\r\n");
            }),
        ["line ends by attribute"] = static () =>
            With(static s =>
            {
                s.Write(".gitattributes", "*.txt text eol=crlf\n*.lf text eol=lf\n*.id ident\n*.utf16 text working-tree-encoding=UTF-16\n");
                s.Write("a.lf", "a\nb\n");
                s.Write("a.id", "$Id$\n");
                s.Write("a.utf16", Encoding.Unicode.GetPreamble().Concat(Encoding.Unicode.GetBytes("wide\n")).ToArray());
                s.Commit();
                s.Write("a.lf", "a\r\nb\r\n");
                s.Write("b.txt", "only\nlf\n");
            }),
        ["filter"] = static () =>
            With(static s =>
            {
                s.Git("config", "filter.upper.clean", "tr a-z A-Z");
                s.Git("config", "filter.upper.smudge", "tr A-Z a-z");
                s.Git("config", "filter.upper.required", "true");
                s.Write(".gitattributes", "*.up filter=upper\n");
                s.Write("a.up", "lower\n");
                s.Commit();
                s.Write("a.up", "Mixed Case\n");
            }),
        ["filter that fails"] = static () =>
            With(static s =>
            {
                s.Write(".gitattributes", "*.dat filter=broken\n");
                s.Commit();
                s.Git("config", "filter.broken.clean", "false");
                s.Git("config", "filter.broken.required", "true");
                s.Write("a.dat", "data\n");
            }),
        ["large and binary"] = static () =>
            With(static s =>
            {
                var bytes = new byte[40 << 20];
                new Random(7).NextBytes(bytes);
                s.Write("large.bin", bytes);
                s.Write("zero.bin", new byte[1 << 20]);
            }),
        ["sparse"] = static () =>
            With(static s =>
            {
                s.Git("sparse-checkout", "set", "--no-cone", "/*", "!/src/");
            }),
        ["kept from git's sight"] = static () =>
            With(static s =>
            {
                s.Git("update-index", "--assume-unchanged", "tracked.txt");
                s.Git("update-index", "--skip-worktree", "src/code.cs");
                s.Write("tracked.txt", "hidden change\n");
                s.Write("src/code.cs", "hidden as well\n");
            }),
        ["split index"] = static () =>
            With(static s =>
            {
                s.Git("config", "core.splitIndex", "true");
                s.Git("update-index", "--split-index");
                s.Write("tracked.txt", "changed\n");
                s.Git("add", "tracked.txt");
            }),
        ["sha256"] = static () =>
        {
            var s = new GitSandbox();
            Directory.Delete(Path.Combine(s.Top, ".git"), recursive: true);
            s.Git("init", "-q", "-b", "main", "--object-format=sha256");
            Files(s);
            s.Commit();
            s.Write("loose.txt", "mine\n");
            return s;
        },
        ["empty folders"] = static () =>
            With(static s =>
            {
                Directory.CreateDirectory(s.Path("empty/deeper"));
                Directory.CreateDirectory(s.Path("src/hollow"));
            }),
        ["our files"] = static () =>
            With(static s =>
            {
                s.Write("TODO.md", "# Plan\n");
                s.Write("persistent-memory.md", "# Memory\n");
                s.Write("task_timing.tsv", "a\tb\n");
                s.Write("schedules.json", "{}\n");
            }),
    };

    private static GitSandbox With(Action<GitSandbox> change)
    {
        var sandbox = GitSandbox.Committed(Files);
        change(sandbox);
        return sandbox;
    }

    private static void Files(GitSandbox sandbox)
    {
        sandbox.Write(".gitignore", ".loop/\n.env\nbuild/\n*.log\n");
        sandbox.Write("tracked.txt", "one\ntwo\nthree\n");
        sandbox.Write("removed.txt", "here\n");
        sandbox.Write("src/code.cs", "class A;\n");
        sandbox.Write("src/deep/more.cs", "class B;\n");
    }

    private static void Diverge(GitSandbox sandbox)
    {
        sandbox.Git("checkout", "-q", "-b", "side");
        sandbox.Write("tracked.txt", "theirs\n");
        sandbox.Commit("theirs");
        sandbox.Git("checkout", "-q", "main");
        sandbox.Write("tracked.txt", "ours\n");
        sandbox.Commit("ours");
    }

    private static void WithSubmodule(GitSandbox sandbox)
    {
        var other = sandbox.Beside("other");
        Directory.CreateDirectory(other);
        GitFixture.Init(other);
        File.WriteAllText(Path.Combine(other, "inner.txt"), "inner\n");
        GitSandbox.GitIn(other, "add", "-A");
        GitSandbox.GitIn(other, "commit", "-q", "-m", "inner");
        sandbox.Git("-c", "protocol.file.allow=always", "submodule", "--quiet", "add", other, "module");
        sandbox.Commit("with a module");
        sandbox.Write("module/inner.txt", "changed inside, not committed\n");
        sandbox.Write("module/loose.txt", "mine\n");
    }
}
