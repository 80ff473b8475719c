using System.Globalization;
using LoopOrchestrator.Core.WorkFiles;

namespace LoopOrchestrator.Mcp.Tools.Files;

/// <summary>What an answer says beside what it shows, so that nobody takes a part for the whole. Pure.</summary>
internal static class FileNote
{
    /// <summary>Says which folders were left out, and what else there is to say; <see langword="null"/> where there is nothing.</summary>
    public static string? Of(int unreadable, int cut, string? more = null)
    {
        string?[] parts =
        [
            more,
            unreadable == 0 ? null : string.Create(CultureInfo.InvariantCulture, $"Folders that could not be read: {unreadable}."),
            cut == 0
                ? null
                : string.Create(
                    CultureInfo.InvariantCulture,
                    $"Folders with more than {WorkFileLimits.Folder:N0} entries, of which the others were left out: {cut}."
                ),
        ];
        return string.Join(' ', parts.OfType<string>()) is { Length: > 0 } note ? note : null;
    }
}
