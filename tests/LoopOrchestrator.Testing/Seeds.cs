using System.Globalization;
using Xunit;

namespace LoopOrchestrator.Testing;

/// <summary>
/// Where the randomness of a test comes from. A daily test has the same seed in every run, so that no build turns red by chance. A long
/// one,
/// which is explicit and has the trait <c>kind</c> = <c>soak</c>, draws its own each time, for finding more over the years.
/// </summary>
public static class Seeds
{
    /// <summary>The variable that gives long tests the seed of an earlier run.</summary>
    public const string Variable = "LOOP_TEST_SEED";

    /// <summary>The seed of every daily test that needs one.</summary>
    public const int Daily = 20261129;

    /// <summary>
    /// A seed for a long test: <see cref="Variable"/>, else one of its own. It stands in the test's output; name it in the test's failures
    /// too.
    /// </summary>
    public static int Draw()
    {
        var seed = int.TryParse(Environment.GetEnvironmentVariable(Variable), CultureInfo.InvariantCulture, out var given)
            ? given
            : Random.Shared.Next();
        TestContext.Current.TestOutputHelper?.WriteLine($"seed {seed} (repeat with {Variable}={seed})");
        return seed;
    }
}
