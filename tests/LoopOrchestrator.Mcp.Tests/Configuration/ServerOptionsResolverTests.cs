using LoopOrchestrator.Mcp.Configuration;
using LoopOrchestrator.Mcp.Hosting.Connections;
using LoopOrchestrator.Testing.Workspaces;

namespace LoopOrchestrator.Mcp.Tests.Configuration;

public sealed class ServerOptionsResolverTests : IDisposable
{
    private readonly TemporaryWorkspace _workspace = new();
    private readonly TemporaryWorkspace _outside = new();
    private readonly Dictionary<string, string> _environment = new(StringComparer.Ordinal);

    public void Dispose()
    {
        _workspace.Dispose();
        _outside.Dispose();
    }

    [Fact]
    public void Resolve_NothingGiven_TakesDefaults()
    {
        var configuration = Resolve();

        configuration.Problems.Should().BeEmpty();
        configuration
            .Options.Should()
            .Be(
                new ServerOptions(
                    new(TransportMode.Auto, "default"),
                    new("127.0.0.1", "default"),
                    new(8080, "default"),
                    new(_workspace.Root, "default"),
                    new(_workspace.Paths.StartupFile, "default"),
                    new(null, "default"),
                    new(null, "default"),
                    new("default", "default")
                )
            );
    }

    [Fact]
    public void Resolve_AllSources_OptionBeatsVariableBeatsFile()
    {
        _workspace.Write(
            "mcp_startup.json",
            """
            {
              // For people.
              "agents": { "claude": { "kind": "cli", "port": 1 } },
              "mode": "http", "host": "::1",
              "port": 9001,
            }
            """
        );
        _environment["LOOP_HOST"] = "localhost";
        _environment["LOOP_PORT"] = "9002";

        var options = Resolve(new CommandLineValues { Port = "9003" }).Options;

        options.Mode.Should().Be(new Sourced<TransportMode>(TransportMode.Http, "mcp_startup.json:4:11 mode"));
        options.Host.Should().Be(new Sourced<string>("localhost", "environment LOOP_HOST"));
        options.Port.Should().Be(new Sourced<int>(9003, "option --port"));
    }

    [Theory]
    [InlineData("runs")]
    [InlineData("default, maintenance")]
    [InlineData("ALL")]
    public void Resolve_Toolsets_AreTaken(string selection)
    {
        _environment["LOOP_TOOLSETS"] = selection;

        Resolve().Options.Toolsets.Should().Be(new Sourced<string>(selection, "environment LOOP_TOOLSETS"));
    }

    [Fact]
    public void Resolve_InARunsAgent_TakesWhatARunNeedsUnlessOthersAreAskedFor()
    {
        _environment["LOOP_RUN_ID"] = "run-1";

        Resolve().Options.Toolsets.Should().Be(new Sourced<string>("agent", "environment LOOP_RUN_ID"));
        Resolve(new CommandLineValues { Toolsets = "runs" }).Options.Toolsets.Value.Should().Be("runs");
    }

    [Theory]
    [InlineData("run", "'run' is no toolset (did you mean 'runs'?)")]
    [InlineData("default,xyzzy,plugh", "'xyzzy' and 'plugh' are no toolsets; use one or more of default, runs, ")]
    [InlineData(",", "no toolset is named")]
    public void Resolve_UnknownToolset_IsRefused(string selection, string message)
    {
        var problem = Resolve(new CommandLineValues { Toolsets = selection }).Problems.Should().ContainSingle().Subject;

        problem.IsError.Should().BeTrue();
        problem.Source.Should().Be("option --toolsets");
        problem.Message.Should().StartWith(message);
    }

    [Fact]
    public void Resolve_EmptyVariable_IsNotSet()
    {
        _environment["LOOP_PORT"] = string.Empty;

        Resolve().Options.Port.Should().Be(new Sourced<int>(8080, "default"));
    }

