using System.CommandLine;
using System.Text.Json;
using LoopOrchestrator.Core.Errors;
using LoopOrchestrator.Core.Register;
using LoopOrchestrator.Core.Runs.Contracts;
using LoopOrchestrator.Mcp.Bootstrap;
using LoopOrchestrator.Mcp.Cli.Commands;
using LoopOrchestrator.Mcp.Cli.Output;
using LoopOrchestrator.Mcp.Configuration;

namespace LoopOrchestrator.Mcp.Cli.Register;

/// <summary><c>workspace</c>: the names of the user's workspaces. Nothing of this is kept in a workspace.</summary>
internal static class NamedWorkspaceCommand
{
    public static Command Create() =>
        new("workspace", "Give workspaces names by which commands and servers find them, and see how each stands.")
        {
            Add(),
            List(),
            Remove(),
        };

    private static Command Add()
    {
        var name = new Argument<string>("NAME") { Description = $"Its name: {WorkspaceName.Rule}." };
        name.Validators.Add(static result =>
        {
            if (result.Tokens is [var given] && WorkspaceName.Refuse(given.Value) is { } refused)
            {
                result.AddError($"'{given.Value}' {refused}.");
            }
        });
        var folder = new Argument<string?>("FOLDER")
        {
            Description = "Its folder. [default: what --workspace names, else the nearest workspace upward, else the current folder]",
            Arity = ArgumentArity.ZeroOrOne,
        };
        var command = new Command(
            "add",
            "Give a folder a name, kept in your own configuration. Nothing in the folder is changed, and it is not trusted by that."
        )
        {
            name,
            folder,
        };
        command.SetAction(
            async (parsed, cancellationToken) =>
            {
                RefuseInARun();
                var given = parsed.GetValue(folder);
                var resolved = ServerOptionsResolver.FromProcess(
                    // A folder is a folder here, also where it reads like a name.
                    given is null
                        ? ServerSettings.Read(parsed) with
                        {
                            Config = null,
                        }
                        : new CommandLineValues { Workspace = Path.GetFullPath(given) }
                );
                var target = resolved.Options.Workspace.Value;
                if (WorkspaceCheck.Refuse(target, Environment.GetFolderPath(Environment.SpecialFolder.UserProfile)) is { } refused)
                {
                    throw new UserErrorException($"{SafeText.Escape(refused)} Nothing was changed.");
                }

                var register = Open();
                var isNew = await register.AddAsync(parsed.GetValue(name)!, target, TimeProvider.System.GetUtcNow(), cancellationToken);
                var entry = register.Find(parsed.GetValue(name)!)!;
                var output = parsed.InvocationConfiguration.Output;
                output.WriteLine(
                    $"{SafeText.Escape(entry.Folder)} is {(isNew ? "now" : "already")} registered as '{entry.Name}': "
                        + $"--workspace {entry.Name}"
                );
                output.WriteLine($"Recorded in {SafeText.Escape(register.File)}");
                return ExitCode.Ok;
            }
        );
        return command;
    }

    private static Command List()
    {
        var json = WorkspaceCommand.Json(like: null);
        var command = new Command(
            "list",
            "List the registered workspaces: whether the folder is there, whether it is trusted, who serves it. Changes nothing."
        )
        {
            json,
        };
        command.SetAction(
            async (parsed, cancellationToken) =>
            {
                var (register, output) = (Open(), parsed.InvocationConfiguration.Output);
                var entries = new List<WorkspacesAnswer.NamedWorkspace>();
                foreach (var one in register.All())
                {
                    entries.Add(await RegisteredState.ReadAsync(one, cancellationToken));
                }

                if (parsed.GetValue(json))
                {
                    var answer = new WorkspacesAnswer(register.File, entries);
                    output.WriteLine(JsonSerializer.Serialize(answer, ReadableJson.Commands.WorkspacesAnswer));
                    return ExitCode.Ok;
                }

                Write(entries, output);
                output.WriteLine($"{entries.Count} in {SafeText.Escape(register.File)}");
                return ExitCode.Ok;
            }
        );
        return command;
    }

    private static void Write(List<WorkspacesAnswer.NamedWorkspace> entries, TextWriter output)
    {
        var table = new TextTable(
            Column.Whole("NAME"),
            Column.Whole("STATE"),
            Column.Whole("TRUST"),
            Column.Whole("SERVED BY"),
            Column.Whole("FOLDER")
        );
        foreach (var entry in entries)
        {
            table.Add(
                entry.Name,
                entry.State,
                entry.Trusted ? "trusted" : "not trusted",
                string.Join(", ", entry.ServedBy.Select(static server => $"{server.Pid} ({server.Mode}{(server.Fires ? ", fires" : "")})")),
                entry.Folder
            );
        }

        if (table.Count > 0)
        {
            table.Write(output);
        }

        foreach (var problem in entries.Where(static entry => entry.Problem is not null))
        {
            output.WriteLine($"{problem.Name}: {SafeText.Escape(problem.Problem!)}");
        }
    }

    private static Command Remove()
    {
        var name = new Argument<string>("NAME") { Description = "The workspace." };
        var command = new Command(
            "remove",
            "Take a name away. The folder, its records, its trust and its servers stay as they are. To rename: remove it, and add it again."
        )
        {
            name,
        };
        command.SetAction(
            async (parsed, cancellationToken) =>
            {
                RefuseInARun();
                var removed = await Open().RemoveAsync(parsed.GetValue(name)!, cancellationToken);
                parsed.InvocationConfiguration.Output.WriteLine(
                    $"'{removed.Name}' is no name of a workspace any more; {SafeText.Escape(removed.Folder)} was left as it is."
                );
                return ExitCode.Ok;
            }
        );
        return command;
    }

    private static WorkspaceRegister Open() => new(WorkspaceRegister.DefaultFile);

    private static void RefuseInARun()
    {
        if (Environment.GetEnvironmentVariable(RunEnvironment.RunId) is { Length: > 0 } run)
        {
            throw new UserErrorException(
                $"This is a process of run {SafeText.Escape(run)}, and what workspaces are called is a person's to say. Nothing was "
                    + "changed. Say it in a shell of your own."
            );
        }
    }
}
