using System.Text.Json;
using LoopOrchestrator.Core.Clients;
using LoopOrchestrator.Core.Errors;

namespace LoopOrchestrator.Core.Tests.Clients;

/// <summary>An entry in a client's file: put in beside what is there, changed, and taken out.</summary>
public sealed class ClientSetupTests : IDisposable
{
    private const string Json =
        "{\n  // mine\n  \"theme\": \"dark\", /* and */\n  \"KEY\": {\n    \"other\": { \"command\": \"x\", \"env\": { \"TOKEN\": \"secret\" } },\n  },\n  \"z\": [1, 2.50, \"\\u00e9\"],\n}\n";
    private const string Toml =
        "# mine\nmodel = \"o3\" # the best\n\n[mcp_servers.other]\ncommand = 'x'\nargs = [\n  \"a\", # one\n]\n\n"
        + "[profiles.\"a b\"]\nd = 1979-05-27 07:32:00\n";

    private readonly ClientFixture _test = new();

    public static TheoryData<string> Clients => [.. ClientSetup.Names];

    public void Dispose() => _test.Dispose();

    [Theory]
    [MemberData(nameof(Clients))]
    public void Install_AnyFile_AddsTheEntryOnceAndUninstallBringsEveryByteBack(string client)
    {
        var known = McpClients.All.Single(one => one.Id == client);
        var path = _test.FileOf(client);
        foreach (var text in known.IsToml ? TomlTexts() : JsonTexts(known.Container))
        {
            ClientFixture.Write(path, text);

            var plan = _test.Install(client);

            plan.Changes[0].Action.Should().Be("change");
            var installed = ClientFixture.Read(path);
            installed.Should().NotBe(text);
            ClientFixture.Read(plan.Changes[0].Backup!).Should().Be(text);
            _test.Setup.ReadBack(client, ClientScope.User).Should().BeEquivalentTo(_test.Server);
            Assert.True(string.IsNullOrWhiteSpace(text) || HasAllOf(installed, text), $"something was taken away:\n{installed}");
            _test.Install(client).IsNone.Should().BeTrue("a second time there is nothing to do");
            ClientFixture.Read(path).Should().Be(installed);
            _test.Uninstall(client).Changes[0].Action.Should().Be("restore");
            ClientFixture.Read(path).Should().Be(text);
            _test.Uninstall(client).IsNone.Should().BeTrue();
        }
    }

    [Fact]
    public void OfWorkspace_BesideEntriesOfOthers_TakesOnlyThoseThatNameThisOne()
    {
        var elsewhere = ClientFixture.Started(Path.Combine(_test.Root, "elsewhere"));
        _test.Install("claude", server: elsewhere);
        _test.Install("cursor", ClientScope.Project, elsewhere);
        _test.Install("gemini");
        _test.Install("claude", ClientScope.Project);
        _test.Install(
            "vscode",
            ClientScope.Project,
            new ClientServer { Command = ["loop-orchestrator", "--mode", "stdio", "--workspace", "${workspaceFolder}"] }
        );
        _test.Install("qwen", ClientScope.Project, new ClientServer { Command = ["loop-orchestrator", "--mode", "stdio"] });
        var kept = Directory.GetFiles(Path.Combine(_test.Home, ".claude"), "*", SearchOption.AllDirectories);

        foreach (var plan in _test.Setup.OfWorkspace())
        {
            _test.Setup.Apply(plan);
        }

        _test.Setup.ReadBack("claude", ClientScope.User).Should().BeEquivalentTo(elsewhere);
        _test.Setup.ReadBack("cursor", ClientScope.Project).Should().BeEquivalentTo(elsewhere);
        kept.Should().NotBeEmpty().And.OnlyContain(static file => File.Exists(file), "it is what the entry that stays needs");
        _test.Setup.ReadBack("gemini", ClientScope.User).Should().BeNull();
        foreach (var client in (string[])["claude", "vscode", "qwen"])
        {
            _test.Setup.ReadBack(client, ClientScope.Project).Should().BeNull(client);
        }
    }

