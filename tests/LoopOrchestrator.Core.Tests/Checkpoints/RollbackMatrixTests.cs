namespace LoopOrchestrator.Core.Tests.Checkpoints;

/// <summary>Tries to lose work: whatever state the user left the repository in, a run and its rollback leave that very state.</summary>
public sealed class RollbackMatrixTests
{
    // Also of files whose names .NET cannot read.
    private const string Sums = "find . -name .git -prune -o -name .loop -prune -o -type f -exec cksum {} +";

    public static TheoryData<string> States => [.. UserStates.All.Keys];

    // One for each rule: index and work tree apart, ignored, an operation under way, a repository inside, a folder, names, filters.
    public static TheoryData<string> DailyStates =>
        [
            "staged and unstaged",
            "ignored",
            "merge with conflicts",
            "submodule",
            "repository inside, not added",
            "workspace in a folder",
            "odd names",
            "filter",
        ];

    // A rollback begins with two checkpoints, so what is left is what a run could not change: no commit, links, files of ours.
    public static TheoryData<string> DailyStatesUnchanged => ["branch without a commit", "links", "our files", "merge with conflicts"];

    [Theory]
    [MemberData(nameof(DailyStatesUnchanged))]
    public Task TakeAsync_ImportantState_ChangesNothingOfTheUsersAndSeesNoChange(string state) => TakeAsync(state);

    [Theory(Explicit = true)]
    [Trait("kind", "soak")]
    [MemberData(nameof(States))]
    public Task TakeAsync_AnyState_ChangesNothingOfTheUsersAndSeesNoChange(string state) => TakeAsync(state);

    [Theory]
    [MemberData(nameof(DailyStates))]
    public Task ApplyAsync_ImportantState_BringsEveryByteBack(string state) => ApplyAsync(state);

    [Theory(Explicit = true)]
    [Trait("kind", "soak")]
    [MemberData(nameof(States))]
    public Task ApplyAsync_AfterARunThatChangedEverything_BringsEveryByteBack(string state) => ApplyAsync(state);

    private static async Task TakeAsync(string state)
    {
        using var sandbox = UserStates.All[state]();
        var was = sandbox.UserState();

        var changes = await sandbox.Store.ChangesAsync(
            await sandbox.TakeAsync("run-1/before"),
            await sandbox.TakeAsync("run-1/after"),
            GitSandbox.Token
        );

        sandbox.UserState().Should().Equal(was);
        changes.IsEmpty.Should().BeTrue();
        changes.Unknown.Should().BeEmpty();
    }

    private static async Task ApplyAsync(string state)
    {
        using var sandbox = UserStates.All[state]();
        var was = sandbox.UserState();
        var bytes = sandbox.Shell(Sums);

        var result = await sandbox.RunAndRollBackAsync(ChangeEverything, withOwnFiles: true);

        result.NotDone.Should().BeEmpty();
        sandbox.UserState().Should().Equal(was);
        Lines(sandbox.Shell(Sums)).Should().Equal(Lines(bytes));
    }

    private static IEnumerable<string> Lines(string text) => text.Split('\n').Order(StringComparer.Ordinal);

    // What an agent may do to a work tree: every file that is no repository's own, not ignored and no link is written, every third is
    // deleted, names
    // of files become folders, links lead elsewhere, and there is much that is new.
    private static void ChangeEverything(GitSandbox sandbox)
    {
        sandbox.Shell(
            """
            n=0
            git ls-files -z -c -o --exclude-standard | tr '\0\n' '\n\1' | while IFS= read -r coded; do
              file=$(printf '%s' "$coded" | tr '\1' '\n')
              n=$((n + 1))
              if [ -d "$file" ] && [ ! -L "$file" ]; then continue; fi
              case $file in .gitignore|.gitattributes|.gitmodules) continue;; esac
              if [ ! -e "./$file" ] && [ ! -L "./$file" ]; then continue; fi
              case $((n % 4)) in
                0) rm -- "./$file";;
                1) rm -- "./$file"; mkdir -- "./$file"; echo inside > "./$file/inside";;
                2) rm -- "./$file"; ln -s /etc "./$file";;
                3) if [ -L "./$file" ]; then rm -- "./$file"; fi; echo changed >> "./$file"; chmod +x "./$file";;
              esac
            done
            mkdir -p made/by/run src/also
            echo new > made/by/run/file
            echo new > src/also/file
            ln -s / made/link
            """
        );
    }
}
