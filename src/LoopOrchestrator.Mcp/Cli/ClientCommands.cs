using System.CommandLine;
using LoopOrchestrator.Core.Clients;
using LoopOrchestrator.Core.Errors;
using LoopOrchestrator.Mcp.Bootstrap;
using LoopOrchestrator.Mcp.Cli.Commands;
using LoopOrchestrator.Mcp.Cli.Output;
using LoopOrchestrator.Mcp.Clients;
using LoopOrchestrator.Mcp.Configuration;

namespace LoopOrchestrator.Mcp.Cli;

/// <summary><c>install</c> and <c>uninstall</c>: this server in the settings of clients.</summary>
internal static class ClientCommands
{
    private const string DefaultTokenVariable = "LOOP_TOKEN";
    private const string Project = "project";
    private const string RuntimeVariable = "DOTNET_ROOT";

    // Clients hand on few variables. Without these the program would look for the record of trust, or for its runtime, somewhere else.
    private static readonly string[] Carried = ["XDG_CONFIG_HOME", RuntimeVariable];

    public static Command Install()
    {
        var options = new Options();
        var http = new Option<bool>("--http")
        {
            Description =
                "Write the address of a server over HTTP, as this workspace's settings say, instead of a command that the client starts.",
        };
        var url = new Option<string?>("--url") { HelpName = "URL", Description = "Write this address; stands for --http." };
        var tokenVariable = new Option<string?>("--token-variable")
        {
            HelpName = "NAME",
            Description =
                "The variable from which the client takes the token for the address. The token itself is never written. "
                + $"[default: {DefaultTokenVariable} where this server has a token]",
        };
        var program = new Option<string?>("--program")
        {
            HelpName = "FILE",
            Description = "The program that the client starts. [default: this one]",
        };
        var replace = new Option<bool>("--replace")
        {
            Description = "Replace an entry 'loop' that is not this server's. Else it stays and the command says so.",
        };
        var noCheck = new Option<bool>("--no-check") { Description = "Do not start the server to see that it answers." };
        var command = new Command(
            "install",
            "Enter this server into a client's settings, for this workspace: shows the change, asks, keeps the file as it was, writes, and "
                + "starts the server as the client will. What else stands in the file keeps its bytes. Example: install claude --yes"
        )
        {
            options.Client,
            options.Scope,
            http,
            url,
            tokenVariable,
            program,
            replace,
            noCheck,
            options.Yes,
            options.DryRun,
            options.Json,
        };
        command.Validators.Add(options.CheckJson);
        command.Validators.Add(result =>
        {
            if (result.GetValue(program) is not null && (result.GetValue(http) || result.GetValue(url) is not null))
            {
                result.AddError("--program and --http exclude each other: a client starts a program or calls an address.");
            }

            if (result.GetValue(url) is { } text && !IsAddress(text))
            {
                result.AddError($"--url is '{SafeText.Escape(text)}' and must be an address such as http://127.0.0.1:8080/mcp.");
            }
        });
        return command.OnWorkspace(
            async (session, parsed, cancellationToken) =>
            {
                var client = parsed.GetValue(options.Client)!;
                var scope = options.ScopeOf(parsed);
                var isHttp = parsed.GetValue(http) || parsed.GetValue(url) is not null;
                var server = isHttp
                    ? Address(session, parsed.GetValue(url), parsed.GetValue(tokenVariable))
                    : Started(session, parsed.GetValue(program));
                var setup = Setup(session);
                var plan = setup.Install(client, scope, server, parsed.GetValue(replace));
                if (server.TokenVariable is { } variable)
                {
                    plan = plan with
                    {
                        Notes =
                        [
                            .. plan.Notes,
                            ClientSetup.AsksForToken(client)
                                ? $"{plan.Client} asks for the token when it starts the server for the first time, and keeps it."
                                : $"Set {variable} to the token in the environment that {plan.Client} is started in.",
                        ],
                    };
                }

                var ended = Make(session, parsed, options, setup, plan);
                if (ended is { } code)
                {
                    return code;
                }

                var isDry = parsed.GetValue(options.DryRun);
                var check =
                    isDry || isHttp || parsed.GetValue(noCheck) ? null : await CheckAsync(session, setup, client, scope, cancellationToken);
                if (parsed.GetValue(options.Json))
                {
                    session.WriteJson(
                        ClientAnswer.From(client, ScopeName(scope), isDry, plan, server, check),
                        ReadableJson.Commands.ClientAnswer
                    );
                    return check?.Problem is null ? ExitCode.Ok : ExitCode.Failed;
                }

                return Finish(session, plan, client, scope, check, isDry);
            }
        );
    }

