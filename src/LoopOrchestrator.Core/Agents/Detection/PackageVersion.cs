using System.Text.Json;
using LoopOrchestrator.Core.Agents.Events;
using LoopOrchestrator.Core.Files;

namespace LoopOrchestrator.Core.Agents.Detection;

/// <summary>Reads the version of a program that npm installed out of its package, so that nothing has to be executed to know it.</summary>
internal static class PackageVersion
{
    private const int MaxLevels = 3;
    private const int MaxPackageBytes = 1024 * 1024;

    /// <param name="program">The program's real path.</param>
    /// <returns>The version, or <see langword="null"/> where the program does not come out of such a package.</returns>
    public static string? Find(string program)
    {
        if (!program.Contains($"{Path.DirectorySeparatorChar}node_modules{Path.DirectorySeparatorChar}", StringComparison.Ordinal))
        {
            return null;
        }

        var folder = Path.GetDirectoryName(program);
        for (var level = 0; folder is not null && level < MaxLevels; level++, folder = Path.GetDirectoryName(folder))
        {
            var file = new FileInfo(Path.Combine(folder, "package.json"));
            if (!file.Exists || file.Length > MaxPackageBytes)
            {
                continue;
            }

            try
            {
                using var package = JsonDocument.Parse(DurableFile.ReadOrNull(file.FullName) ?? []);
                if (package.RootElement.Text("name") is not null && package.RootElement.Text("version") is { } version)
                {
                    return version;
                }
            }
            catch (Exception exception)
                when (exception is JsonException or InvalidOperationException or IOException or UnauthorizedAccessException)
            {
                return null;
            }
        }

        return null;
    }
}
