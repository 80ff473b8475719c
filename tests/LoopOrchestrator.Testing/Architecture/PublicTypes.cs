using System.Text.RegularExpressions;
using Mono.Cecil;

namespace LoopOrchestrator.Testing.Architecture;

/// <summary>Which types of a library are public although nobody outside of it has a use for them.</summary>
public static partial class PublicTypes
{
    /// <summary>
    /// Public types of a library that its consumer neither names nor meets in a signature of one that it names. Nested types go with the
    /// type that they stand in.
    /// </summary>
    /// <param name="library">The library's file.</param>
    /// <param name="consumer">The consumer's file.</param>
    /// <param name="source">The consumer's code: a constant of the library leaves no trace in what it was compiled to.</param>
    public static IReadOnlyList<string> Unused(string library, string consumer, string source)
    {
        using var libraryModule = ModuleDefinition.ReadModule(library);
        using var consumerModule = ModuleDefinition.ReadModule(consumer);
        var words = Words().Matches(source).Select(static match => match.Value).ToHashSet(StringComparer.Ordinal);
        var open = libraryModule
            .Types.Where(static type => type.IsPublic)
            .ToDictionary(static type => type.FullName, StringComparer.Ordinal);
        var needed = new Queue<string>(
            consumerModule
                .GetTypeReferences()
                .SelectMany(Names)
                .Concat(consumerModule.GetMemberReferences().OfType<MethodReference>().SelectMany(OfMethod).SelectMany(Names))
                .Concat(open.Values.Where(type => words.Contains(type.Name.Split('`')[0])).Select(static type => type.FullName))
        );
        while (needed.TryDequeue(out var name))
        {
            if (open.Remove(name, out var type))
            {
                foreach (var further in Signatures(type).SelectMany(Names))
                {
                    needed.Enqueue(further);
                }
            }
        }

        return [.. open.Keys.Order(StringComparer.Ordinal)];
    }

    private static IEnumerable<TypeReference> Signatures(TypeDefinition type) =>
        type
            .Interfaces.Select(static one => one.InterfaceType)
            .Append(type.BaseType ?? type)
            .Concat(type.GenericParameters.SelectMany(static one => one.Constraints).Select(static one => one.ConstraintType))
            .Concat(type.Fields.Where(static field => field.IsPublic || field.IsFamily).Select(static field => field.FieldType))
            .Concat(type.Methods.Where(static method => method.IsPublic || method.IsFamily).SelectMany(OfMethod))
            .Concat(type.NestedTypes.Where(static nested => nested.IsNestedPublic || nested.IsNestedFamily).SelectMany(Signatures));

    private static IEnumerable<TypeReference> OfMethod(MethodReference method) =>
        method
            .Parameters.Select(static parameter => parameter.ParameterType)
            .Append(method.ReturnType)
            .Concat(method.GenericParameters.SelectMany(static one => one.Constraints).Select(static one => one.ConstraintType));

    private static IEnumerable<string> Names(TypeReference type)
    {
        if (type is GenericInstanceType generic)
        {
            return generic.GenericArguments.Append(generic.ElementType).SelectMany(Names);
        }

        if (type is TypeSpecification wrapped)
        {
            return Names(wrapped.ElementType);
        }

        while (type.DeclaringType is { } outer)
        {
            type = outer;
        }

        return [type.FullName];
    }

    [GeneratedRegex(@"\b[A-Z]\w*", RegexOptions.None, matchTimeoutMilliseconds: 5000)]
    private static partial Regex Words();
}