    [Fact]
    public void Resolve_SeveralErrors_NamesThemAllWithTheirPlaces()
    {
        _workspace.Write(
            "mcp_startup.json",
            "{\n  \"port\": \"80\",\n  \"trustWorkspace\": true,\n  \"mode\": \"stdio\", \"mode\": \"http\"\n}"
        );
        _environment["LOOP_HOST"] = "example.com";
        _environment["LOOP_TRUST_WORKSPACE"] = "yes";

        var problems = Resolve(new CommandLineValues { Mode = "tcp", TokenFile = "missing" }).Problems;

        problems
            .Select(problem => problem.Source)
            .Should()
            .BeEquivalentTo(
                "option --mode",
                "option --token-file",
                "environment LOOP_HOST",
                "environment LOOP_TRUST_WORKSPACE",
                "mcp_startup.json:2:11 port",
                "mcp_startup.json:3:21 trustWorkspace",
                "mcp_startup.json:4:28 mode"
            );
        problems.Should().OnlyContain(problem => problem.IsError && problem.Message.Length > 20);
    }

    [Fact]
    public void Resolve_ValueWithControlCharacters_IsShownEscaped()
    {
        _workspace.Write("mcp_startup.json", """{ "mode": "\u001b[2Jstdio\nall is well" }""");

        Resolve()
            .Problems.Should()
            .ContainSingle()
            .Which.ToString()
            .Should()
            .Contain(@"\u001b[2Jstdio\nall is well")
            .And.NotContain("\u001b")
            .And.NotContain("\n");
    }

    [Theory]
    [InlineData("-1")]
    [InlineData("65536")]
    [InlineData("80.5")]
    [InlineData("http")]
    [InlineData("")]
    public void Resolve_BadPort_IsNamed(string port) =>
        Resolve(new CommandLineValues { Port = port }).Problems.Should().ContainSingle().Which.Source.Should().Be("option --port");

    [Theory]
    [InlineData("{ \"mode\": }", "mcp_startup.json:1:11")]
    [InlineData("{\n  \"port\": 1\n  \"host\": 2 }", "mcp_startup.json:3:3")]
    [InlineData("{} {}", "mcp_startup.json:1:4")]
    [InlineData("[]", "mcp_startup.json:1:1")]
    public void Resolve_BrokenFile_NamesLineAndColumn(string content, string place)
    {
        _workspace.Write("mcp_startup.json", content);

        Resolve().Problems.Should().ContainSingle().Which.Source.Should().Be(place);
    }

    [Fact]
    public void Resolve_FileWithByteOrderMark_IsRead()
    {
        _workspace.Write("mcp_startup.json", "\uFEFF{ \"port\": 9001 }");

        Resolve().Options.Port.Should().Be(new Sourced<int>(9001, "mcp_startup.json:1:11 port"));
    }

    [Fact]
    public void Resolve_NamedFileThatIsMissing_IsAnError() =>
        Resolve(new CommandLineValues { Config = "other.json" })
            .Problems.Should()
            .ContainSingle()
            .Which.ToString()
            .Should()
            .StartWith("option --config: error:")
            .And.Contain(Path.Combine(_workspace.Root, "other.json"));

    [Fact]
    public void Resolve_HostAndTokenOfAConfigurationOutside_Count()
    {
        var file = _outside.Write("conf/startup.json", "{ \"tokenFile\": \"token\", \"host\": \"0.0.0.0\" }");
        WriteToken("conf/token");

        var configuration = Resolve(new CommandLineValues { Config = file });

        configuration.Problems.Should().BeEmpty();
        configuration
            .Options.TokenFile.Value.Should()
            .Be(Path.Combine(_outside.Root, "conf", "token"), "the name is relative to the file that holds it");
        configuration.Options.Host.Value.Should().Be("0.0.0.0");
    }

