using LoopOrchestrator.Core.Files;
using LoopOrchestrator.Core.Processes;
using LoopOrchestrator.Mcp.Bootstrap;
using LoopOrchestrator.Mcp.Configuration;
using LoopOrchestrator.Mcp.Hosting;
using LoopOrchestrator.Mcp.Served;

namespace LoopOrchestrator.Mcp.Cli;

/// <summary>Serves until told to stop.</summary>
internal static class ServeCommand
{
    public static Task<int> RunAsync(CommandLineValues commandLine)
    {
        var selection = WorkspaceSelection.FromProcess();
        if (selection.IsOfSeveral(commandLine))
        {
            var selected = selection.Read(commandLine);
            if (selected.Count > 1)
            {
                return ServeSeveralAsync(selected, commandLine);
            }

            commandLine = commandLine with { Workspace = selected[0].Folder, MoreWorkspaces = [], AllWorkspaces = false };
        }

        var configuration = ServerOptionsResolver.FromProcess(commandLine);
        var options = configuration.Options;
        var paths = new WorkspacePaths(options.Workspace.Value);
        if (options.WorkspaceNote is { } note)
        {
            StandardStreams.Error.WriteLine(note);
        }

        var diagnostics = configuration.IsValid ? WorkspaceFactory.ReadConfiguration(options, paths).Diagnostics : [];
        var problems = ConfigurationProblems.Join(configuration.Problems, diagnostics);
        foreach (var problem in problems)
        {
            StandardStreams.Error.WriteLine(problem.ToString());
        }

        if (problems.Any(static problem => problem.IsError))
        {
            StandardStreams.Error.WriteLine($"{Product.Name} did not start, and nothing was changed.");
            return Task.FromResult(ExitCode.InvalidConfiguration);
        }

        ProcessMemory.KeepFreed();
        var context = new ServerContext(
            options,
            ModeDetector.Resolve(options.Mode.Value),
            paths,
            TrustDecision.From(options.TrustWorkspace, RecordedTrust.Find(options.Workspace.Value)),
            [.. configuration.Problems.Select(static problem => problem.ToString())]
        );
        return ServeAsync(context);
    }

    private static Task<int> ServeAsync(ServerContext context) =>
        context.Mode == TransportMode.Stdio ? StdioHost.RunAsync(context) : HttpHost.RunAsync(context);

    // The first that can be served says how the server is reached; what is wrong with another keeps none from being served.
    private static async Task<int> ServeSeveralAsync(IReadOnlyList<ServedWorkspace> selected, CommandLineValues commandLine)
    {
        using var served = new ServedWorkspaces(selected);
        var told = new List<string>();
        foreach (var one in served.All)
        {
            var candidate = WorkspaceCandidate.OfServer(one, commandLine);
            told.AddRange(candidate.Problems.Select(problem => $"workspace '{one.Name}': {problem}"));
            if (!candidate.IsValid)
            {
                one.Fail(candidate.Trouble);
                continue;
            }

            told.ForEach(StandardStreams.Error.WriteLine);
            ProcessMemory.KeepFreed();
            return await ServeAsync(
                new ServerContext(
                    candidate.Options,
                    ModeDetector.Resolve(candidate.Options.Mode.Value),
                    new WorkspacePaths(one.Folder),
                    TrustDecision.From(candidate.Options.TrustWorkspace, RecordedTrust.Find(one.Folder)),
                    candidate.Warnings
                )
                {
                    Served = served,
                    ServedName = one.Name,
                    CommandLine = commandLine,
                }
            );
        }

        told.ForEach(StandardStreams.Error.WriteLine);
        StandardStreams.Error.WriteLine($"{Product.Name} did not start, and nothing was changed.");
        return ExitCode.InvalidConfiguration;
    }
}
