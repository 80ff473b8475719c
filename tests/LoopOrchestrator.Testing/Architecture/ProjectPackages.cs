using System.Reflection;
using System.Xml.Linq;

namespace LoopOrchestrator.Testing.Architecture;

/// <summary>The packages that a project under <c>src</c> names.</summary>
public static class ProjectPackages
{
    /// <summary>Those that the compiled project has no use for; the compiler names in an assembly only what it uses.</summary>
    /// <param name="project">The project's name.</param>
    /// <param name="assembly">What it was compiled to.</param>
    public static IEnumerable<string> Unused(string project, Assembly assembly)
    {
        ArgumentNullException.ThrowIfNull(assembly);
        var used = assembly.GetReferencedAssemblies().Select(static reference => reference.Name).ToHashSet(StringComparer.Ordinal);
        return XDocument
            .Load(RepositoryFiles.Find($"src/{project}/{project}.csproj"))
            .Descendants("PackageReference")
            .Select(static reference => (string)reference.Attribute("Include")!)
            .Where(package => !used.Contains(package));
    }
}
