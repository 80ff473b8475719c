using System.Reflection;
using Xunit;

namespace LoopOrchestrator.Testing;

/// <summary>
/// The tests of an assembly that are not run daily: explicit, and with the trait <c>kind</c>, which is <c>soak</c> for the long ones and
/// <c>conformance</c> for those of the protocol's suite.
/// </summary>
public static class SoakTests
{
    /// <summary>
    /// The tests with only one of both: an explicit one without the trait is never run and counts as skipped, one with the trait alone is
    /// passed over by <c>dotnet test</c> and by <c>.ci/run</c>.
    /// </summary>
    /// <param name="assembly">The assembly with the tests.</param>
    /// <returns>Their names.</returns>
    public static IReadOnlyList<string> FindHalfMarked(Assembly assembly)
    {
        ArgumentNullException.ThrowIfNull(assembly);
        return
        [
            .. from type in assembly.GetTypes()
            from method in type.GetMethods(BindingFlags.Instance | BindingFlags.Static | BindingFlags.Public | BindingFlags.DeclaredOnly)
            from fact in method.GetCustomAttributes<FactAttribute>()
            where
                fact.Explicit
                != method
                    .GetCustomAttributes<TraitAttribute>()
                    .Any(static trait => trait is { Name: "kind", Value: "soak" or "conformance" })
            select $"{type.Name}.{method.Name}",
        ];
    }
}
