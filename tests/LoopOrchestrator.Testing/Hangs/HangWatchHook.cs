using Microsoft.Testing.Platform.Builder;

namespace LoopOrchestrator.Testing.Hangs;

/// <summary>Called by the entry point that the test platform generates for each test project.</summary>
public static class HangWatchHook
{
    /// <summary>Adds the <see cref="HangWatch"/>.</summary>
    /// <param name="builder">What the extension is added to.</param>
    /// <param name="_">The command line, which the platform passes to every extension.</param>
    public static void AddExtensions(ITestApplicationBuilder builder, string[] _)
    {
        ArgumentNullException.ThrowIfNull(builder);
        builder.TestHost.AddDataConsumer(static _ => new HangWatch());
    }
}
