using System.CommandLine;
using System.Text;
using LoopOrchestrator.Core.Diagnostics;
using LoopOrchestrator.Core.Errors;
using LoopOrchestrator.Core.Files;
using LoopOrchestrator.Core.Modes;
using LoopOrchestrator.Core.Modes.Import;
using LoopOrchestrator.Mcp.Bootstrap;
using LoopOrchestrator.Mcp.Cli.Commands;
using LoopOrchestrator.Mcp.Cli.Output;
using LoopOrchestrator.Mcp.Configuration;
using LoopOrchestrator.Mcp.Tools.Planning;

namespace LoopOrchestrator.Mcp.Cli;

/// <summary><c>modes</c>: the roles in which agents work.</summary>
internal static class ModesCommand
{
    public static Command Create() =>
        new("modes", "See the modes in force, write them as a .roomodes file, check that file.") { List(), Show(), Export(), Lint() };

    private static Command List()
    {
        var json = WorkspaceCommand.Json("list_modes");
        return new Command("list", "List the modes in force.") { json }.OnWorkspace(
            (session, parsed, _) =>
            {
                if (parsed.GetValue(json))
                {
                    if (!session.IsValid)
                    {
                        return Task.FromResult(Unknown(session));
                    }

                    var answer = ModeListResult.From(session.Workspace, stage: null);
                    return Task.FromResult(session.WriteJson(answer, ReadableJson.Tools.ModeListResult));
                }

                var table = new TextTable(Column.Whole("MODE"), "STAGE", "AGENT", "FROM", "MAY", "NAME");
                foreach (var mode in session.Workspace.Modes.Catalog.All)
                {
                    table.Add(
                        mode.Slug,
                        Stage(mode),
                        session.IsValid ? session.Workspace.Agents.Resolve(mode.Slug, chosen: null).Agent.Name : "?",
                        From(mode),
                        string.Join(' ', mode.Groups.Select(static group => group.Name)),
                        ReadableText.Short(mode.Name)
                    );
                }

                table.Write(session.Output);
                foreach (var diagnostic in session.Workspace.Modes.Diagnostics)
                {
                    session.Error.WriteLine(SafeText.Escape(diagnostic.ToString()));
                }

                return Task.FromResult(ExitCode.Ok);
            }
        );
    }

    private static Command Show()
    {
        var slug = new Argument<string>("SLUG") { Description = "The mode." };
        var json = WorkspaceCommand.Json(like: null);
        return new Command("show", "Show one mode: what its agent is told and what it may use.") { slug, json }.OnWorkspace(
            (session, parsed, _) =>
            {
                var mode = session.Workspace.Modes.Get(parsed.GetValue(slug)!);
                if (parsed.GetValue(json))
                {
                    if (!session.IsValid)
                    {
                        return Task.FromResult(Unknown(session));
                    }

                    var answer = ModeAnswer.From(session.Workspace, mode);
                    return Task.FromResult(session.WriteJson(answer, ReadableJson.Commands.ModeAnswer));
                }

                session.Output.WriteLine($"{mode.Slug}  {SafeText.Escape(mode.Name)}");
                session.Output.WriteLine($"Stage  {Stage(mode) ?? "none"}");
                session.Output.WriteLine($"From   {From(mode)}");
                var groups = mode.Groups.Select(static group => group.FileRegex is null ? group.Name : $"{group.Name} ({group.FileRegex})");
                var may = mode.Groups.Count == 0 ? "only think and answer" : SafeText.Escape(string.Join(", ", groups));
                session.Output.WriteLine($"May    {may}");
                RunText.WriteBlock(session, "Description", mode.Description);
                RunText.WriteBlock(session, "When to use it", mode.WhenToUse);
                RunText.WriteBlock(session, "Role", mode.RoleDefinition);
                RunText.WriteBlock(session, "Instructions", mode.CustomInstructions);
                return Task.FromResult(ExitCode.Ok);
            }
        );
    }

    private static Command Export()
    {
        var builtIn = new Option<bool>("--built-in")
        {
            Description = "Only the modes that are shipped with the program. This is the default.",
        };
        var all = new Option<bool>("--all") { Description = "All modes in force, those of the workspace's .roomodes included." };
        var file = new Option<string?>("--output") { HelpName = "FILE", Description = "Write to this file. [default: standard output]" };
        var force = new Option<bool>("--force") { Description = "Replace the file where there is one." };
        var command = new Command("export", "Write modes as .roomodes (YAML), for Roo Code or as a start for modes of your own.")
        {
            builtIn,
            all,
            file,
            force,
        };
        command.Validators.Add(result =>
        {
            if (result.GetValue(builtIn) && result.GetValue(all))
            {
                result.AddError("--built-in and --all exclude each other; give one of them.");
            }
        });
        return command.OnWorkspace(
            (session, parsed, _) =>
            {
                var modes = parsed.GetValue(all) ? session.Workspace.Modes.Catalog.All : BuiltInModes.All;
                var yaml = RooModesWriter.Write(modes);
                if (parsed.GetValue(file) is not { } name)
                {
                    session.Output.Write(yaml);
                    return Task.FromResult(ExitCode.Ok);
                }

                var path = Path.GetFullPath(name);
                try
                {
                    if (Path.Exists(path) && !parsed.GetValue(force))
                    {
                        throw new UserErrorException(
                            $"{path} exists, and nothing was written. Choose another name, or replace it with --force."
                        );
                    }

                    DurableFile.Replace(new SharedPath(session.Workspace.Paths, path, FileSizes.Modes), Encoding.UTF8.GetBytes(yaml));
                }
                catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
                {
                    throw new UserErrorException($"{path} cannot be written: {exception.Message}", exception);
                }

                session.Output.WriteLine($"{modes.Count} modes written to {path}");
                return Task.FromResult(ExitCode.Ok);
            }
        );
    }

