using CsCheck;
using LoopOrchestrator.Core.Commits;
using LoopOrchestrator.Core.Commits.Credentials;

namespace LoopOrchestrator.Core.Tests.Commits;

public sealed class CommitPlannerTests
{
    private static readonly CommitSettings Settings = new();

    [Theory]
    [InlineData("src/Core/Memory/Store.cs", "tests/Core.Tests/Memory/StoreTests.cs")]
    [InlineData("src/Core/Memory/Store.cs", "tests/Core.Tests/Elsewhere/StoreTests.cs")]
    [InlineData("src/Core/Memory/Store.cs", "tests/Core.Tests/Memory/OtherTests.cs")]
    [InlineData("src/app/view.ts", "src/app/view.test.ts")]
    [InlineData("packages/ui/button.tsx", "packages/ui/__tests__/button.spec.tsx")]
    [InlineData("memory/search.py", "tests/test_search.py")]
    [InlineData("pkg/store/store.go", "pkg/store/store_test.go")]
    [InlineData("app/models/user.rb", "spec/models/user_spec.rb")]
    [InlineData("src/main/java/shop/Cart.java", "src/test/java/shop/CartTest.java")]
    public void Plan_CodeAndItsTest_AreOneCommit(string code, string test) =>
        Plan(Added(code), Added(test)).Groups.Should().ContainSingle().Which.Type.Should().Be(CommitType.Feat);

    [Fact]
    public void Plan_TwoFeatures_AreTwoCommitsEachWithItsTests()
    {
        var plan = Plan(
            Added("src/Core/Timing/Log.cs"),
            Added("src/Core/Memory/Store.cs"),
            Added("tests/Core.Tests/Memory/StoreTests.cs"),
            Added("tests/Core.Tests/Timing/LogTests.cs")
        );

        plan.Groups.Select(static group => group.Subject)
            .Should()
            .Equal("feat(memory): add Store with its tests", "feat(timing): add Log with its tests");
        plan.Groups.Select(static group => group.Files.Count).Should().Equal(2, 2);
    }

    [Theory]
    [InlineData("docs: change README.md and guide.md", "README.md", "docs/guide.md")]
    [InlineData("build: change Core.csproj", "src/Core/Core.csproj")]
    [InlineData("build: change .gitignore and package-lock.json", ".gitignore", "package-lock.json")]
    [InlineData("chore(config): change .editorconfig", ".editorconfig")]
    [InlineData("chore(config): change mcp_startup.json", "mcp_startup.json")]
    [InlineData("ci: change build.yml", ".github/workflows/build.yml")]
    [InlineData("ci: change .gitlab-ci.yml", ".gitlab-ci.yml")]
    [InlineData(
        "chore(loop): change TODO.md, persistent-memory.md and task_timing.tsv",
        "task_timing.tsv",
        "TODO.md",
        "persistent-memory.md"
    )]
    [InlineData("docs: change TODO.md", "docs/TODO.md")]
    [InlineData("test(memory): change StoreTests", "tests/Core.Tests/Memory/StoreTests.cs")]
    [InlineData("chore(builtin): change code", "src/Core/Modes/BuiltIn/code.md")]
    [InlineData("docs: change README.md", "src/Core/README.md")]
    [InlineData("chore: change Latest", "Latest.cs")]
    [InlineData(
        "chore(memory): change 4 files in src/Core/Memory",
        "src/Core/Memory/A.cs",
        "src/Core/Memory/B.cs",
        "src/Core/Memory/C.cs",
        "src/Core/Memory/D.cs"
    )]
    public void Plan_ChangedFiles_AreToldForWhatTheyAre(string subject, params string[] paths)
    {
        var expected = subject.Replace("(builtin)", "(modes)", StringComparison.Ordinal);
        Plan([.. paths.Select(static path => new ChangedFile(path, ChangeKind.Modified) { Added = 1 })])
            .Groups.Should()
            .ContainSingle()
            .Which.Subject.Should()
            .Be(expected);
    }

    [Fact]
    public void Plan_OrderOfGroups_IsBuildCodeDocsCiAndTheLoopsOwnFiles() =>
        Plan(Added("TODO.md"), Added(".ci/run"), Added("README.md"), Added("tests/alone/test_x.py"), Added("src/a/x.cs"), Added("go.mod"))
            .Groups.Select(static group => group.Type)
            .Should()
            .Equal(CommitType.Build, CommitType.Feat, CommitType.Test, CommitType.Docs, CommitType.Ci, CommitType.Chore);

