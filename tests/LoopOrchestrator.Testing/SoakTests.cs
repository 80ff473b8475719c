using System.Reflection;
using Xunit;

namespace LoopOrchestrator.Testing;

/// <summary>The long tests of an assembly: explicit, and with the trait <c>kind</c> = <c>soak</c>.</summary>
public static class SoakTests
{
    /// <summary>
    /// The tests with only one of both: an explicit one without the trait is never run and counts as skipped, one with the trait alone is
    /// passed over by <c>dotnet test</c> and by <c>.ci/run soak</c>.
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
                fact.Explicit != method.GetCustomAttributes<TraitAttribute>().Any(static trait => trait is { Name: "kind", Value: "soak" })
            select $"{type.Name}.{method.Name}",
        ];
    }
}
