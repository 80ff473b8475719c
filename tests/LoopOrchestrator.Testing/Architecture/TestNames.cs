using System.Reflection;
using System.Text.RegularExpressions;
using Xunit;

namespace LoopOrchestrator.Testing.Architecture;

/// <summary>The names of the tests of an assembly: what is tested, under which condition, and what is expected.</summary>
public static partial class TestNames
{
    /// <summary>
    /// The tests whose names have another form than <c>Method_Condition_Expectation</c>, each part of it words in Pascal case.
    /// </summary>
    /// <param name="assembly">The assembly with the tests.</param>
    public static IReadOnlyList<string> OfAnotherForm(Assembly assembly)
    {
        ArgumentNullException.ThrowIfNull(assembly);
        return
        [
            .. from type in assembly.GetTypes()
            from method in type.GetMethods(BindingFlags.Instance | BindingFlags.Static | BindingFlags.Public | BindingFlags.DeclaredOnly)
            where method.GetCustomAttributes<FactAttribute>().Any() && !IsOfTheForm(method.Name)
            select $"{type.Name}.{method.Name}",
        ];
    }

    /// <summary>Whether a name has the form.</summary>
    public static bool IsOfTheForm(string name) => ThreeParts().IsMatch(name);

    [GeneratedRegex("^[A-Z][A-Za-z0-9]*(?:_[A-Z0-9][A-Za-z0-9]*){2}$", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 5000)]
    private static partial Regex ThreeParts();
}
