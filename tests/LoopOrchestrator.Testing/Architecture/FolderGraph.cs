using Mono.Cecil;
using Mono.Cecil.Cil;
using Mono.Cecil.Rocks;

namespace LoopOrchestrator.Testing.Architecture;

/// <summary>
/// Which namespaces of an assembly use which others, read from its compiled types: signatures, bodies, attributes and all.
/// </summary>
public sealed class FolderGraph
{
    private readonly SortedDictionary<string, SortedDictionary<string, SortedSet<(string User, string Used)>>> _uses = new(
        StringComparer.Ordinal
    );

    // Namespaces of other assemblies by the namespace that uses them.
    private readonly SortedDictionary<string, SortedSet<string>> _foreign = new(StringComparer.Ordinal);

    private FolderGraph() { }

    /// <summary>The namespaces, sorted.</summary>
    public IReadOnlyCollection<string> Folders => _uses.Keys;

    /// <summary>Reads an assembly.</summary>
    /// <param name="file">The assembly.</param>
    /// <param name="root">The namespace that all others are below of; itself a node with the name ".".</param>
    public static FolderGraph Read(string file, string root)
    {
        // The sizes of foreign enumerations in attributes have to be looked up; this process's own assemblies are searched anyway.
        using var resolver = new DefaultAssemblyResolver();
        resolver.AddSearchDirectory(Path.GetDirectoryName(file));
        using var module = ModuleDefinition.ReadModule(file, new ReaderParameters { AssemblyResolver = resolver });
        var graph = new FolderGraph();
        foreach (var type in module.GetAllTypes().Where(type => FolderOf(type, root) is not null))
        {
            graph.Add(FolderOf(type, root)!);
            graph.AddForeign(
                FolderOf(type, root)!,
                References(type).Where(used => used is not GenericParameter && Definition(used, module) is null)
            );
            foreach (var used in References(type).Select(used => Definition(used, module)).OfType<TypeDefinition>())
            {
                if (FolderOf(used, root) is { } to)
                {
                    graph.Add(FolderOf(type, root)!, to, Outermost(type).Name, Outermost(used).Name);
                }
            }
        }

        return graph;
    }

    /// <summary>A graph of made-up edges.</summary>
    /// <param name="edges">The edges, each between two namespaces with a type of that name in them.</param>
    public static FolderGraph Of(params (string From, string To)[] edges)
    {
        var graph = new FolderGraph();
        foreach (var (from, to) in edges)
        {
            graph.Add(to);
            graph.Add(from, to, from, to);
        }

        return graph;
    }

    /// <summary>The namespaces that use something of a namespace of another assembly, or of one below it; sorted.</summary>
    /// <param name="foreign">That namespace.</param>
    public IReadOnlyCollection<string> UsersOf(string foreign) =>
        [
            .. _foreign
                .Where(user => user.Value.Any(used => used == foreign || used.StartsWith(foreign + ".", StringComparison.Ordinal)))
                .Select(static user => user.Key),
        ];

    /// <summary>What a namespace uses, sorted.</summary>
    /// <param name="folder">The namespace.</param>
    public IReadOnlyCollection<string> UsesOf(string folder) => _uses[folder].Keys;

    /// <summary>Which types of a namespace use which types of another, sorted; none where it does not use it.</summary>
    /// <param name="from">The namespace that uses.</param>
    /// <param name="to">The namespace that is used.</param>
    public IReadOnlyCollection<(string User, string Used)> TypesBetween(string from, string to) =>
        _uses.TryGetValue(from, out var uses) && uses.TryGetValue(to, out var types) ? types : [];

    /// <summary>The sets of two and more namespaces that use each other, directly or by others; each sorted, the largest first.</summary>
    public IReadOnlyList<IReadOnlyList<string>> Cycles()
    {
        var reach = _uses.Keys.ToDictionary(static folder => folder, ReachedFrom, StringComparer.Ordinal);
        return
        [
            .. _uses
                .Keys.Select(folder =>
                    (IReadOnlyList<string>)[.. reach[folder].Where(other => reach[other].Contains(folder)).Order(StringComparer.Ordinal)]
                )
                .Where(static cycle => cycle.Count > 1)
                .DistinctBy(static cycle => string.Join('\n', cycle), StringComparer.Ordinal)
                .OrderByDescending(static cycle => cycle.Count)
                .ThenBy(static cycle => cycle[0], StringComparer.Ordinal),
        ];
    }

    private void AddForeign(string folder, IEnumerable<TypeReference> used)
    {
        if (!_foreign.TryGetValue(folder, out var known))
        {
            _foreign.Add(folder, known = new SortedSet<string>(StringComparer.Ordinal));
        }

        known.UnionWith(used.Select(static type => OutermostReference(type).Namespace));
    }