    [Fact]
    public void Plan_Types_ClaimNoMoreThanTheFilesTell()
    {
        TypeOf(Added("a.py"), Modified("b.py")).Should().Be(CommitType.Feat);
        TypeOf(Modified("b.py")).Should().Be(CommitType.Chore);
        TypeOf(Modified("b.py") with { IsWhitespaceOnly = true }).Should().Be(CommitType.Style);
        TypeOf(Deleted("b.py")).Should().Be(CommitType.Refactor);
        TypeOf(Deleted("b.py"), Added("c.py") with { MovedFrom = "b.py" }).Should().Be(CommitType.Refactor);
    }

    [Fact]
    public void Plan_Subjects_SayWhatHappened()
    {
        Subject(Modified("src/m/a.py"), Modified("tests/m/test_a.py")).Should().Be("chore(m): change a with its tests");
        Subject(Deleted("src/m/a.py"), Deleted("src/m/b.py")).Should().Be("refactor(m): remove a and b");
        Subject(Deleted("src/m/a.py"), Added("src/n/a.py") with { MovedFrom = "src/m/a.py" }).Should().Be("refactor(n): move a");
        Subject(Added("src/m/a.py"), Modified("src/m/b.py"), Modified("src/m/c.py"), Modified("src/m/d.py"))
            .Should()
            .Be("feat(m): add a and change 3 files");
        Subject(Modified("src/m/a.py") with { IsWhitespaceOnly = true }).Should().Be("style(m): reformat a");
        Plan(Modified("src/m/a.py") with { Added = 3, Removed = 2 })
            .Groups[0]
            .Message.Should()
            .Be("chore(m): change a\n\nCode in src/m: 1 file, +3 -2 lines.\n");
    }

    [Fact]
    public void Plan_MovedAcrossRoles_StaysTogether() =>
        Plan(Deleted("docs/prompt.md"), Added("src/m/prompt.txt") with { MovedFrom = "docs/prompt.md" })
            .Groups.Should()
            .ContainSingle()
            .Which.Files.Should()
            .HaveCount(2);

    [Fact]
    public void Plan_ManyFeatures_ArePutTogether()
    {
        Plan([.. Enumerable.Range(0, 8).Select(static number => Modified($"src/Core/F{number}/a.cs"))]).Groups.Should().HaveCount(8);
        Plan([.. Enumerable.Range(0, 9).Select(static number => Modified($"src/Core/F{number}/a.cs"))])
            .Groups.Should()
            .ContainSingle()
            .Which.Subject.Should()
            .Be("chore(core): change 9 files in src/Core");
        Plan([.. Enumerable.Range(0, 9).Select(static number => Modified($"src/P{number}/a.cs"))])
            .Groups.Should()
            .ContainSingle()
            .Which.Subject.Should()
            .Be("chore: change 9 files in src");
    }

    [Fact]
    public void Plan_Message_IsForTheCodeAsOneCommit()
    {
        var plan = Plan("fix: it\n\nwhy", Modified("src/a/x.py"), Modified("src/b/y.py"), Modified("README.md"));
        plan.Groups.Select(static group => (group.Type, group.Message))
            .Should()
            .Equal(
                (CommitType.Fix, "fix: it\n\nwhy\n"),
                (CommitType.Docs, "docs: change README.md\n\nDocumentation: 1 file, +0 -0 lines.\n")
            );

        Plan("Read it", Modified("README.md"), Modified("TODO.md"))
            .Groups.Select(static group => group.Subject)
            .Should()
            .Equal("Read it", "chore(loop): change TODO.md");
        Plan("Read it", Modified("TODO.md")).Groups.Should().ContainSingle().Which.Subject.Should().Be("chore(loop): change TODO.md");
    }

    [Fact]
    public void Plan_OnlySomeFilesAreAskedFor_LeavesTheOthersToWhoeverIsAtThem()
    {
        var plan = CommitPlanner.Plan(
            [Modified("src/m/a.py"), Modified("src/m/b.py"), Modified("TODO.md")],
            Settings,
            only: new HashSet<string>(StringComparer.Ordinal) { "src/m/a.py", "gone.py" }
        );

        plan.Groups.Select(static group => group.Subject).Should().Equal("chore(m): change a", "chore(loop): change TODO.md");
        plan.LeftOut.Should()
            .ContainSingle()
            .Which.Should()
            .Match<LeftOutFile>(static file => file.Path == "src/m/b.py" && file.Reason == LeftOutReason.NotAsked);
    }

    [Theory]
    [InlineData(".env", true)]
    [InlineData("config/.env.production", true)]
    [InlineData(".env.example", false)]
    [InlineData("prod.env", true)]
    [InlineData("keys/id_rsa", true)]
    [InlineData("keys/id_rsa.pub", false)]
    [InlineData("server.PEM", true)]
    [InlineData("cert.pfx", true)]
    [InlineData("home/.aws/credentials", true)]
    [InlineData("src/environment.cs", false)]
    [InlineData("secrets.sample.json", false)]
    public void Plan_FilesNamedLikeCredentials_AreLeftOut(string path, bool isLeftOut)
    {
        var plan = Plan(Added(path));

        plan.LeftOut.Should().HaveCount(isLeftOut ? 1 : 0);
        plan.Groups.Should().HaveCount(isLeftOut ? 0 : 1);
        Plan(Deleted(path)).Groups.Should().ContainSingle("taking one out is always good");
    }

