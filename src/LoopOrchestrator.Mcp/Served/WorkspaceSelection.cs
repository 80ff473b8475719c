using LoopOrchestrator.Core.Errors;
using LoopOrchestrator.Core.Register;
using LoopOrchestrator.Core.Runs.Contracts;
using LoopOrchestrator.Mcp.Configuration;

namespace LoopOrchestrator.Mcp.Served;

/// <summary>Which workspaces a server is to serve, where it may be several. Looks, and changes nothing.</summary>
/// <param name="environment">Looks up an environment variable.</param>
/// <param name="currentFolder">What relative paths are relative to.</param>
/// <param name="register">The names of workspaces.</param>
internal sealed class WorkspaceSelection(Func<string, string?> environment, string currentFolder, WorkspaceRegister register)
{
    private const string Everything = "LOOP_ALL_WORKSPACES";

    /// <summary>As the process's own environment has it.</summary>
    public static WorkspaceSelection FromProcess() =>
        new(Environment.GetEnvironmentVariable, Environment.CurrentDirectory, new WorkspaceRegister(WorkspaceRegister.DefaultFile));

    /// <summary>Whether the command line and the environment name more than one.</summary>
    /// <param name="commandLine">What was given.</param>
    /// <exception cref="UserErrorException">The variable has a value that it cannot have.</exception>
    public bool IsOfSeveral(CommandLineValues commandLine) => commandLine.MoreWorkspaces.Count > 0 || IsOfAll(commandLine);

    /// <summary>All of them, each once, in the order in which they are named; one alone is served as ever.</summary>
    /// <param name="commandLine">What was given.</param>
    /// <exception cref="UserErrorException">A name is not registered, or nothing can be served so.</exception>
    public IReadOnlyList<ServedWorkspace> Read(CommandLineValues commandLine)
    {
        if (commandLine.Config is not null || !string.IsNullOrWhiteSpace(environment("LOOP_CONFIG")))
        {
            throw new UserErrorException(
                "--config and LOOP_CONFIG name the configuration of one workspace, and several are to be served: each has its "
                    + "mcp_startup.json."
            );
        }

        var registered = register.All();
        var folders = new List<string>();
        foreach (var given in Given(commandLine))
        {
            Add(FolderOf(given, registered));
        }

        if (IsOfAll(commandLine))
        {
            foreach (var one in registered)
            {
                Add(MeantFolder.Real(one.Folder));
            }
        }

        return folders.Count > 0
            ? Named(folders, registered)
            : throw new UserErrorException(
                "--all-workspaces serves the workspaces that have a name, and none has one yet: workspace add NAME [FOLDER]"
            );

        void Add(string folder)
        {
            if (!folders.Contains(folder, StringComparer.Ordinal))
            {
                folders.Add(folder);
            }
        }
    }

    private IEnumerable<string> Given(CommandLineValues commandLine)
    {
        // An empty variable is how many shells say "not set"; an empty option is a variable in a script that has no value.
        if (commandLine.MoreWorkspaces.Append(commandLine.Workspace ?? "-").Any(string.IsNullOrWhiteSpace))
        {
            throw new UserErrorException("option --workspace: the value is empty; give one, or leave it out.");
        }

        var first = commandLine.Workspace ?? environment(RunEnvironment.Workspace);
        return string.IsNullOrWhiteSpace(first) ? [] : [first, .. commandLine.MoreWorkspaces];
    }

    private string FolderOf(string given, IReadOnlyList<RegisteredWorkspace> registered)
    {
        if (registered.FirstOrDefault(one => WorkspaceName.Same(one.Name, given)) is { } named)
        {
            return MeantFolder.Real(named.Folder);
        }

        var folder = Path.GetFullPath(given, currentFolder);

        // A path that leads nowhere may come back. What can only have been meant as a name never will.
        return !WorkspaceName.HasForm(given) || Path.Exists(folder)
            ? MeantFolder.Real(folder)
            : throw new UserErrorException(
                $"option --workspace: there is no folder '{folder}'"
                    + (register.ExplainUnknown(given) is { } unknown ? $", and {unknown}" : ", and no workspace has a name yet.")
            );
    }

    // Names of the register first: they are the user's, and what is called after its folder gives way.
    private static List<ServedWorkspace> Named(List<string> folders, IReadOnlyList<RegisteredWorkspace> registered)
    {
        var names = new Dictionary<string, string>(StringComparer.Ordinal);
        // Also those that are not served here: nobody must mean one workspace and reach another.
        var taken = registered.Select(static one => one.Name).ToHashSet(StringComparer.OrdinalIgnoreCase);
        foreach (var one in registered)
        {
            names.TryAdd(MeantFolder.Real(one.Folder), one.Name);
        }

        foreach (var folder in folders.Where(folder => !names.ContainsKey(folder)))
        {
            var plain = NameOf(folder);
            var name = plain;
            for (var number = 2; !taken.Add(name); number++)
            {
                name = $"{plain}-{number}";
            }

            names[folder] = name;
        }

        return [.. folders.Select(folder => new ServedWorkspace(names[folder], folder))];
    }

    // A name has the form of one, so that it can stand in an address; it leaves room for a number.
    private static string NameOf(string folder)
    {
        const int MaxPlain = WorkspaceName.MaxLength - 8;
        var letters = Path.GetFileName(folder)
            .Select(static letter => char.IsAsciiLetterOrDigit(letter) || letter is '.' or '_' or '-' ? letter : '-')
            .SkipWhile(static letter => !char.IsAsciiLetterOrDigit(letter))
            .Take(MaxPlain);
        var name = string.Concat(letters);
        return WorkspaceName.Refuse(name) is null ? name : "workspace";
    }

    private bool IsOfAll(CommandLineValues commandLine)
    {
        if (commandLine.AllWorkspaces)
        {
            return true;
        }

        // An agent's way back to us serves the workspace of its run.
        return string.IsNullOrEmpty(environment(RunEnvironment.RunId))
            && environment(Everything)?.Trim().ToUpperInvariant() switch
            {
                null or "" or "0" or "FALSE" => false,
                "1" or "TRUE" => true,
                var other => throw new UserErrorException(
                    $"environment {Everything}: '{other}' is not understood; use 1 or true, 0 or false."
                ),
            };
    }
}
