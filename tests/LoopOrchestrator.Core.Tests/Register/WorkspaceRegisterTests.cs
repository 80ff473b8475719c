using LoopOrchestrator.Core.Errors;
using LoopOrchestrator.Core.Register;
using LoopOrchestrator.Testing;

namespace LoopOrchestrator.Core.Tests.Register;

public sealed class WorkspaceRegisterTests : IDisposable
{
    private static readonly DateTimeOffset Now = new(2026, 11, 30, 12, 0, 0, TimeSpan.Zero);

    private readonly TemporaryFolder _folder = new();

    private string File => Path.Combine(_folder.FullPath, "settings", "workspaces.json");

    private WorkspaceRegister Register => new(File);

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Add_AName_IsFoundInAnyCaseAndKeptForItsUserAlone()
    {
        var added = await Register.AddAsync("api", Folder("a"), Now, TestContext.Current.CancellationToken);
        var again = await Register.AddAsync("api", Folder("a"), Now.AddDays(1), TestContext.Current.CancellationToken);

        (added, again).Should().Be((true, false));
        Register.Find("API").Should().Be(new RegisteredWorkspace("api", Folder("a"), Now));
        Register.Find("other").Should().BeNull();
        if (!OperatingSystem.IsWindows())
        {
            System.IO.File.GetUnixFileMode(File).Should().Be(UnixFileMode.UserRead | UnixFileMode.UserWrite);
        }
    }

    [Fact]
    public async Task Add_WhatIsTaken_IsRefusedWithWhoHasItAndChangesNothing()
    {
        await Register.AddAsync("api", Folder("a"), Now, TestContext.Current.CancellationToken);
        var link = Path.Combine(_folder.FullPath, "link");
        Directory.CreateSymbolicLink(link, Folder("a"));

        (await RefusedAsync("Api", Folder("b")))
            .Should()
            .Contain($"'api' is taken: it is {Folder("a")}")
            .And.Contain("workspace remove api");
        (await RefusedAsync("web", Folder("a"))).Should().Contain("is registered already, as 'api'");
        (await RefusedAsync("web", link)).Should().Contain($"{Folder("a")} is registered already, as 'api'");
        Register.All().Should().ContainSingle();
    }

    [Theory]
    [InlineData("")]
    [InlineData(".")]
    [InlineData("..")]
    [InlineData("a/b")]
    [InlineData("a\\b")]
    [InlineData("-a")]
    [InlineData("a b")]
    [InlineData("a\n")]
    [InlineData("ä")]
    [InlineData("all")]
    [InlineData("Default")]
    public async Task Add_WhatIsNoName_IsRefusedAndMakesNoFile(string name)
    {
        (await RefusedAsync(name, Folder("a"))).Should().Contain("Nothing was changed.");

        System.IO.File.Exists(File).Should().BeFalse();
    }

    [Fact]
    public void Refuse_ByLength_TakesSixtyFourCharacters()
    {
        WorkspaceName.Refuse(new string('a', 64)).Should().BeNull();
        WorkspaceName.Refuse(new string('a', 65)).Should().Contain("1 to 64");
    }

    [Fact]
    public async Task Remove_AndAdd_GiveAnotherName()
    {
        await Register.AddAsync("api", Folder("a"), Now, TestContext.Current.CancellationToken);
        await Register.AddAsync("web", Folder("b"), Now, TestContext.Current.CancellationToken);

        var removed = await Register.RemoveAsync("API", TestContext.Current.CancellationToken);
        await Register.AddAsync("server", Folder("a"), Now, TestContext.Current.CancellationToken);

        removed.Folder.Should().Be(Folder("a"));
        Register.All().Select(static one => one.Name).Should().Equal("web", "server");
        var unknown = async () => await Register.RemoveAsync("sever", TestContext.Current.CancellationToken);
        (await unknown.Should().ThrowAsync<UserErrorException>()).WithMessage("*'sever'; did you mean 'server'? Nothing was changed.");
    }

    [Fact]
    public async Task Add_ByManyAtOnce_LosesNone()
    {
        var names = Enumerable.Range(0, 12).Select(static number => $"w{number}").ToList();

        await Task.WhenAll(
            names.Select(name =>
                Task.Run(() => new WorkspaceRegister(File).AddAsync(name, Folder(name), Now, TestContext.Current.CancellationToken))
            )
        );

        Register.All().Select(static one => one.Name).Should().BeEquivalentTo(names);
    }

    [Theory]
    [InlineData("{", "is no register of workspaces (line 1)")]
    [InlineData("""{"version":2,"workspaces":[]}""", "has version 2, and this program knows 1")]
    [InlineData("""{"more":{},"version":2,"workspaces":{"a":"/a"}}""", "has version 2, and this program knows 1")]
    [InlineData("""{"workspaces":[]}""", "has version none, and this program knows 1")]
    [InlineData("null", "has version none, and this program knows 1")]
    [InlineData("""{"version":"1"}""", "is no register of workspaces")]
    [InlineData("""{"version":1}""", "has no 'workspaces'")]
    [InlineData("""{"version":1,"workspaces":[],"more":1}""", "is no register of workspaces")]
    [InlineData("""{"version":1,"workspaces":[{"name":"../a","folder":"/a","added":"2026-01-01T00:00:00Z"}]}""", "without a name")]
    [InlineData("""{"version":1,"workspaces":[{"name":"a","folder":"a","added":"2026-01-01T00:00:00Z"}]}""", "that is a whole path")]
    public async Task AnyUse_OfADamagedRegister_SaysWhereAndLeavesItAsItIs(string content, string expected)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(File)!);
        await System.IO.File.WriteAllTextAsync(File, content, TestContext.Current.CancellationToken);

        (await RefusedAsync("api", Folder("a"))).Should().Contain(File).And.Contain(expected).And.Contain("nothing was changed");
        var looked = () => Register.Find("api");
        looked.Should().Throw<UserErrorException>().Which.Message.Should().Contain(expected);
        (await System.IO.File.ReadAllTextAsync(File, TestContext.Current.CancellationToken)).Should().Be(content);
    }

    [Fact]
    public async Task Find_InAFileThatAnEditorHasChanged_TakesItsMarkAndItsSeparators()
    {
        Directory.CreateDirectory(Path.GetDirectoryName(File)!);
        var content = $$"""{"version":1,"workspaces":[{"name":"api","folder":"{{Folder("a")}}/","added":"2026-11-30T12:00:00Z"}]}""";
        await System.IO.File.WriteAllTextAsync(File, "\uFEFF" + content, TestContext.Current.CancellationToken);

        Register.Find("api").Should().Be(new RegisteredWorkspace("api", Folder("a"), Now));
        (await Register.AddAsync("api", Folder("a"), Now, TestContext.Current.CancellationToken)).Should().BeFalse();
    }

    private string Folder(string name) => Directory.CreateDirectory(Path.Combine(_folder.FullPath, name)).FullName;

    private async Task<string> RefusedAsync(string name, string folder)
    {
        var add = async () => await Register.AddAsync(name, folder, Now, TestContext.Current.CancellationToken);
        return (await add.Should().ThrowAsync<UserErrorException>()).Which.Message;
    }
}
