using LoopOrchestrator.Core;
using LoopOrchestrator.Core.Configuration;
using LoopOrchestrator.Core.Errors;
using LoopOrchestrator.Core.Files;
using LoopOrchestrator.Core.Register;
using LoopOrchestrator.Mcp.Bootstrap;
using LoopOrchestrator.Mcp.Cli.Output;
using Microsoft.Extensions.Logging.Abstractions;

namespace LoopOrchestrator.Mcp.Cli.Register;

/// <summary>How a registered workspace stands. Looks, and makes nothing in it.</summary>
internal static class RegisteredState
{
    public static async Task<WorkspacesAnswer.NamedWorkspace> ReadAsync(RegisteredWorkspace registered, CancellationToken cancellationToken)
    {
        var trust = new WorkspaceTrust(registered.Folder, givenBy: null);
        if (!Directory.Exists(registered.Folder))
        {
            return Entry("gone", [], $"the folder {registered.Folder} is gone; bring it back, or: workspace remove {registered.Name}");
        }

        try
        {
            // Of its records only who serves it is asked for, for which no configuration counts.
            using var workspace = new Workspace(
                new WorkspacePaths(registered.Folder),
                new OrchestratorConfiguration(),
                trust,
                SelfCommand.Get(),
                TimeProvider.System,
                NullLoggerFactory.Instance
            );
            var firing = (await workspace.Servers.HolderAsync(cancellationToken))?.Identity;
            return Entry(
                "there",
                [
                    .. (await workspace.Servers.AliveAsync(cancellationToken)).Select(server => new WorkspacesAnswer.ServingProcess(
                        server.Pid,
                        server.Mode,
                        server.Identity == firing,
                        server.StartedAt
                    )),
                ],
                problem: null
            );
        }
        catch (Exception exception) when (exception is UserErrorException or IOException or UnauthorizedAccessException)
        {
            return Entry("unreadable", [], exception.Message);
        }

        WorkspacesAnswer.NamedWorkspace Entry(string state, IReadOnlyList<WorkspacesAnswer.ServingProcess> servers, string? problem) =>
            new(registered.Name, registered.Folder, registered.Added, state, trust.IsRecorded, servers, problem);
    }
}