    [Theory]
    [MemberData(nameof(Clients))]
    public void Uninstall_FileThatWasNotThere_TakesItAwayWithItsFolders(string client)
    {
        var before = Directory.GetFileSystemEntries(_test.Home);

        _test.Install(client).Changes.Should().OnlyContain(static change => change.Action == "create");
        _test.Setup.ReadBack(client, ClientScope.User).Should().BeEquivalentTo(_test.Server);
        _test.Uninstall(client);

        Directory
            .GetFileSystemEntries(_test.Home)
            .Except([Path.Combine(_test.Home, ".config")], StringComparer.Ordinal)
            .Should()
            .BeEquivalentTo(before);
    }

    [Theory]
    [MemberData(nameof(Clients))]
    public void Uninstall_FileThatWasChangedSince_TakesOutTheEntryOnly(string client)
    {
        var known = McpClients.All.Single(one => one.Id == client);
        var path = _test.FileOf(client);
        var text = known.IsToml ? Toml : Json.Replace("KEY", known.Container, StringComparison.Ordinal);
        ClientFixture.Write(path, text);
        _test.Install(client);
        ClientFixture.Write(path, ClientFixture.Read(path).Replace("mine", "mine, and changed", StringComparison.Ordinal));

        var plan = _test.Uninstall(client);

        ClientFixture.Read(path).Should().Be(text.Replace("mine", "mine, and changed", StringComparison.Ordinal));
        plan.Notes.Should().ContainSingle().Which.Should().Contain("was changed since");
    }