    [Fact]
    public void Plan_AnyFiles_EachInExactlyOnePlaceWhateverTheirOrder() => FixedSample.Run(Files, 400, static files =>
        {
            var unique = files.DistinctBy(static file => file.Path, StringComparer.Ordinal).ToList();
            var plan = CommitPlanner.Plan(unique, Settings);
            var again = CommitPlanner.Plan([.. unique.AsEnumerable().Reverse()], Settings);
            var withMessage = CommitPlanner.Plan(unique, Settings, "said");
            var paths = unique.Select(static file => file.Path).Order(StringComparer.Ordinal).ToList();

            plan.Groups.SelectMany(static group => group.Files)
                .Select(static file => file.Path)
                .Concat(plan.LeftOut.Select(static file => file.Path))
                .Order(StringComparer.Ordinal)
                .Should()
                .Equal(paths);
            withMessage
                .Groups.SelectMany(static group => group.Files)
                .Select(static file => file.Path)
                .Concat(withMessage.LeftOut.Select(static file => file.Path))
                .Order(StringComparer.Ordinal)
                .Should()
                .Equal(paths);
            again.Groups.Select(Text).Should().Equal(plan.Groups.Select(Text));
            again.LeftOut.Should().Equal(plan.LeftOut);
            plan.Groups.All(static group => group.Files.Count > 0 && group.Subject.Length <= 72 && !group.Subject.Any(char.IsControl))
                .Should()
                .BeTrue();
            plan.Groups.SelectMany(static group => group.Files)
                .Any(static file => file.Path.Split('/').Contains(".loop", StringComparer.Ordinal))
                .Should()
                .BeFalse();
            foreach (
                var (from, to) in plan
                    .Groups.SelectMany(static group => group.Files)
                    .Where(static file => file.MovedFrom is not null)
                    .Select(static file => (file.MovedFrom, file.Path))
            )
            {
                Assert.Contains(plan.Groups, group =>
                    group.Files.Any(file => file.Path == from) && group.Files.Any(file => file.Path == to)
                );
            }
        });

    private static Gen<List<ChangedFile>> Files
    {
        get
        {
            var segment = FixedSample.OneOf(
                "src",
                "tests",
                "Core",
                "Core.Tests",
                "Memory",
                "docs",
                ".loop",
                ".github",
                "a very long folder name that fills a line by itself, and more of it",
                "日本"
            );
            var name = FixedSample.OneOf(
                "Store.cs",
                "StoreTests.cs",
                "test_store.py",
                "store.py",
                "README.md",
                "package.json",
                ".env",
                "TODO.md",
                "task_timing.tsv",
                "x.test.ts",
                "x.ts",
                "odd\nname.txt",
                "noextension",
                "a.b.c.d",
                ".hidden"
            );
            var path = Gen.Select(segment.List[0, 4], name, static (folders, file) => string.Join('/', folders.Append(file)));
            var file = Gen.Select(path, Gen.Int[0, 2], Gen.Int[0, 9], path, static (at, kind, chance, other) => new ChangedFile(
                    at,
                    (ChangeKind)kind
                )
            {
                Added = chance,
                MovedFrom = kind == 0 && chance < 4 ? other : null,
                Obstacle = chance == 9 ? LeftOutReason.Submodule : null,
                Credential = chance == 8 ? new CredentialFinding(1, "jwt") : null,
                Bytes = chance == 7 ? long.MaxValue : 1,
                IsWhitespaceOnly = chance == 6,
            });
            return file.List[0, 40];
        }
    }

    private static string Text(CommitGroup group) => $"{group.Message}{string.Join('|', group.Files.Select(static file => file.Path))}";

    private static CommitType TypeOf(params ChangedFile[] files) => Plan(files).Groups.Should().ContainSingle().Which.Type;

    private static string Subject(params ChangedFile[] files) => Plan(files).Groups.Should().ContainSingle().Which.Subject;

    private static CommitPlan Plan(params ChangedFile[] files) => CommitPlanner.Plan(files, Settings);

    private static CommitPlan Plan(string message, params ChangedFile[] files) => CommitPlanner.Plan(files, Settings, message);

    private static ChangedFile Added(string path) => new(path, ChangeKind.Added);

    private static ChangedFile Modified(string path) => new(path, ChangeKind.Modified);

    private static ChangedFile Deleted(string path) => new(path, ChangeKind.Deleted);
}