    [Fact]
    public void Resolve_AllowedHosts_OptionBeatsVariableBeatsFileOutside()
    {
        var file = _outside.Write("conf/startup.json", """{ "http": { "allowedHosts": ["a.example", "*.b.example:8443"] } }""");
        var commandLine = new CommandLineValues { Config = file, TokenFile = WriteToken("conf/token") };

        Hosts(commandLine).Should().Be("a.example,*.b.example:8443");
        _environment["LOOP_ALLOWED_HOSTS"] = " c.example , [fd00::5] ";
        Hosts(commandLine).Should().Be("c.example,fd00::5");
        Hosts(commandLine with { AllowedHosts = "D.example" }).Should().Be("d.example");

        string Hosts(CommandLineValues values)
        {
            var configuration = Resolve(values);
            configuration.Problems.Should().BeEmpty();
            return string.Join(',', configuration.Options.Http.AllowedHosts.Value);
        }
    }

    [Theory]
    [InlineData("*", "'*' would answer to every name")]
    [InlineData("*.org", "is no name of a host")]
    [InlineData("a.*.example", "is no name of a host")]
    [InlineData("https://a.example", "write the name alone")]
    [InlineData("a.example:http", "ends in no port")]
    [InlineData("a.example:0", "ends in no port")]
    [InlineData("ä.example", "is no name of a host")]
    public void Resolve_AllowedHostThatIsNone_IsRefused(string host, string message) =>
        Resolve(new CommandLineValues { AllowedHosts = host, TokenFile = WriteToken("token") })
            .Problems.Should()
            .ContainSingle(static problem => problem.IsError && problem.Source == "option --allowed-hosts")
            .Which.Message.Should()
            .Contain(message);

    [Theory]
    [InlineData(null, false)]
    [InlineData("stdio", true)]
    public void Resolve_AllowedHostWithoutAToken_IsRefusedForHttp(string? mode, bool valid) =>
        Resolve(new CommandLineValues { AllowedHosts = "a.example", Mode = mode }).IsValid.Should().Be(valid);

    [Theory]
    [InlineData("{ \"http\": [] }", "expected an object")]
    [InlineData("{ \"http\": { \"allowedHosts\": [1] } }", "expected an array of strings")]
    [InlineData("{ \"http\": { \"allowedHost\": [] } }", "did you mean 'allowedHosts'?")]
    [InlineData("{ \"http\": { \"oauth\": true } }", "expected an object")]
    [InlineData("{ \"http\": { \"oauth\": { \"isuer\": \"x\" } } }", "did you mean 'oauth.issuer'?")]
    [InlineData("{ \"http\": { \"allowedHosts\": [], \"allowedHosts\": [] } }", "given twice")]
    public void Resolve_HttpPartThatIsWrong_IsTold(string content, string message) =>
        Resolve(new CommandLineValues { Config = _outside.Write("startup.json", content) })
            .Problems.Should()
            .ContainSingle()
            .Which.Message.Should()
            .Contain(message);

    [Theory]
    [InlineData("cert.pem", null, "a certificate and its key go together")]
    [InlineData(null, "key.pem", "a certificate and its key go together")]
    [InlineData("cert.pem", "key.pem", "are no certificate with its key")]
    [InlineData("missing.pem", "key.pem", "there is no file")]
    [InlineData("inside", "key.pem", "lies in the workspace")]
    public void Resolve_CertificateThatCannotBeUsed_IsAnError(string? certificate, string? key, string message)
    {
        _outside.Write("cert.pem", "no certificate");
        _outside.Write("key.pem", "no key");
        _workspace.Write("inside", "");

        Resolve(
            new CommandLineValues
            {
                Certificate = certificate == "inside" ? certificate : Outside(certificate),
                CertificateKey = Outside(key),
            }
        )
            .Problems.Should()
            .ContainSingle(static problem => problem.IsError)
            .Which.Message.Should()
            .Contain(message);

        string? Outside(string? name) => name is null ? null : Path.Combine(_outside.Root, name);
    }

    [Fact]
    public void Resolve_LimitsOfHttp_VariableBeatsFileAndEachHasItsRange()
    {
        var file = _outside.Write(
            "startup.json",
            """{ "http": { "requestsPerMinute": 60, "connections": 7, "maxRequestBytes": 65536 } }"""
        );
        _environment["LOOP_REQUESTS_PER_MINUTE"] = "0";

        var configuration = Resolve(new CommandLineValues { Config = file });

        configuration.Options.Http.RequestsPerMinute.Should().Be(new Sourced<int?>(0, "environment LOOP_REQUESTS_PER_MINUTE"));
        configuration.Options.Http.MaxRequestBytes.Value.Should().Be(65_536);
        configuration.Problems.Should().ContainSingle().Which.Message.Should().Contain("'7' must be a whole number from 8 to 65535");
        HttpSettings.Standard.Connections.Value.Should().Be(ConnectionLimits.DefaultPlaces);
    }