    [Theory]
    [MemberData(nameof(Clients))]
    public void Install_OurEntryWithAnotherWorkspace_IsChangedAndWhatItsUserAddedStays(string client)
    {
        var known = McpClients.All.Single(one => one.Id == client);
        var path = _test.FileOf(client);
        _test.Install(client);
        var mine = known.IsToml
            ? "startup_timeout_sec = 99\nenabled_tools = [\"a\"]"
            : "\"autoApprove\": [\"get_status\"], \"timeout\": 99,";
        ClientFixture.Write(
            path,
            known.IsToml
                ? ClientFixture.Read(path).Replace("startup_timeout_sec = 30", mine, StringComparison.Ordinal)
                : ClientFixture
                    .Read(path)
                    .Replace("\"timeout\": 120", "\"unused\": 0", StringComparison.Ordinal)
                    .Replace("\"loop\": {", "\"loop\": { " + mine, StringComparison.Ordinal)
        );

        var other = ClientFixture.Started("/elsewhere");
        var plan = _test.Install(client, server: other);

        _test.Setup.ReadBack(client, ClientScope.User).Should().BeEquivalentTo(other);
        ClientFixture.Read(path).Should().Contain("99").And.Contain(known.IsToml ? "enabled_tools" : "autoApprove");
        plan.Notes.Should().Contain(note => note.Contains($"served {_test.Workspace.Root} until now", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("\n")]
    [InlineData("\r\n")]
    public void Install_OurEntryOfCodexWithCommentsAndHeaders_KeepsThem(string newLine)
    {
        var path = _test.FileOf("codex");
        _test.Install("codex");
        var before =
            ClientFixture.Read(path).Replace("args =", "# which workspace\nargs =", StringComparison.Ordinal).TrimEnd('\n')
            + " # long\n\nhttp_headers = { \"X-A\" = \"1\" } # mine\n# kept, too\nenv_http_headers = { \"X-B\" = \"B\" }\n"
            + "\n[mcp_servers.loop.tools.get_status]\nenabled = true # yes\n\n[other]\na = 1 # one\n";
        ClientFixture.Write(path, before.Replace("\n", newLine, StringComparison.Ordinal));

        _test.Install("codex", server: ClientFixture.Started("/elsewhere"));

        ClientFixture
            .Read(path)
            .Should()
            .Be(
                before
                    .Replace(_test.Workspace.Root, "/elsewhere", StringComparison.Ordinal)
                    .Replace("\n", newLine, StringComparison.Ordinal)
            );

        // To an address and back: only what says how the server is reached is different.
        _test.Install("codex", server: new ClientServer { Url = "http://127.0.0.1:8080/mcp", TokenVariable = "LOOP_TOKEN" });
        ClientFixture
            .Read(path)
            .Should()
            .Contain("# which workspace")
            .And.Contain("http_headers = { \"X-A\" = \"1\" } # mine")
            .And.Contain("env_http_headers = { \"X-B\" = \"B\" }")
            .And.Contain("url = \"http://127.0.0.1:8080/mcp\"")
            .And.NotContain("args =");
    }

    [Fact]
    public void Install_EnvironmentOfCodexInATableOfItsOwn_KeepsItsComments()
    {
        var path = _test.FileOf("codex");
        ClientFixture.Write(
            path,
            "[mcp_servers.loop]\ncommand = \"/opt/loop/loop-orchestrator\"\nargs = [\"--mode\", \"stdio\", \"--workspace\", \"/old\"]\n\n"
                + "[mcp_servers.loop.env]\n# the proxy\nPROXY = \"http://p\" # here\n"
        );

        _test.Install("codex");

        ClientFixture.Read(path).Should().Contain("# the proxy").And.Contain("PROXY").And.Contain("XDG_CONFIG_HOME");
        _test.Setup.ReadBack("codex", ClientScope.User)!.Environment.Should().ContainKeys("PROXY", "XDG_CONFIG_HOME");
    }

    [Fact]
    public void Install_ForCodex_RequiresTheServerInAProjectOnly()
    {
        ClientFixture.Read(_test.Install("codex").Changes[0].Path).Should().NotContain("required");
        ClientFixture.Read(_test.Install("codex", ClientScope.Project).Changes[0].Path).Should().Contain("required = true");

        var path = _test.FileOf("codex");
        ClientFixture.Write(
            path,
            ClientFixture.Read(path).Replace("startup_timeout_sec", "required = true\nstartup_timeout_sec", StringComparison.Ordinal)
        );
        _test.Install("codex", server: ClientFixture.Started("/elsewhere"));
        ClientFixture.Read(path).Should().Contain("required = true", "what its user wrote stays");
    }

    [Fact]
    public void Uninstall_AfterAChangeOfOurs_StillBringsTheFirstBytesBack()
    {
        var path = _test.FileOf("cursor");
        ClientFixture.Write(path, "{\"a\":1}");
        _test.Install("cursor");
        _test.Install("cursor", server: ClientFixture.Started("/elsewhere"));

        _test.Uninstall("cursor").Changes[0].Action.Should().Be("restore");

        ClientFixture.Read(path).Should().Be("{\"a\":1}");
    }

    [Theory]
    [InlineData("claude", "{\"mcpServers\":{\"loop\":{\"command\":\"npx\",\"args\":[\"x\",\"/repos/loop-orchestrator\"]}}}")]
    [InlineData("codex", "[mcp_servers.loop]\nurl = \"https://example.org/mcp\"\n")]
    [InlineData("codex", "mcp_servers.loop.command = \"npx\"\n")]
    public void Install_EntryOfSomebodyElse_IsRefusedUntilItMayBeReplaced(string client, string text)
    {
        var path = _test.FileOf(client);
        ClientFixture.Write(path, text);

        var install = () => _test.Install(client);
        var uninstall = () => _test.Uninstall(client);

        install.Should().Throw<UserErrorException>().WithMessage($"*{path}*line 1*not this server's*--replace*");
        uninstall.Should().Throw<UserErrorException>().WithMessage("*not this server's*");
        ClientFixture.Read(path).Should().Be(text);
        if (!text.StartsWith("mcp_servers.", StringComparison.Ordinal))
        {
            _test.Install(client, replaces: true);
            _test.Setup.ReadBack(client, ClientScope.User).Should().BeEquivalentTo(_test.Server);
            _test.Uninstall(client).Changes[0].Action.Should().Be("restore", "also an entry of somebody else comes back");
            ClientFixture.Read(path).Should().Be(text);
        }
    }

    [Theory]
    [InlineData("claude", "{\n  \"a\": 1,\n  oops\n}\n", ":3:3: error: ")]
    [InlineData("claude", "[]\n", ":1:1: error: ")]
    [InlineData("claude", "{\"mcpServers\": []}\n", ":1:16: error: ")]
    [InlineData("codex", "a = 1\nb = oops\n", ":2:5: error: ")]
    [InlineData("codex", "[a]\nx = \"y\n", ":2:5: error: ")]
    [InlineData("codex", "[a]\n[a]\n", ":2:1: error: ")]
    [InlineData("codex", "mcp_servers = { other = { command = \"x\" } }\n", "beside the entry")]
    public void Install_FileThatCannotBeRead_IsLeftAloneAndItsPlaceTold(string client, string text, string place)
    {
        var path = _test.FileOf(client);
        ClientFixture.Write(path, text);

        var install = () => _test.Install(client);

        install.Should().Throw<UserErrorException>().Which.Message.Should().Contain(path).And.Contain(place);
        ClientFixture.Read(path).Should().Be(text);
        Directory.Exists(_test.Records).Should().BeFalse();
    }

    [Fact]
    public void Install_FileThatIsALink_ChangesItsTargetAndTheLinkStays()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Links need a privilege there.");
        var target = Path.Combine(_test.Root, "dotfiles", "cursor.json");
        ClientFixture.Write(target, "{\n\t\"a\": 1\n}\n");
        var path = _test.FileOf("cursor");
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.CreateSymbolicLink(path, target);

        var change = _test.Install("cursor").Changes[0];

        change.Target.Should().Be(target);
        new FileInfo(path).LinkTarget.Should().Be(target);
        ClientFixture.Read(target).Should().Contain("\n\t\"mcpServers\": {\n\t\t\"loop\": {");
        _test.Uninstall("cursor");
        new FileInfo(path).LinkTarget.Should().Be(target);
        ClientFixture.Read(target).Should().Be("{\n\t\"a\": 1\n}\n");
    }

    [Fact]
    public void Install_ProjectFileThatLinksOutside_IsRefused()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Links need a privilege there.");
        var outside = Path.Combine(_test.Home, "own.json");
        ClientFixture.Write(outside, "{}");
        File.CreateSymbolicLink(Path.Combine(_test.Workspace.Root, ".mcp.json"), outside);
        File.CreateSymbolicLink(Path.Combine(_test.Workspace.Root, ".cursor"), _test.Home);

        foreach (var client in new[] { "claude", "cursor" })
        {
            var install = () => _test.Install(client, ClientScope.Project);
            install.Should().Throw<UserErrorException>().WithMessage("*outside the workspace*");
        }

        ClientFixture.Read(outside).Should().Be("{}");
        File.Exists(Path.Combine(_test.Home, "mcp.json")).Should().BeFalse();
    }

