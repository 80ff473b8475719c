using LoopOrchestrator.Core;
using LoopOrchestrator.Core.Errors;
using LoopOrchestrator.Mcp.Served;
using Microsoft.Extensions.DependencyInjection;

namespace LoopOrchestrator.Mcp.Hosting.Sessions;

/// <summary>Which clients hold a run now, in a server of one workspace or of several.</summary>
internal static class SessionHolders
{
    /// <summary>Finds them.</summary>
    /// <param name="services">The server's.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns><see langword="null"/> where it cannot be told: whoever is not seen may hold one all the same.</returns>
    public static async Task<IReadOnlySet<string>?> FindAsync(IServiceProvider services, CancellationToken cancellationToken)
    {
        if (services.GetService<ServedWorkspaces>() is not { } served)
        {
            return await FindOfOneAsync(services, cancellationToken);
        }

        var answers = await served.AskAllAsync(
            static (one, token) => one.GetRequiredService<Workspace>().Runs.HoldersAsync(token),
            services.GetRequiredService<TimeProvider>(),
            cancellationToken
        );

        // A session may hold a run of any of them; of one that was never opened nobody has got one here.
        return answers.Any(static answer => answer is { Value: null, Of.Services: not null })
            ? null
            : answers
                .SelectMany(static answer => answer.Value ?? new HashSet<string>(StringComparer.Ordinal))
                .ToHashSet(StringComparer.Ordinal);
    }

    private static async Task<IReadOnlySet<string>?> FindOfOneAsync(IServiceProvider services, CancellationToken cancellationToken)
    {
        try
        {
            return await services.GetRequiredService<Workspace>().Runs.HoldersAsync(cancellationToken);
        }
        catch (Exception exception) when (exception is UserErrorException or IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }
}