    public static Command Uninstall()
    {
        var options = new Options();
        var command = new Command(
            "uninstall",
            "Take this server out of a client's settings. Where nobody has changed the file since, it comes back byte for byte; else only "
                + "the entry goes. Example: uninstall claude --yes"
        )
        {
            options.Client,
            options.Scope,
            options.Yes,
            options.DryRun,
            options.Json,
        };
        command.Validators.Add(options.CheckJson);
        return command.OnWorkspace(
            (session, parsed, _) =>
            {
                var client = parsed.GetValue(options.Client)!;
                var scope = options.ScopeOf(parsed);
                var setup = Setup(session);
                var plan = setup.Uninstall(client, scope);
                if (Make(session, parsed, options, setup, plan) is { } code)
                {
                    return Task.FromResult(code);
                }

                if (parsed.GetValue(options.Json))
                {
                    return Task.FromResult(
                        session.WriteJson(
                            ClientAnswer.From(client, ScopeName(scope), parsed.GetValue(options.DryRun), plan, null, null),
                            ReadableJson.Commands.ClientAnswer
                        )
                    );
                }

                return Task.FromResult(ExitCode.Ok);
            }
        );
    }

    private static ClientSetup Setup(CommandSession session) =>
        new(ClientPlaces.OfThisProcess(), session.Workspace.Paths, session.Workspace.Time);

    private static string ScopeName(ClientScope scope) => scope is ClientScope.Project ? Project : "user";

    /// <returns>The exit code where the command is over; <see langword="null"/> where it goes on.</returns>
    private static int? Make(CommandSession session, ParseResult parsed, Options options, ClientSetup setup, ClientPlan plan)
    {
        var isSilent = parsed.GetValue(options.Json);
        if (!isSilent)
        {
            Show(session.Output, plan);
        }

        if (plan.IsNone || parsed.GetValue(options.DryRun))
        {
            return null;
        }

        if (!parsed.GetValue(options.Yes))
        {
            if (StandardStreams.IsInputRedirected || TerminalWriter.WidthOf(session.Output) is null || isSilent)
            {
                session.Error.WriteLine(
                    "error: nothing was changed: there is nobody at a terminal to say yes. Say --yes to make this change, or --dry-run to "
                        + "see it only."
                );
                return ExitCode.Usage;
            }

            session.Output.Write("Make this change? [y/N] ");
            session.Output.Flush();
            if (StandardStreams.ReadLine()?.Trim().ToUpperInvariant() is not ("Y" or "YES"))
            {
                session.Output.WriteLine("Nothing was changed.");
                return ExitCode.Failed;
            }
        }

        setup.Apply(plan);
        if (!isSilent)
        {
            foreach (var change in plan.Changes.Where(static change => !change.IsNone))
            {
                session.Output.WriteLine($"{Done(change.Action)}  {SafeText.Escape(change.Path)}");
                if (change.Backup is { } backup)
                {
                    session.Output.WriteLine($"  as it was: {SafeText.Escape(backup)}");
                }
            }
        }

        return null;
    }

    private static void Show(TextWriter output, ClientPlan plan)
    {
        foreach (var change in plan.Changes)
        {
            output.WriteLine(
                $"{SafeText.Escape(change.Path)}: "
                    + (change.IsNone ? "nothing to do" : change.Action)
                    + (change.Target is { } target ? $" (a link to {SafeText.Escape(target)}, which is changed and the link stays)" : "")
            );
            foreach (var line in change.Difference)
            {
                output.WriteLine("  " + SafeText.Escape(line));
            }
        }

        foreach (var note in plan.Notes)
        {
            output.WriteWrapped($"Note: {SafeText.Escape(note)}", 2);
        }
    }

    private static string Done(string action) =>
        action switch
        {
            "create" => "created ",
            "restore" => "restored",
            "remove" => "removed ",
            _ => "changed ",
        };

    private static int Finish(
        CommandSession session,
        ClientPlan plan,
        string client,
        ClientScope scope,
        ServerCheckResult? check,
        bool isDry
    )
    {
        if (isDry)
        {
            session.Output.WriteLine("Nothing was changed.");
            return ExitCode.Ok;
        }

        if (check?.Problem is { } problem)
        {
            var uninstall = $"loop-orchestrator uninstall {client}{(scope is ClientScope.Project ? " --scope project" : "")}";
            throw new UserErrorException(
                $"The entry is written, and the server was started as {plan.Client} will start it, but {SafeText.Escape(problem)}. "
                    + $"'{uninstall}' takes it out again; "
                    + "'loop-orchestrator --info' says what keeps a server from starting."
            );
        }

        if (check is { FirstAnswer: { } first })
        {
            session.Output.WriteLine(
                $"Started as {plan.Client} will start it: first answer after {first.TotalMilliseconds:0} ms, {check.Tools} tools."
            );
        }

        session.Output.WriteWrapped($"Next: {plan.Afterwards}", 2);
        return ExitCode.Ok;
    }