    [Fact]
    public void Apply_FileThatWasChangedAfterThePlan_WritesNothing()
    {
        var path = _test.FileOf("claude");
        ClientFixture.Write(path, "{}");
        var plan = _test.Setup.Install("claude", ClientScope.User, _test.Server, replaces: false);
        ClientFixture.Write(path, "{ }");

        var apply = () => _test.Setup.Apply(plan);

        apply.Should().Throw<UserErrorException>().WithMessage("*changed by another program*");
        ClientFixture.Read(path).Should().Be("{ }");
    }

    [Theory]
    [MemberData(nameof(Clients))]
    public void Install_AnAddressWithAToken_HasItsVariableAndNeverTheToken(string client)
    {
        var known = McpClients.All.Single(one => one.Id == client);
        var server = new ClientServer { Url = "http://127.0.0.1:8080/mcp", TokenVariable = "LOOP_TOKEN" };
        if (known.HttpRefusal is not null || known.TokenRefusal is not null)
        {
            var install = () => _test.Install(client, server: server);
            install.Should().Throw<UserErrorException>().WithMessage("*cannot be given an address*");
            return;
        }

        var path = _test.Install(client, server: server).Changes[0].Path;

        var text = ClientFixture.Read(path);
        var reference = client switch
        {
            "codex" => "bearer_token_env_var = \"LOOP_TOKEN\"",
            "vscode" => "\"Authorization\": \"Bearer ${input:loop-token}\"",
            "cursor" => "\"Authorization\": \"Bearer ${env:LOOP_TOKEN}\"",
            "opencode" or "kilo" => "\"Authorization\": \"Bearer {env:LOOP_TOKEN}\"",
            _ => "\"Authorization\": \"Bearer ${LOOP_TOKEN}\"",
        };
        text.Should().Contain(reference).And.Contain("http://127.0.0.1:8080/mcp").And.NotContain("command");
        (client == "vscode").Should().Be(text.Contains("\"password\": true", StringComparison.Ordinal));
        _test.Install(client, server: server).IsNone.Should().BeTrue();

        // From there to a command and back: nothing of the other way is left.
        _test.Install(client);
        ClientFixture.Read(path).Should().NotContain("8080").And.NotContain("Bearer").And.NotContain("bearer");
        _test.Install(client, server: server);
        ClientFixture.Read(path).Should().NotContain("--mode");
        _test.Uninstall(client);
        File.Exists(path).Should().BeFalse();
    }

