using LoopOrchestrator.Core.Files;
using LoopOrchestrator.Core.Processes;
using LoopOrchestrator.Mcp.Bootstrap;
using LoopOrchestrator.Mcp.Configuration;
using LoopOrchestrator.Mcp.Hosting;

namespace LoopOrchestrator.Mcp.Cli;

/// <summary>Serves until told to stop.</summary>
internal static class ServeCommand
{
    public static Task<int> RunAsync(CommandLineValues commandLine)
    {
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
        return context.Mode == TransportMode.Stdio ? StdioHost.RunAsync(context) : HttpHost.RunAsync(context);
    }
}