    // What the file says now is started, and not what was meant to be written.
    private static async Task<ServerCheckResult> CheckAsync(
        CommandSession session,
        ClientSetup setup,
        string client,
        ClientScope scope,
        CancellationToken cancellationToken
    ) =>
        setup.ReadBack(client, scope) is { Command.Count: > 0 } written
            ? await new ServerCheck(session.Workspace.Time).RunAsync(
                written,
                scope is ClientScope.Project || !Directory.Exists(ClientPlaces.OfThisProcess().Home)
                    ? session.Workspace.Paths.Root
                    : ClientPlaces.OfThisProcess().Home,
                cancellationToken
            )
            : new ServerCheckResult(null, 0, "the file has no command any more");

    private static ClientServer Started(CommandSession session, string? program)
    {
        var self = program is null ? SelfCommand.Get() : [Path.GetFullPath(program)];
        List<string> command = [.. self, "--mode", "stdio", "--workspace", session.Workspace.Paths.Root];
        if (session.Options.ConfigFile.Source.StartsWith("option", StringComparison.Ordinal))
        {
            command.AddRange(["--config", session.Options.ConfigFile.Value]);
        }

        return new ClientServer
        {
            Command = command,
            Environment = Carried
                .Where(name => name != RuntimeVariable || self.Count > 1 || File.Exists(Path.ChangeExtension(self[0], ".dll")))
                .Select(static name => KeyValuePair.Create(name, Environment.GetEnvironmentVariable(name)))
                .Where(static variable => !string.IsNullOrEmpty(variable.Value))
                .ToDictionary(static variable => variable.Key, static variable => variable.Value!, StringComparer.Ordinal),
        };
    }

    private static ClientServer Address(CommandSession session, string? url, string? tokenVariable)
    {
        var options = session.Options;
        if (url is null && options.Port.Value == 0)
        {
            throw new UserErrorException(
                "The port is 0, so the server takes another one at each start. Give it a port in mcp_startup.json, or name the address "
                    + "with --url. Nothing was changed."
            );
        }

        var host = HostName.IsLoopback(options.Host.Value) || !IsAnyAddress(options.Host.Value) ? options.Host.Value : "127.0.0.1";
        return new ClientServer
        {
            Url = url ?? HostName.Url(host, options.Port.Value) + "/mcp",
            TokenVariable = tokenVariable ?? (NeedsToken(options) ? DefaultTokenVariable : null),
        };
    }

    // A server asks for one as soon as its user has a list of tokens.
    private static bool NeedsToken(ServerOptions options) => options.TokenFile.Value is not null || File.Exists(options.UserTokens);

    private static bool IsAnyAddress(string host) => host is "0.0.0.0" or "::" or "[::]" or "*";

    private static bool IsAddress(string text) => Uri.TryCreate(text, UriKind.Absolute, out var uri) && uri.Scheme is "http" or "https";

    // The arguments of both commands.
    private sealed class Options
    {
        public Argument<string> Client { get; } = Named();

        public Option<string> Scope { get; } = Scoped();

        public Option<bool> Yes { get; } = new("--yes") { Description = "Make the change without asking." };

        public Option<bool> DryRun { get; } = new("--dry-run") { Description = "Show the change, and change nothing." };

        public Option<bool> Json { get; } = WorkspaceCommand.Json(like: null);

        public ClientScope ScopeOf(ParseResult parsed) => parsed.GetValue(Scope) == Project ? ClientScope.Project : ClientScope.User;

        public void CheckJson(System.CommandLine.Parsing.CommandResult result)
        {
            if (result.GetValue(Json) && !result.GetValue(Yes) && !result.GetValue(DryRun))
            {
                result.AddError("--json asks nobody: say --yes to make the change too, or --dry-run to see it only.");
            }
        }

        private static Argument<string> Named()
        {
            var client = new Argument<string>("CLIENT") { Description = $"One of {string.Join(", ", ClientSetup.Names)}." };
            client.AcceptOnlyFromAmong([.. ClientSetup.Names]);
            return client;
        }

        private static Option<string> Scoped()
        {
            var scope = new Option<string>("--scope")
            {
                HelpName = "user|project",
                Description = "Whose settings: the user's own, or those in the workspace's folder.",
                DefaultValueFactory = static _ => "user",
            };
            scope.AcceptOnlyFromAmong("user", Project);
            return scope;
        }
    }
}
