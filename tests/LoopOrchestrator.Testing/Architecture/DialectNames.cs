using System.Reflection;
using System.Runtime.CompilerServices;
using System.Text.RegularExpressions;

namespace LoopOrchestrator.Testing.Architecture;

/// <summary>
/// Names that begin with a word for which docs/glossary.md has the field's: look, see, lay, settle, tell, mend; most, longest, least and
/// shortest of a limit. Alone, such a word may be a figure ("the longest") or a predicate.
/// </summary>
public static partial class DialectNames
{
    /// <summary>The types and members with such a name, each by the name of its type.</summary>
    public static IReadOnlyList<string> Find(Assembly assembly) =>
        [
            .. assembly
                .GetTypes()
                .Where(static type => !type.IsDefined(typeof(CompilerGeneratedAttribute), inherit: false))
                .SelectMany(static type =>
                    type.GetMembers(All).Select(static member => member.Name).Append(type.Name).Select(name => (Type: type, Name: name))
                )
                .Where(static member => IsOne(member.Name))
                .Select(static member => $"{member.Type.FullName}: {member.Name}")
                .Order(StringComparer.Ordinal),
        ];

    /// <summary>Whether this is such a name.</summary>
    public static bool IsOne(string name) => Form().IsMatch(name);

    private const BindingFlags All =
        BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Instance | BindingFlags.Static | BindingFlags.DeclaredOnly;

    [GeneratedRegex(
        "^_?(Try)?(([Ll]ook|[Ss]ee|[Ll]ay|[Ss]ettle|[Tt]ell|[Mm]end)s?(Async|[A-Z].*)?|([Mm]ost|[Ll]ongest|[Ll]east|[Ss]hortest)[A-Z].*)$",
        RegexOptions.ExplicitCapture,
        matchTimeoutMilliseconds: 1000
    )]
    private static partial Regex Form();
}