    private static TypeReference OutermostReference(TypeReference type)
    {
        while ((type is TypeSpecification wrapped ? wrapped.ElementType : type.DeclaringType) is { } next)
        {
            type = next;
        }

        return type;
    }

    private HashSet<string> ReachedFrom(string folder)
    {
        var reached = new HashSet<string>(StringComparer.Ordinal);
        var open = new Stack<string>(_uses[folder].Keys);
        while (open.TryPop(out var next))
        {
            if (reached.Add(next))
            {
                foreach (var further in _uses[next].Keys)
                {
                    open.Push(further);
                }
            }
        }

        return reached;
    }

    private SortedDictionary<string, SortedSet<(string User, string Used)>> Add(string folder)
    {
        if (!_uses.TryGetValue(folder, out var known))
        {
            _uses[folder] = known = new SortedDictionary<string, SortedSet<(string User, string Used)>>(StringComparer.Ordinal);
        }

        return known;
    }

    private void Add(string from, string to, string user, string used)
    {
        var uses = Add(from);
        if (from != to)
        {
            Add(to);
            uses.TryAdd(to, []);
            uses[to].Add((user, used));
        }
    }

    private static string? FolderOf(TypeDefinition type, string root)
    {
        var name = Outermost(type).Namespace;
        return name == root ? "."
            : name.StartsWith(root + ".", StringComparison.Ordinal) ? name[(root.Length + 1)..].Replace('.', '/')
            : null;
    }

    // A nested type, also one that the compiler made for a lambda, belongs to where its outermost type stands.
    private static TypeDefinition Outermost(TypeDefinition type)
    {
        while (type.DeclaringType is { } outer)
        {
            type = outer;
        }

        return type;
    }

    private static TypeDefinition? Definition(TypeReference type, ModuleDefinition module)
    {
        while (type is TypeSpecification wrapped)
        {
            type = wrapped.ElementType;
        }

        return type is TypeDefinition definition && definition.Module == module ? definition : null;
    }

    private static IEnumerable<TypeReference> References(TypeDefinition type)
    {
        var direct = new List<TypeReference?> { type.BaseType };
        direct.AddRange(type.Interfaces.Select(static one => one.InterfaceType));
        direct.AddRange(type.GenericParameters.SelectMany(static one => one.Constraints).Select(static one => one.ConstraintType));
        direct.AddRange(type.Fields.Select(static field => field.FieldType));
        direct.AddRange(type.Properties.Select(static property => property.PropertyType));
        direct.AddRange(type.Events.Select(static one => one.EventType));
        direct.AddRange(
            type.CustomAttributes.Concat(type.Fields.SelectMany(static field => field.CustomAttributes))
                .Concat(type.Properties.SelectMany(static property => property.CustomAttributes))
                .Concat(type.Methods.SelectMany(static method => method.CustomAttributes))
                .SelectMany(OfAttribute)
        );
        foreach (var method in type.Methods)
        {
            direct.AddRange(OfMethod(method));
            direct.AddRange(method.GenericParameters.SelectMany(static one => one.Constraints).Select(static one => one.ConstraintType));
            if (method.HasBody)
            {
                direct.AddRange(method.Body.Variables.Select(static variable => variable.VariableType));
                direct.AddRange(method.Body.ExceptionHandlers.Select(static handler => handler.CatchType));
                direct.AddRange(method.Body.Instructions.SelectMany(OfInstruction));
            }
        }

        return direct.OfType<TypeReference>().SelectMany(Parts);
    }

    private static IEnumerable<TypeReference?> OfInstruction(Instruction instruction) =>
        instruction.Operand switch
        {
            MethodReference method => OfMethod(method).Append(method.DeclaringType),
            FieldReference field => [field.DeclaringType, field.FieldType],
            TypeReference type => [type],
            _ => [],
        };

    private static IEnumerable<TypeReference?> OfMethod(MethodReference method)
    {
        var all = method.Parameters.Select(static parameter => parameter.ParameterType).Append(method.ReturnType);
        return method is GenericInstanceMethod generic ? all.Concat(generic.GenericArguments) : all;
    }

    // [JsonSerializable(typeof(X))] depends on X although no instruction names it.
    private static IEnumerable<TypeReference?> OfAttribute(CustomAttribute attribute) =>
        attribute
            .ConstructorArguments.Concat(attribute.Properties.Select(static property => property.Argument))
            .Select(static argument => argument.Value as TypeReference)
            .Append(attribute.AttributeType);

    // List<Dictionary<A, B[]>> uses A and B.
    private static IEnumerable<TypeReference> Parts(TypeReference type) =>
        type switch
        {
            GenericInstanceType generic => generic.GenericArguments.SelectMany(Parts).Append(generic.ElementType),
            TypeSpecification wrapped => Parts(wrapped.ElementType),
            _ => [type],
        };
}
