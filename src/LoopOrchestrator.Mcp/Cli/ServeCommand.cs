using LoopOrchestrator.Core.Findings;
using LoopOrchestrator.Core.Workspaces;
using LoopOrchestrator.Mcp.Configuration;
using LoopOrchestrator.Mcp.Hosting;

namespace LoopOrchestrator.Mcp.Cli;

/// <summary>Serves until told to stop.</summary>
internal static class ServeCommand
{
    public static Task<int> RunAsync(CommandLineValues commandLine)
    {
        var configuration = ServerOptionsResolver.FromProcess(commandLine);
        foreach (var problem in configuration.Problems)
        {
            StandardStreams.Error.WriteLine(problem.ToString());
        }

        if (!configuration.IsValid)
        {
            StandardStreams.Error.WriteLine($"{Product.Name} did not start, and nothing was changed.");
            return Task.FromResult(ExitCode.InvalidConfiguration);
        }

        var options = configuration.Options;
        var paths = new WorkspacePaths(options.Workspace.Value);
        var findings = WorkspaceFactory.ReadConfiguration(options, paths).Findings;
        foreach (var finding in findings)
        {
            StandardStreams.Error.WriteLine(finding.ToString());
        }

        if (findings.Any(static finding => finding.Severity == FindingSeverity.Error))
        {
            StandardStreams.Error.WriteLine($"{Product.Name} did not start, and nothing was changed.");
            return Task.FromResult(ExitCode.InvalidConfiguration);
        }

        var context = new ServerContext(
            options,
            ModeDetector.Resolve(options.Mode.Value),
            paths,
            TrustDecision.From(options.TrustWorkspace, RecordedTrust.Find(options.Workspace.Value)));
        return context.Mode == TransportMode.Stdio ? StdioHost.RunAsync(context) : HttpHost.RunAsync(context);
    }
}