    [Fact]
    public void Uninstall_OfVsCodeAfterAChange_TakesTheQuestionForTheTokenOutToo()
    {
        var path = _test.FileOf("vscode");
        const string Text = "{\r\n  \"inputs\": [\r\n    { \"id\": \"mine\" }\r\n  ],\r\n  \"servers\": {}\r\n}\r\n";
        ClientFixture.Write(path, Text);
        _test.Install("vscode", server: new ClientServer { Url = "http://127.0.0.1:8080/mcp", TokenVariable = "LOOP_TOKEN" });
        ClientFixture.Write(path, ClientFixture.Read(path).Replace("mine", "yours", StringComparison.Ordinal));

        _test.Uninstall("vscode");

        ClientFixture.Read(path).Should().Be(Text.Replace("mine", "yours", StringComparison.Ordinal));
    }

    [Fact]
    public void Install_ForClaudeCode_WritesTheSkillAndLeavesOneThatIsNotOurs()
    {
        var skill = Path.Combine(_test.Home, ".claude", "skills", "loop", "SKILL.md");

        _test.Install("claude");
        ClientFixture.Read(skill).Should().StartWith("---\nname: loop\n").And.Contain("`lease_token`").And.Contain("`complete_run`");
        ClientFixture.Write(skill, "my own");
        _test.Install("claude").Notes.Should().Contain(note => note.Contains(skill, StringComparison.Ordinal));
        _test.Uninstall("claude").Notes.Should().Contain(note => note.Contains(skill, StringComparison.Ordinal));

        ClientFixture.Read(skill).Should().Be("my own");
        _test.Install("claude", ClientScope.Project);
        File.Exists(Path.Combine(_test.Workspace.Root, ".claude", "skills", "loop", "SKILL.md")).Should().BeTrue();
        File.Exists(Path.Combine(_test.Workspace.Root, ".mcp.json")).Should().BeTrue();
    }

    [Fact]
    public void Install_ForClineWithItsExtension_ChangesBothFiles()
    {
        var also = Path.Combine(_test.Home, ".config/Code/User/globalStorage/saoudrizwan.claude-dev/settings/cline_mcp_settings.json");
        ClientFixture.Write(also, "{\"mcpServers\":{}}");

        _test.Install("cline").Changes.Should().HaveCount(2);

        using var document = JsonDocument.Parse(ClientFixture.Read(also));
        document.RootElement.GetProperty("mcpServers").GetProperty("loop").GetProperty("timeout").GetInt32().Should().Be(120);
    }