    [Fact]
    public void Resolve_HttpPartOfAConfigurationInside_IsLeftOutAndTold()
    {
        _workspace.Write("mcp_startup.json", """{ "http": { "allowedHosts": ["evil.example"], "requestsPerMinute": 0 } }""");

        var configuration = Resolve(new CommandLineValues { TokenFile = WriteToken("token") });

        configuration.IsValid.Should().BeTrue();
        configuration.Options.Http.Should().Be(HttpSettings.Standard);
        configuration.Problems.Should().HaveCount(2);
        configuration.Problems[0].ToString().Should().Contain("http.allowedHosts: warning").And.Contain("--config");
        configuration.Problems[1].ToString().Should().Contain("http.requestsPerMinute: warning").And.Contain("LOOP_REQUESTS_PER_MINUTE");
    }

    [Fact]
    public void Resolve_IssuerOfAFileOutside_CountsAndEachVariableBeatsIt()
    {
        var file = _outside.Write(
            "startup.json",
            """
            { "http": { "oauth": {
                "issuer": "https://login.example.org/", "audience": ["https://loop.example.org/mcp", "loop"],
                "jwksUri": "https://login.example.org/keys", "scopes": { "run": "work" } } } }
            """
        );

        var configuration = Resolve(new CommandLineValues { Config = file, Host = "0.0.0.0" });

        configuration.Problems.Should().BeEmpty("an issuer is as good as a token for who may come in");
        var oauth = configuration.Options.Http.OAuth.Value!;
        oauth.Issuer.Should().Be("https://login.example.org/");
        oauth.Audiences.Should().Equal("https://loop.example.org/mcp", "loop");
        oauth.KeysAddress!.AbsoluteUri.Should().Be("https://login.example.org/keys");
        oauth.Scopes.Should().Equal("loop:read", "work", "loop:admin");

        _environment["LOOP_OAUTH_ISSUER"] = "http://localhost:9/realm";
        _environment["LOOP_OAUTH_AUDIENCE"] = "loop";
        _environment["LOOP_OAUTH_JWKS_URI"] = "http://127.0.0.1:9/keys";
        _environment["LOOP_OAUTH_SCOPES"] = "read=see, admin=all";
        oauth = Resolve(new CommandLineValues { Config = file }).Options.Http.OAuth.Value!;
        (oauth.Issuer, oauth.Audiences.Single(), oauth.KeysAddress!.Port).Should().Be(("http://localhost:9/realm", "loop", 9));
        oauth.Scopes.Should().Equal("see", "loop:run", "all");
    }

    [Theory]
    [InlineData("https://login.example.org", null, null, "say which tokens of the issuer are meant")]
    [InlineData("login.example.org", "loop", null, "is no address")]
    [InlineData("http://login.example.org", "loop", null, "is fetched without TLS")]
    [InlineData("https://user:word@login.example.org", "loop", null, "a name, a password")]
    [InlineData("https://login.example.org?x=1", "loop", null, "has a query")]
    [InlineData(null, "loop", null, "together with an issuer")]
    [InlineData("https://login.example.org", "loop", "write=x", "says no scope")]
    [InlineData("https://login.example.org", "loop", "read=a b", "is no scope of OAuth")]
    [InlineData("https://login.example.org", "loop", "read=x,run=x", "have the same word")]
    public void Resolve_IssuerThatCannotBe_IsAnError(string? issuer, string? audience, string? scopes, string message)
    {
        if (scopes is not null)
        {
            _environment["LOOP_OAUTH_SCOPES"] = scopes;
        }

        Resolve(new CommandLineValues { OAuthIssuer = issuer, OAuthAudience = audience })
            .Problems.Should()
            .ContainSingle(static problem => problem.IsError)
            .Which.Message.Should()
            .Contain(message);
    }

