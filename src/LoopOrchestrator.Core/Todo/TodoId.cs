using System.Security.Cryptography;
using System.Text;

namespace LoopOrchestrator.Core.Todo;

/// <summary>
/// The ids of items. The first half is made from the title alone, the second from section, title and, among equals, the position:
/// so an item that moved, or whose heading was renamed, can still be told by the first half.
/// </summary>
internal static class TodoId
{
    private const int HalfBytes = 3;

    /// <summary>Makes an id.</summary>
    public static string Make(string section, string titleKey, int occurrence) =>
        Half(titleKey) + Half($"{section}\n{titleKey}\n{occurrence}");

    /// <summary>Whether a text has the form of an id.</summary>
    public static bool IsValid(string text) => text.Length == 4 * HalfBytes && text.All(char.IsAsciiHexDigit);

    /// <summary>Whether two ids were made from the same title.</summary>
    public static bool HaveSameTitle(string left, string right) =>
        left.AsSpan(0, 2 * HalfBytes).Equals(right.AsSpan(0, 2 * HalfBytes), StringComparison.OrdinalIgnoreCase);

    private static string Half(string text) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)).AsSpan(0, HalfBytes));
}