    [Fact]
    public void Install_ProjectScopeWhereAClientHasNone_SaysSo()
    {
        foreach (var client in new[] { "cline", "claude-desktop" })
        {
            var install = () => _test.Install(client, ClientScope.Project);
            install.Should().Throw<UserErrorException>().WithMessage("*no servers from a project's folder*");
        }
    }

    [Fact]
    public void Install_WhatItReplaces_IsForItsUserAlone()
    {
        if (OperatingSystem.IsWindows())
        {
            Assert.Skip("There are no POSIX permissions there.");
            return;
        }

        ClientFixture.Write(_test.FileOf("claude"), "{}");

        var backup = _test.Install("claude").Changes[0].Backup!;

        File.GetUnixFileMode(backup).Should().Be(UnixFileMode.UserRead | UnixFileMode.UserWrite);
        (File.GetUnixFileMode(_test.Records) & (UnixFileMode.GroupRead | UnixFileMode.OtherRead)).Should().Be(UnixFileMode.None);
    }

    [Fact]
    public void Difference_OfAChange_ShowsNothingOfWhatStandsBesideIt()
    {
        var path = _test.FileOf("claude");
        var line = $"{{\"mcpServers\":{{\"other\":{{\"env\":{{\"TOKEN\":\"secret\"}}}}}},\"long\":\"{new string('x', 300)}\"}}";
        foreach (var text in new[] { Json.Replace("KEY", "mcpServers", StringComparison.Ordinal), line })
        {
            ClientFixture.Write(path, text);

            var plan = _test.Setup.Install("claude", ClientScope.User, _test.Server, replaces: false);
            var shown = string.Join('\n', plan.Changes[0].Difference);

            shown.Should().Contain("/opt/loop/loop-orchestrator").And.NotContain("secret").And.NotContain(new string('x', 20));
        }
    }

    [Fact]
    public void Difference_OfAWayBackInTwoPlaces_ShowsNothingOfWhatStandsBetween()
    {
        var server = new ClientServer { Url = "http://127.0.0.1:8080/mcp", TokenVariable = "LOOP_TOKEN" };
        ClientFixture.Write(
            _test.FileOf("vscode"),
            "{\n  \"inputs\": [],\n  \"middle\": {\n    \"TOKEN\": \"secret\"\n  },\n  \"servers\": {}\n}\n"
        );
        _test.Install("vscode", server: server);

        var plan = _test.Setup.Uninstall("vscode", ClientScope.User);

        plan.Changes[0].Action.Should().Be("restore");
        string.Join('\n', plan.Changes[0].Difference).Should().Contain("8080").And.Contain("inputs").And.NotContain("secret");
    }

    [Fact]
    public void Uninstall_WhereASecondFileOfTheClientHasComeSince_TakesTheEntryOutAllTheSame()
    {
        var names = McpClients.All.Single(static client => client.Id == "opencode").UserFiles(_test.Places());
        ClientFixture.Write(names[^1], "{}");
        _test.Install("opencode");
        ClientFixture.Write(names[0], "{}");

        _test.Install("opencode").IsNone.Should().BeTrue("the entry is there, in the other file");
        _test.Uninstall("opencode");

        ClientFixture.Read(names[^1]).Should().Be("{}");
        ClientFixture.Read(names[0]).Should().Be("{}");
    }

    [Fact]
    public void Uninstall_WithABackupThatIsNotWhatItWas_TakesOutTheEntryOnly()
    {
        var path = _test.FileOf("gemini");
        ClientFixture.Write(path, "{ \"theme\": \"dark\" }");
        var backup = _test.Install("gemini").Changes[0].Backup!;
        File.WriteAllText(backup, "");

        _test.Uninstall("gemini").Changes[0].Action.Should().Be("change");

        ClientFixture.Read(path).Should().Contain("\"theme\": \"dark\"").And.NotContain("loop");
    }