    /// <summary>A repository that names an issuer would let that one's tokens in.</summary>
    [Fact]
    public void Resolve_IssuerOfAConfigurationInside_IsLeftOutAndTold()
    {
        _workspace.Write(
            "mcp_startup.json",
            """{ "http": { "oauth": { "issuer": "https://evil.example", "audience": "loop", "scopes": { "admin": "openid" } } } }"""
        );

        var configuration = Resolve(new CommandLineValues { TrustWorkspace = true });

        configuration.IsValid.Should().BeTrue();
        configuration.Options.Http.OAuth.Value.Should().BeNull("not even where the workspace is trusted");
        configuration
            .Problems.Select(static problem => problem.Source.Split(' ')[^1])
            .Should()
            .Equal("http.oauth.issuer", "http.oauth.audience", "http.oauth.scopes.admin");
        Resolve(new CommandLineValues { Host = "0.0.0.0" }).IsValid.Should().BeFalse("it is no reason to open the server either");
    }

    /// <summary>Ways to a configuration that the repository, or an agent in it, may have written.</summary>
    [Theory]
    [InlineData("mcp_startup.json", null)]
    [InlineData("conf/startup.json", null)]
    [InlineData("mcp_startup.json", "link out of the workspace to it")]
    public void Resolve_HostAndTokenOfAConfigurationInside_AreLeftOutAndTold(string name, string? link)
    {
        Assert.SkipWhen(link is not null && OperatingSystem.IsWindows(), "Links need rights there.");
        var config = _workspace.Write(name, "{ \"tokenFile\": \"token\", \"host\": \"0.0.0.0\" }");
        _workspace.Write("token", "0123456789abcdef");
        if (link is not null)
        {
            config = Path.Combine(_outside.Root, "link.json");
            File.CreateSymbolicLink(config, Path.Combine(_workspace.Root, name));
        }

        var configuration = Resolve(new CommandLineValues { Config = config });

        configuration.IsValid.Should().BeTrue("a repository does not keep a server from starting");
        configuration.Options.Host.Value.Should().Be("127.0.0.1");
        configuration.Options.TokenFile.Value.Should().BeNull();
        configuration.Problems.Select(static problem => problem.Source.Split(' ')[^1]).Should().BeEquivalentTo("host", "tokenFile");
    }

    [Theory]
    [InlineData("default,files", "default")]
    [InlineData("FILES", "default")]
    [InlineData("all, files,board", "all,board")]
    public void Resolve_FilesOfAConfigurationInside_AreLeftOutAndTold(string toolsets, string expected)
    {
        _workspace.Write("mcp_startup.json", $"{{ \"toolsets\": \"{toolsets}\" }}");

        var configuration = Resolve();

        configuration.IsValid.Should().BeTrue();
        configuration.Options.Toolsets.Value.Should().Be(expected);
        configuration.Problems.Should().ContainSingle().Which.Message.Should().Contain("the toolset 'files'");
        Resolve(new CommandLineValues { Toolsets = toolsets }).Options.Toolsets.Value.Should().Be(toolsets, "a person has said it");
    }

    [Theory]
    [InlineData("localhost")]
    [InlineData("127.0.0.2")]
    [InlineData("::1")]
    public void Resolve_LoopbackOfAConfigurationInside_Counts(string host)
    {
        _workspace.Write("mcp_startup.json", $"{{ \"host\": \"{host}\" }}");

        var configuration = Resolve();

        configuration.Problems.Should().BeEmpty();
        configuration.Options.Host.Value.Should().Be(host);
    }

    [Fact]
    public void Resolve_HostOfTheUserWithATokenOfTheWorkspace_IsRefused()
    {
        _workspace.Write("mcp_startup.json", "{ \"tokenFile\": \"token\" }");
        _workspace.Write("token", "0123456789abcdef");

        Resolve(new CommandLineValues { Host = "0.0.0.0" })
            .Problems.Should()
            .Contain(static problem => problem.IsError && problem.Source == "option --host");
    }

