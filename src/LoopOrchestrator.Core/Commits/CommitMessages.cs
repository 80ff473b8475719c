using System.Text.RegularExpressions;

namespace LoopOrchestrator.Core.Commits;

/// <summary>Makes the first lines of messages from files, and says only what the files tell. Pure.</summary>
internal static partial class CommitMessages
{
    /// <summary>The most characters of a first line that is made here.</summary>
    public const int MaxSubjectLength = 72;

    private const int MaxScopeLength = 24;
    private const int MaxNames = 3;

    /// <summary>How a type is written.</summary>
    public static string Name(this CommitType type) => type.ToString().ToLowerInvariant();

    /// <summary>The type and scope that a message begins with, where it has them.</summary>
    public static (CommitType? Type, string? Scope) Parse(string message)
    {
        var match = Conventional().Match(message);
        return match.Success && Enum.TryParse<CommitType>(match.Groups["type"].Value, ignoreCase: true, out var type)
            ? (type, match.Groups["scope"] is { Success: true, Length: > 0 } scope ? scope.Value : null)
            : (null, null);
    }

    /// <summary>A folder or file name as a scope; <see langword="null"/> where it makes none.</summary>
    public static string? Scope(string name)
    {
        var scope = string.Concat(
                name.ToLowerInvariant()
                    .Select(static letter => char.IsAsciiLetterOrDigit(letter) || letter is '-' or '.' or '_' ? letter : '-')
            )
            .Trim('-', '.', '_');
        return scope.Length is 0 or > MaxScopeLength ? null : scope;
    }

    /// <summary>The first line for some files.</summary>
    /// <param name="type">Its type.</param>
    /// <param name="scope">Its scope, if any.</param>
    /// <param name="files">The files to speak of.</param>
    /// <param name="display">How a file is called.</param>
    /// <param name="place">The folder that they lie in; empty where they have none in common.</param>
    /// <param name="withTests">Whether tests of theirs go with them.</param>
    public static string Subject(
        CommitType type,
        string? scope,
        IReadOnlyList<ChangedFile> files,
        Func<ChangedFile, string> display,
        string place,
        bool withTests
    )
    {
        var gone = files.Select(static file => file.MovedFrom).OfType<string>().ToHashSet(StringComparer.Ordinal);
        var told = files.Where(file => !(file.Kind == ChangeKind.Deleted && gone.Contains(file.Path))).ToList();
        var tests =
            !withTests ? ""
            : told.Count == 1 ? " with its tests"
            : " with their tests";
        var verb = Verb(told);
        var added = told.Where(static file => file.Kind == ChangeKind.Added && file.MovedFrom is null).ToList();
        var isMixed = added.Count > 0 && added.Count < told.Count;
        var within = place.Length == 0 ? "" : $" in {Clean(place)}";
        string[] texts =
        [
            .. isMixed && told.Count <= MaxNames
                ? [$"add {Names(added, display)} and change {Names([.. told.Except(added)], display)}{tests}"]
                : (string[])[],
            .. isMixed && added.Count <= MaxNames
                ? [$"add {Names(added, display)} and change {Count(told.Count - added.Count)}{tests}"]
                : (string[])[],
            .. !isMixed && told.Count <= MaxNames ? [$"{verb} {Names(told, display)}{tests}"] : (string[])[],
            $"{verb} {Count(told.Count)}{within}{tests}",
            $"{verb} {Count(told.Count)}{tests}",
        ];
        string?[] scopes = scope is null ? [null] : [scope, null];
        return scopes
            .SelectMany(_ => texts, (name, text) => $"{type.Name()}{(name is null ? "" : $"({name})")}: {text}")
            .First(static line => line.Length <= MaxSubjectLength);
    }

    /// <summary>A number of files in words.</summary>
    public static string Count(int number) => number == 1 ? "1 file" : $"{number} files";

    private static string Verb(List<ChangedFile> files) =>
        files.TrueForAll(static file => file.MovedFrom is not null) ? "move"
        : files.TrueForAll(static file => file.Kind == ChangeKind.Added) ? "add"
        : files.TrueForAll(static file => file.Kind == ChangeKind.Deleted) ? "remove"
        : files.TrueForAll(static file => file.IsWhitespaceOnly) ? "reformat"
        : "change";

    private static string Names(List<ChangedFile> files, Func<ChangedFile, string> display)
    {
        var names = files.Select(file => Clean(display(file))).Distinct(StringComparer.Ordinal).ToList();
        return names.Count == 1 ? names[0] : $"{string.Join(", ", names.SkipLast(1))} and {names[^1]}";
    }

    // A name may hold anything, and a first line ends at a line end.
    private static string Clean(string name) => string.Concat(name.Select(static letter => char.IsControl(letter) ? '?' : letter));

    [GeneratedRegex(
        @"^(?<type>feat|fix|test|docs|build|ci|chore|refactor|style)(\((?<scope>[^()\r\n]*)\))?!?: \S",
        RegexOptions.ExplicitCapture,
        matchTimeoutMilliseconds: 1000
    )]
    private static partial Regex Conventional();
}
