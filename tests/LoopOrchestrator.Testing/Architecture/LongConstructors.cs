using System.Reflection;
using System.Runtime.CompilerServices;

namespace LoopOrchestrator.Testing.Architecture;

/// <summary>
/// Constructors that take so many things that their class does several. Records are not looked at: the parameters of a record are the
/// data that it holds, and as many as the thing has that it tells of; they stand with their names where one is made.
/// </summary>
public static class LongConstructors
{
    /// <summary>How many parameters a constructor may have.</summary>
    public const int MaxParameters = 7;

    /// <summary>The types with a longer constructor, each with the number of its parameters.</summary>
    public static IReadOnlyList<string> Find(IEnumerable<Type> types) =>
        [
            .. types
                .Where(static type => !IsRecord(type) && !type.IsDefined(typeof(CompilerGeneratedAttribute), inherit: false))
                .Select(static type => (Type: type, Count: Constructors(type).Max(static one => (int?)one.GetParameters().Length)))
                .Where(static one => one.Count > MaxParameters)
                .Select(static one => $"{one.Type.FullName}: {one.Count}")
                .Order(StringComparer.Ordinal),
        ];

    private static ConstructorInfo[] Constructors(Type type) =>
        type.GetConstructors(BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Instance);

    // The compiler gives every record a method of this name, and nothing else can have one; a record struct prints its members.
    private static bool IsRecord(Type type) =>
        type.GetMethod("<Clone>$") is not null
        || (type.IsValueType && type.GetMethod("PrintMembers", BindingFlags.NonPublic | BindingFlags.Instance) is not null);
}