    /// <summary>Whoever knows the repository, or works in it, would know the token.</summary>
    [Theory]
    [InlineData("in the workspace")]
    [InlineData("a link to a file in the workspace")]
    [InlineData("a link in the workspace to a file elsewhere")]
    [InlineData("below a link to a folder of the workspace")]
    public void Resolve_TokenFileInTheWorkspace_IsRefused(string where)
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Links need rights there.");
        var inside = _workspace.Write("deep/token", "0123456789abcdef");
        var outside = WriteToken("token");
        var link = Path.Combine(_outside.Root, "link");
        var path = inside;
        switch (where)
        {
            case "a link to a file in the workspace":
                File.CreateSymbolicLink(path = link, inside);
                break;
            case "a link in the workspace to a file elsewhere":
                File.CreateSymbolicLink(path = Path.Combine(_workspace.Root, "link"), outside);
                break;
            case "below a link to a folder of the workspace":
                Directory.CreateSymbolicLink(link, Path.Combine(_workspace.Root, "deep"));
                path = Path.Combine(link, "token");
                break;
        }

        _environment["LOOP_TOKEN_FILE"] = path;

        Resolve()
            .Problems.Should()
            .ContainSingle()
            .Which.ToString()
            .Should()
            .StartWith("environment LOOP_TOKEN_FILE: error: ")
            .And.Contain("lies in the workspace")
            .And.Contain("Move it out");
    }

    [Fact]
    public void Resolve_TokenFileThatIsADevice_IsRefusedUnread()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "The device is Linux's.");

        Resolve(new CommandLineValues { TokenFile = "/dev/zero" })
            .Problems.Should()
            .ContainSingle(static problem => problem.IsError)
            .Which.Message.Should()
            .Contain("device");
    }

    [Theory]
    [InlineData("0.0.0.0", null, false)]
    [InlineData("192.168.1.5", "http", false)]
    [InlineData("::", "http", false)]
    [InlineData("[::]", "http", false)]
    [InlineData("::ffff:0.0.0.0", "http", false)]
    [InlineData("::ffff:192.168.1.5", "http", false)]
    [InlineData("localhost.", "http", false)]
    [InlineData("localhost.evil.example", "http", false)]
    [InlineData("0", "http", false)]
    [InlineData("127.1", "http", false)]
    [InlineData("*", "http", false)]
    [InlineData("+", "http", false)]
    [InlineData("::ffff:127.0.0.1", "http", true)]
    [InlineData("127.0.0.2", "http", true)]
    [InlineData("::1", "http", true)]
    [InlineData("0.0.0.0", "stdio", true)]
    public void Resolve_AddressWithoutToken_MustBeLoopbackToServeHttp(string host, string? mode, bool valid) =>
        Resolve(new CommandLineValues { Host = host, Mode = mode }).IsValid.Should().Be(valid);

    [Fact]
    public void Resolve_TokenThatOthersCanRead_IsAWarning()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Permissions of POSIX.");
        var file = _outside.Write("token", "0123456789abcdef");
        _outside.Permit("token", UnixFileMode.UserRead | UnixFileMode.OtherRead);

        var configuration = Resolve(new CommandLineValues { TokenFile = file });

        configuration.IsValid.Should().BeTrue();
        configuration.Problems.Should().ContainSingle().Which.ToString().Should().Contain("warning").And.Contain("chmod 600");
    }

    [Fact]
    public async Task Resolve_UsersOwnListOfTokens_CountsWhereNoFileIsNamed()
    {
        var list = new UserTokens(Path.Combine(_outside.Root, "tokens.json"), TimeProvider.System);
        Of(new CommandLineValues()).Should().BeNull("there is none yet");

        await list.CreateAsync("a", AccessScope.Read, expires: null, TestContext.Current.CancellationToken);
        Of(new CommandLineValues { Host = "0.0.0.0" }).Should().Be(list.File);
        Of(new CommandLineValues { TokenFile = WriteToken("other") }).Should().EndWith("other");

        _workspace.Write("mcp_startup.json", """{ "tokenFile": "token" }""");
        Of(new CommandLineValues()).Should().Be(list.File, "a file of the workspace takes it away from nobody");

        string? Of(CommandLineValues values)
        {
            var configuration = new ServerOptionsResolver(Variable, _workspace.Root, home: string.Empty, list.File).Resolve(values);
            configuration.IsValid.Should().BeTrue();
            return configuration.Options.TokenFile.Value;
        }
    }

    [Theory]
    [InlineData("http", true, 1)]
    [InlineData(null, false, 1)]
    [InlineData("stdio", false, 0)]
    public void Resolve_UsersOwnListThatCannotBeRead_KeepsServersOverHttpAloneFromStarting(string? mode, bool isRefused, int problems)
    {
        var resolver = new ServerOptionsResolver(Variable, _workspace.Root, home: string.Empty, _outside.Write("tokens.json", "{"));

        var configuration = resolver.Resolve(new CommandLineValues { Mode = mode });

        configuration.IsValid.Should().Be(!isRefused);
        configuration.Problems.Should().HaveCount(problems);
        configuration.Options.TokenFile.Value.Should().NotBeNull("nobody is let in by it");
    }

    [Theory]
    [InlineData("short")]
    [InlineData("")]
    [InlineData("with a blank in it, long enough")]
    public void Resolve_TokenThatIsNone_IsAnError(string content)
    {
        var file = _outside.Write("token", content);

        Resolve(new CommandLineValues { TokenFile = file })
            .Problems.Should()
            .Contain(problem => problem.IsError && problem.Source == "option --token-file");
    }

    [Theory]
    [InlineData(true, null, true, "option --trust-workspace")]
    [InlineData(true, "0", true, "option --trust-workspace")]
    [InlineData(false, "TRUE", true, "environment LOOP_TRUST_WORKSPACE")]
    [InlineData(false, "0", false, "environment LOOP_TRUST_WORKSPACE")]
    [InlineData(false, null, null, "default")]
    public void Resolve_Trust_ComesFromTheUserOnly(bool option, string? variable, bool? expected, string source)
    {
        if (variable is not null)
        {
            _environment["LOOP_TRUST_WORKSPACE"] = variable;
        }

        Resolve(new CommandLineValues { TrustWorkspace = option }).Options.TrustWorkspace.Should().Be(new Sourced<bool?>(expected, source));
    }

    [Fact]
    public void Resolve_WorkspaceThatCannotBeOne_SaysWhyAndWhatToDo()
    {
        var home = Directory.CreateDirectory(Path.Combine(_workspace.Root, "home")).FullName;
        var link = Directory.CreateSymbolicLink(Path.Combine(_workspace.Root, "link"), home).FullName;
        var file = _workspace.Write("file", string.Empty);
        (string Folder, string Reason)[] cases =
        [
            (Path.GetPathRoot(_workspace.Root)!, "root of the file system"),
            (home, "home folder"),
            (home + Path.DirectorySeparatorChar, "home folder"),
            (link, "home folder"),
            (file, "is a file"),
            (Path.Combine(_workspace.Root, "missing"), "does not exist"),
        ];

        foreach (var (folder, reason) in cases)
        {
            var problem = new ServerOptionsResolver(Variable, _workspace.Root, home)
                .Resolve(new CommandLineValues { Workspace = folder })
                .Problems.Should()
                .ContainSingle(folder)
                .Subject;
            problem.Source.Should().Be("option --workspace");
            problem.Message.Should().Contain(reason).And.Contain("--workspace DIR");
        }
    }

    private string WriteToken(string name)
    {
        var file = _outside.Write(name, "0123456789abcdef");
        _outside.Permit(name, UnixFileMode.UserRead | UnixFileMode.UserWrite);
        return file;
    }

    private ResolvedConfiguration Resolve(CommandLineValues? commandLine = null) =>
        new ServerOptionsResolver(Variable, _workspace.Root, home: string.Empty).Resolve(commandLine ?? new CommandLineValues());

    private string? Variable(string name) => _environment.GetValueOrDefault(name);
}
