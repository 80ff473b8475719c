using System.CommandLine;
using LoopOrchestrator.Core.Diagnostics;
using LoopOrchestrator.Core.Errors;
using LoopOrchestrator.Core.Modes;
using LoopOrchestrator.Core.Modes.Import;
using LoopOrchestrator.Core.Text;
using LoopOrchestrator.Mcp.Bootstrap;
using LoopOrchestrator.Mcp.Cli.Commands;
using LoopOrchestrator.Mcp.Cli.Moving;
using LoopOrchestrator.Mcp.Configuration;

namespace LoopOrchestrator.Mcp.Cli;

/// <summary><c>import</c>: what <c>export</c> wrote, and what was written for other tools.</summary>
internal static class ImportCommand
{
    public static Command Create()
    {
        var file = new Argument<string>("FILE") { Description = "What 'export' wrote, of this workspace or of another." };
        var replace = new Option<bool>("--replace")
        {
            Description =
                "Put it in the place of the history that is here, and of the files that differ. Else they stay, and nothing is imported.",
        };
        var dryRun = new Option<bool>("--dry-run") { Description = "Say what would be done, and change nothing." };
        return new Command(
            "import",
            "Put what 'export' wrote into this workspace: its history in the place of the one here, each of its files in the place of the "
                + "one of that name, which is kept in .loop/set-aside. All other files stay. Servers go on with it at once. Or, by the "
                + "command below, take over what was written for other tools."
        )
        {
            file,
            replace,
            dryRun,
            Modes(),
        }.OnWorkspace(
            (session, parsed, cancellationToken) =>
                WorkspaceImportAction.RunAsync(
                    session,
                    parsed.GetValue(file)!,
                    parsed.GetValue(replace),
                    parsed.GetValue(dryRun),
                    cancellationToken
                )
        );
    }

    private static Command Modes()
    {
        var files = new Argument<string[]>("PATH")
        {
            Description =
                "Files in the format of .roomodes (.kilocodemodes, custom_modes.yaml), agents of Claude Code (*.md), or a folder of those. "
                + $"[default: {string.Join(", ", ModeImport.Places)} in the workspace]",
            Arity = ArgumentArity.ZeroOrMore,
        };
        var replace = new Option<bool>("--replace")
        {
            Description = "Replace modes that .roomodes has already. Else they stay and the new ones are left out.",
        };
        var dryRun = new Option<bool>("--dry-run") { Description = "Say what would be done, and change nothing." };
        return new Command(
            "modes",
            "Merge modes and agents of Roo Code, Kilo Code and Claude Code into the workspace's .roomodes. What stands "
                + "there keeps its bytes. Ends with 1 when something could not be read."
        )
        {
            files,
            replace,
            dryRun,
        }.OnWorkspace(
            async (session, parsed, cancellationToken) =>
            {
                var import = new ModeImport(session.Workspace.Paths, session.Workspace.Time);
                var named = parsed.GetValue(files) is { Length: > 0 } given ? given : import.Find();
                if (named.Count == 0)
                {
                    throw new UserErrorException(
                        $"There is nothing to import: the workspace has none of {string.Join(", ", ModeImport.Places)}. "
                            + "Name files or a folder."
                    );
                }

                var sources = await session.WhileAsync("Reading modes", () => import.Read(named));
                foreach (var source in sources)
                {
                    session.Output.WriteLine(
                        $"{SafeText.Escape(source.File)}: "
                            + $"{(source.Modes.Count == 0 ? "no mode" : string.Join(", ", source.Modes.Select(static mode => mode.Slug)))}"
                    );
                    foreach (var diagnostic in source.Diagnostics)
                    {
                        session.Error.WriteLine(SafeText.Escape(diagnostic.ToString()));
                    }
                }

                var isDry = parsed.GetValue(dryRun);
                var result = await import.ApplyAsync(
                    sources.SelectMany(static source => source.Modes).ToList(),
                    parsed.GetValue(replace),
                    isDry,
                    cancellationToken
                );
                var would = isDry ? "Would be " : "";
                WriteSlugs(session.Output, would + "added", result.Added);
                WriteSlugs(session.Output, would + "replaced", result.Replaced);
                WriteSlugs(session.Output, "Left out, because .roomodes has them (--replace takes the new ones)", result.Skipped);
                WriteSlugs(
                    session.Output,
                    "In place of built-in modes of the same name",
                    result.Added.Where(static slug => BuiltInModes.All.Any(mode => mode.Slug == slug)).ToList()
                );
                if (result.Backup is { } backup)
                {
                    session.Output.WriteLine($"The file as it was: {SafeText.Escape(session.Workspace.Paths.Display(backup))}");
                }

                foreach (var refusal in import.CheckForRoo())
                {
                    session.Error.WriteLine(SafeText.Escape($"{refusal} (as before)"));
                }

                if (result.Added.Count + result.Replaced.Count == 0)
                {
                    session.Output.WriteLine("Nothing was changed.");
                }

                return sources.Any(static source =>
                    source.Diagnostics.Any(static diagnostic => diagnostic.Severity == DiagnosticSeverity.Error)
                )
                    ? ExitCode.Failed
                    : ExitCode.Ok;
            }
        );
    }

    private static void WriteSlugs(TextWriter output, string what, IReadOnlyList<string> slugs)
    {
        if (slugs.Count > 0)
        {
            output.WriteLine($"{Sentence.Begin(what)}: {string.Join(", ", slugs)}");
        }
    }
}
