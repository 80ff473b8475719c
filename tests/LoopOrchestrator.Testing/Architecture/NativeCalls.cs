using Mono.Cecil;

namespace LoopOrchestrator.Testing.Architecture;

/// <summary>
/// Which types of an assembly declare calls of the system, however they are written and whatever a generator makes of them.
/// </summary>
public static class NativeCalls
{
    /// <summary>The full names of these types, of nested ones the outermost, each once and in order.</summary>
    /// <param name="file">The assembly's file.</param>
    public static IReadOnlyList<string> DeclaringTypes(string file)
    {
        using var module = ModuleDefinition.ReadModule(file);
        return [.. module.Types.Where(Declares).Select(static type => type.FullName).Order(StringComparer.Ordinal)];
    }

    private static bool Declares(TypeDefinition type) =>
        type.Methods.Any(static method => method.IsPInvokeImpl) || type.NestedTypes.Any(Declares);
}