    private static Command Lint()
    {
        var file = new Argument<string?>("FILE")
        {
            Description = "A file in the format of .roomodes. [default: the workspace's .roomodes]",
            Arity = ArgumentArity.ZeroOrOne,
        };
        var json = WorkspaceCommand.Json(like: null);
        return new Command(
            "lint",
            "Check the workspace's .roomodes, or another file of its format. Ends with 1 when something in it is not in force, or when "
                + "Roo Code would refuse the file."
        )
        {
            file,
            json,
        }.OnWorkspace(
            (session, parsed, _) =>
            {
                var paths = session.Workspace.Paths;
                var path = parsed.GetValue(file) is { } named ? Path.GetFullPath(named) : paths.RooModes;
                var name = paths.Display(path);
                if (ReadOrNull(new SharedPath(paths, path, FileSizes.Modes)) is not { } content)
                {
                    if (path != paths.RooModes)
                    {
                        throw new UserErrorException($"There is no file {path}.");
                    }

                    if (parsed.GetValue(json))
                    {
                        return Task.FromResult(session.WriteJson(new LintAnswer(name, false, 0, 0, []), ReadableJson.Commands.LintAnswer));
                    }

                    session.Output.WriteLine($"There is no {name}; the {BuiltInModes.All.Count} built-in modes are in force.");
                    WriteImportable(session);
                    return Task.FromResult(ExitCode.Ok);
                }

                var result = RooModesFile.Read(content, name);
                var refusals = RooAcceptance.Check(content, name);
                List<string> findings = [.. result.Diagnostics.Concat(refusals).Select(static diagnostic => diagnostic.ToString())];
                var errors = result.Diagnostics.Count(static diagnostic => diagnostic.Severity == DiagnosticSeverity.Error);
                var exitCode = errors + refusals.Count == 0 ? ExitCode.Ok : ExitCode.Failed;
                if (parsed.GetValue(json))
                {
                    var answer = new LintAnswer(name, true, result.Modes.Count, errors + refusals.Count, findings);
                    session.WriteJson(answer, ReadableJson.Commands.LintAnswer);
                    return Task.FromResult(exitCode);
                }

                foreach (var finding in findings)
                {
                    session.Output.WriteLine(SafeText.Escape(finding));
                }

                session.Output.WriteLine(
                    SafeText.Escape(
                        $"{name}: {result.Modes.Count} modes {(path == paths.RooModes ? "in force" : "can be read")}, "
                            + $"{errors} errors, {result.Diagnostics.Count - errors} other findings."
                    )
                );
                return Task.FromResult(exitCode);
            }
        );
    }

    // Without a configuration that can be used nobody knows which agent a mode has; what is wrong with it has been told.
    private static int Unknown(CommandSession session)
    {
        session.Error.WriteLine("Nothing was printed: the agent of a mode is not known while the configuration has errors.");
        return ExitCode.InvalidConfiguration;
    }

    private static void WriteImportable(CommandSession session)
    {
        var import = new ModeImport(session.Workspace.Paths, session.Workspace.Time);
        foreach (var source in import.Read(import.Find()).Where(static source => source.Modes.Count > 0))
        {
            session.Output.WriteLine(
                SafeText.Escape(
                    $"{source.File} has {source.Modes.Count} mode(s) that could be taken over: "
                        + $"{string.Join(", ", source.Modes.Take(5).Select(static mode => mode.Slug))}"
                        + $"{(source.Modes.Count > 5 ? ", ..." : "")}. 'loop-orchestrator import modes' does that."
                )
            );
        }
    }

    private static byte[]? ReadOrNull(SharedPath path)
    {
        try
        {
            return path.ReadOrNull();
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new UserErrorException(
                $"{path.FilePath} cannot be read ({exception.Message}). Check that it is a file and that this user may read it.",
                exception
            );
        }
    }

    private static string? Stage(Mode mode) => mode.Stage?.ToString().ToLowerInvariant();

    private static string From(Mode mode) => mode.Source == ModeSource.BuiltIn ? "built in" : ".roomodes";
}
