using System.Reflection;
using System.Runtime.CompilerServices;

namespace LoopOrchestrator.Testing.Architecture;

/// <summary>
/// Where compiled types hand out or take tuples. The names of a tuple's parts are the compiler's: a caller may mix up parts of the same
/// type, and a part that is added breaks every caller, which a record with its own name does not.
/// </summary>
public static class TupleSignatures
{
    private const BindingFlags Declared =
        BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Instance | BindingFlags.Static | BindingFlags.DeclaredOnly;

    /// <summary>The public and protected members with a tuple anywhere in their signature, by type and name.</summary>
    public static IReadOnlyList<string> Find(IEnumerable<Type> types) =>
        [
            .. types
                .SelectMany(static type =>
                    OfMembers(type)
                        .Append((Name: "(base)", Types: Bases(type)))
                        .Where(static member => member.Types.Any(Holds))
                        .Select(member => $"{type.FullName}.{member.Name}")
                )
                .Distinct(StringComparer.Ordinal)
                .Order(StringComparer.Ordinal),
        ];

    private static IEnumerable<(string Name, IEnumerable<Type> Types)> OfMembers(Type type) =>
        type.GetConstructors(Declared)
            .Where(IsOpen)
            .Select(static one => (one.Name, Parameters(one)))
            .Concat(type.GetMethods(Declared).Where(IsOpen).Select(static one => (one.Name, Parameters(one).Append(one.ReturnType))))
            .Concat(type.GetFields(Declared).Where(IsOpen).Select(static one => (one.Name, (IEnumerable<Type>)[one.FieldType])));

    private static IEnumerable<Type> Parameters(MethodBase method) => method.GetParameters().Select(static one => one.ParameterType);

    private static IEnumerable<Type> Bases(Type type) =>
        type.BaseType is { } parent ? type.GetInterfaces().Append(parent) : type.GetInterfaces();

    // Accessors of properties and events are methods with such a name too. What the compiler makes of a lambda is nobody's to call.
    private static bool IsOpen(MethodBase method) =>
        (method.IsPublic || method.IsFamily || method.IsFamilyOrAssembly) && !method.Name.Contains('<', StringComparison.Ordinal);

    private static bool IsOpen(FieldInfo field) => field.IsPublic || field.IsFamily || field.IsFamilyOrAssembly;

    private static bool Holds(Type type) =>
        type.HasElementType
            ? Holds(type.GetElementType()!)
            : typeof(ITuple).IsAssignableFrom(type) || (type.IsGenericType && type.GetGenericArguments().Any(Holds));
}