    [Fact]
    public void Apply_SecondChangeThatIsNotWritten_LeavesTheWayBackOfTheFirst()
    {
        const string Before = "{ \"theme\": \"dark\" }";
        var path = _test.FileOf("gemini");
        ClientFixture.Write(path, Before);
        _test.Install("gemini");
        var installed = ClientFixture.Read(path);
        var other = _test.Server with { Command = ["/opt/loop/loop-orchestrator", "--mode", "stdio", "--workspace", "/elsewhere"] };
        var plan = _test.Setup.Install("gemini", ClientScope.User, other, replaces: true);
        ClientFixture.Write(path, installed + " ");
        var apply = () => _test.Setup.Apply(plan);
        apply.Should().Throw<UserErrorException>().WithMessage("*was changed by another program*");
        ClientFixture.Write(path, installed);

        _test.Uninstall("gemini").Changes[0].Action.Should().Be("restore");

        ClientFixture.Read(path).Should().Be(Before);
    }

    [Fact]
    public void Examine_EntriesOfOurs_TellsWhatIsNotThereAnyMore()
    {
        var program = Path.Combine(_test.Home, "loop-orchestrator");
        ClientFixture.Write(program, "");
        _test.Install("codex", server: new ClientServer { Command = [program, "--workspace", _test.Workspace.Root] });
        _test.Setup.Examine().Should().BeEmpty();

        _test.Install("cursor", server: new ClientServer { Command = [program, "--workspace", "/gone/workspace"] });
        _test.Install("gemini", ClientScope.Project, new ClientServer { Command = ["/gone/loop-orchestrator"] });
        _test.Install("qwen", server: new ClientServer { Command = ["dotnet", "/gone/loop-orchestrator.dll"] });
        ClientFixture.Write(_test.FileOf("kilo"), "{ broken");

        _test
            .Setup.Examine()
            .Should()
            .SatisfyRespectively(
                static one => one.Should().Contain("Cursor").And.Contain("serves /gone/workspace").And.Contain("install cursor'"),
                static one =>
                    one.Should().Contain("Gemini CLI").And.Contain("starts /gone/loop-orchestrator").And.Contain("--scope project"),
                static one => one.Should().Contain("Qwen Code").And.Contain("/gone/loop-orchestrator.dll")
            );
    }

    // Whether every character of a text is there in its order, with more between them.
    private static bool HasAllOf(string text, string part)
    {
        var at = 0;
        foreach (var character in text)
        {
            at += at < part.Length && part[at] == character ? 1 : 0;
        }

        return at == part.Length;
    }

    private static IEnumerable<string> JsonTexts(string key)
    {
        var json = Json.Replace("KEY", key, StringComparison.Ordinal);
        return
        [
            json,
            json.TrimEnd('\n'),
            json.Replace("\n", "\r\n", StringComparison.Ordinal),
            "\uFEFF" + json,
            json.Replace("  ", "\t", StringComparison.Ordinal),
            "{}",
            "{\n}\n",
            " \n",
            $"{{\"{key}\":{{}}}}",
            $"{{\"mine\":true,\"{key}\":{{\"other\":{{}}}}}}",
            $"{{ \"{key}\": {{ /* mine */ }} }} // end",
            $"{{\n  \"{key}\": {{\n    \"a\": {{}} // mine\n  }}\n}}",
            $"{{\n  \"{key}\": {{ \"a\": {{}} }},\n  \"{key}\": {{ \"b\": 1 }}\n}}\n",
        ];
    }

    private static IEnumerable<string> TomlTexts() =>
        [
            Toml,
            Toml.TrimEnd('\n'),
            Toml.Replace("\n", "\r\n", StringComparison.Ordinal),
            "\uFEFF" + Toml,
            "",
            "# mine",
            "mcp_servers.other.command = \"x\" # mine\n",
            "text = '''\n[mcp_servers.loop]\nmine'''\n",
            "[[list]]\na = 1\n[[list]]\na = { b = [1, 2], \"c d\" = 0x1F } # mine\n",
        ];
}
