using System.IO.Enumeration;
using LoopOrchestrator.Core.Configuration;
using LoopOrchestrator.Core.Diagnostics;
using LoopOrchestrator.Core.Files;
using LoopOrchestrator.Core.Memory;
using LoopOrchestrator.Core.Modes;
using LoopOrchestrator.Core.Modes.Import;
using LoopOrchestrator.Core.Scheduling.Reading;
using LoopOrchestrator.Core.Timing.Reports;
using LoopOrchestrator.Core.Todo;

namespace LoopOrchestrator.Core;

/// <summary>
/// Reads the files of a folder by their names, as a workspace would read its own, and says what is wrong. Changes nothing.
/// </summary>
public static class FolderExamination
{
    /// <summary>The most files that are read.</summary>
    public const int MaxFiles = 2000;

    private static readonly EnumerationOptions Below = new()
    {
        RecurseSubdirectories = true,
        IgnoreInaccessible = true,
        AttributesToSkip = FileAttributes.ReparsePoint,
    };

    private static readonly string[] PassedOver = [".git", "node_modules", ".loop"];

    /// <summary>Reads all files below a folder that look like a workspace's, in the order of their names.</summary>
    /// <param name="folder">The folder, absolute.</param>
    /// <param name="zone">The zone of schedules that name none.</param>
    public static IReadOnlyList<ExaminedFile> Examine(string folder, TimeZoneInfo zone)
    {
        var paths = new WorkspacePaths(folder);
        return
        [
            .. Files(folder)
                .Select(file => Path.GetRelativePath(folder, file).Replace(Path.DirectorySeparatorChar, '/'))
                .Where(static file => KindOf(file) is not null)
                .Order(StringComparer.Ordinal)
                .Take(MaxFiles)
                .Select(file => Examine(paths, file, KindOf(file)!, zone)),
        ];
    }

    // What is passed over is not looked into: packages and git's objects can be a million files.
    private static FileSystemEnumerable<string> Files(string folder) =>
        new(folder, static (ref FileSystemEntry entry) => entry.ToFullPath(), Below)
        {
            ShouldIncludePredicate = static (ref FileSystemEntry entry) => !entry.IsDirectory,
            ShouldRecursePredicate = static (ref FileSystemEntry entry) =>
                !PassedOver.Contains(entry.FileName.ToString(), StringComparer.Ordinal),
        };

    private static string? KindOf(string file)
    {
        var name = Path.GetFileName(file).ToLowerInvariant();
        return name switch
        {
            "mcp_startup.json" => "configuration",
            ".kilocodemodes" or "custom_modes.yaml" or "custom_modes.yml" or "custom_modes.json" => "modes",
            _ when name.EndsWith("roomodes", StringComparison.Ordinal) => "modes",
            _ when name.EndsWith(".json", StringComparison.Ordinal) && name.StartsWith("schedules", StringComparison.Ordinal) =>
                "schedules",
            _ when name.EndsWith(".tsv", StringComparison.Ordinal) => "time_log",
            _ when name.EndsWith(".md", StringComparison.Ordinal) && file.Contains(".claude/agents/", StringComparison.Ordinal) => "agent",
            _ when name.EndsWith(".md", StringComparison.Ordinal) && name.Contains("memory", StringComparison.Ordinal) => "memory",
            _ when name.EndsWith(".md", StringComparison.Ordinal) && name.StartsWith("todo", StringComparison.Ordinal) => "plan",
            _ => null,
        };
    }

    private static ExaminedFile Examine(WorkspacePaths paths, string file, string kind, TimeZoneInfo zone)
    {
        try
        {
            var content = new SharedPath(paths, Path.Combine(paths.Root, file), FileSizes.Own).ReadOrNull() ?? [];
            switch (kind)
            {
                case "schedules":
                    var schedules = ScheduleFile.Read(content, file, zone);
                    return new ExaminedFile(file, kind, schedules.Schedules.Length, schedules.Diagnostics);
                case "modes":
                    var modes = RooModesFile.Read(content, file);
                    return new ExaminedFile(file, kind, modes.Modes.Count, modes.Diagnostics);
                case "agent":
                    var agent = ClaudeAgentFile.Read(content, file, Path.GetFileNameWithoutExtension(file));
                    return new ExaminedFile(file, kind, agent.Modes.Count, agent.Diagnostics);
                case "time_log":
                    var log = TimingLogReader.Parse(content, file);
                    return new ExaminedFile(file, kind, log.Entries.Count, log.Diagnostics);
                case "memory":
                    var memory = MemoryDocument.Parse(content);
                    return new ExaminedFile(file, kind, memory.Blocks.Count, [.. memory.Diagnostics(file)]);
                case "plan":
                    var plan = TodoDocument.Parse(content, file);
                    return new ExaminedFile(file, kind, plan.Items.Count, plan.Diagnostics);
                default:
                    var configuration = ConfigurationReader.Read(content, file);
                    return new ExaminedFile(file, kind, configuration.Configuration.Agents.Count, configuration.Diagnostics);
            }
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return new ExaminedFile(
                file,
                kind,
                0,
                [new Diagnostic(DiagnosticSeverity.Error, file, null, null, $"it cannot be read: {exception.Message}")]
            );
        }
    }
}
