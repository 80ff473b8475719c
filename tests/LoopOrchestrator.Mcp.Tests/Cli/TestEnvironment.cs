using LoopOrchestrator.Mcp.Tests.Cli;
using LoopOrchestrator.Testing;
using LoopOrchestrator.Testing.Processes;

[assembly: AssemblyFixture(typeof(TestEnvironment))]

namespace LoopOrchestrator.Mcp.Tests.Cli;

/// <summary>
/// What commands in the process of the tests find as their environment, set once before the first test: settings that are nobody's, times
/// in UTC, and none of the product's variables.
/// </summary>
public sealed class TestEnvironment : IDisposable
{
    private const string ConfigurationHome = "XDG_CONFIG_HOME";

    public TestEnvironment()
    {
        foreach (var name in Environment.GetEnvironmentVariables().Keys.Cast<string>().Where(IsOfTheProduct))
        {
            Environment.SetEnvironmentVariable(name, null);
        }

        Environment.SetEnvironmentVariable(ConfigurationHome, TemporaryPlace.Create());
        Environment.SetEnvironmentVariable("TZ", "UTC");

        // For what the tests start, as in ServerProcess.
        foreach (var (name, value) in RuntimeVariables.OfShortLives)
        {
            Environment.SetEnvironmentVariable(name, value);
        }

        TimeZoneInfo.ClearCachedData();
    }

    /// <summary>The folder of the user's settings.</summary>
    public static string Settings => Environment.GetEnvironmentVariable(ConfigurationHome)!;

    public void Dispose() => Directory.Delete(Settings, recursive: true);

    private static bool IsOfTheProduct(string name) =>
        name.StartsWith("LOOP_", StringComparison.Ordinal) && !name.StartsWith("LOOP_TEST_", StringComparison.Ordinal);
}
