using LoopOrchestrator.Core.Commits.Credentials;
using LoopOrchestrator.Core.Commits.Roles;
using LoopOrchestrator.Core.Text;

namespace LoopOrchestrator.Core.Commits;

/// <summary>
/// Says which commits changed files make, without any model: by their paths and counts alone, so the messages claim no more than these
/// tell. Pure; the same files in any order give the same plan.
/// </summary>
internal static class CommitPlanner
{
    /// <summary>The plan.</summary>
    /// <param name="files">The changed files, each path once.</param>
    /// <param name="settings">What is left out.</param>
    /// <param name="message">
    /// A message for the code, which is then one commit; where there is no code, for the first commit that is not the loop's own files.
    /// </param>
    /// <param name="only">See <see cref="CommitRequest.Only"/>.</param>
    public static CommitPlan Plan(
        IReadOnlyList<ChangedFile> files,
        CommitSettings settings,
        string? message = null,
        IReadOnlySet<string>? only = null
    )
    {
        ArgumentNullException.ThrowIfNull(files);
        ArgumentNullException.ThrowIfNull(settings);
        var leftOut = new List<LeftOutFile>();
        var kept = new List<ChangedFile>();
        foreach (
            var file in files
                .DistinctBy(static file => file.Path, StringComparer.Ordinal)
                .OrderBy(static file => file.Path, StringComparer.Ordinal)
        )
        {
            if (Refuse(file, settings, only) is var (reason, detail))
            {
                leftOut.Add(new LeftOutFile(file.Path, reason, detail));
            }
            else
            {
                kept.Add(file);
            }
        }

        var placed = Place(kept);
        List<CommitGroup> groups =
        [
            .. Others(placed, CommitType.Build, "what the project is built with and configured by", FileRole.Build, FileRole.Configuration),
            .. CodeGroups
                .Divide([.. placed.Where(static file => file.Role is FileRole.Code or FileRole.Test)], asOne: message is not null)
                .Select(static group => Code(group.Key, group.Files)),
            .. Others(placed, CommitType.Docs, "documentation", FileRole.Docs),
            .. Others(placed, CommitType.Ci, "what checks the project elsewhere", FileRole.Ci),
            .. Others(placed, CommitType.Chore, "files that the loop keeps by itself", FileRole.Live),
        ];
        return new CommitPlan(message is null ? groups : WithMessage(groups, placed, message), leftOut);
    }

    private static (LeftOutReason Reason, string Detail)? Refuse(ChangedFile file, CommitSettings settings, IReadOnlySet<string>? only)
    {
        if (only?.Contains(file.Path) == false && FileRoles.Of(file.Path) != FileRole.Live)
        {
            return (LeftOutReason.NotAsked, "the cycle that is committed did not change it");
        }

        if (file.Path.Split('/').Any(static segment => segment.Equals(".loop", StringComparison.OrdinalIgnoreCase)))
        {
            return (LeftOutReason.State, "state of the loop itself, which is never committed");
        }

        if (file.Obstacle is { } obstacle)
        {
            return (obstacle, file.ObstacleDetail ?? "it cannot be committed");
        }

        if (FileRoles.Of(file.Path) == FileRole.Live && !settings.IncludeLiveFiles)
        {
            return (LeftOutReason.LiveFile, "the loop keeps it by itself, and commit.includeLiveFiles is off");
        }

        if (file.Kind == ChangeKind.Deleted)
        {
            return null;
        }

        if (CredentialFileNames.IsCredential(file.Path))
        {
            return (
                LeftOutReason.Credential,
                "files of this name hold credentials; have it ignored, or commit it by hand if it holds none"
            );
        }

        if (file.Bytes > settings.MaxFileBytes)
        {
            return (LeftOutReason.TooLarge, $"{file.Bytes} bytes, and commit.maxFileBytes is {settings.MaxFileBytes}");
        }

        return file.Credential is { } credential
            ? (
                LeftOutReason.Credential,
                $"line {credential.Line} holds what looks like a credential ({credential.Pattern}); take it out, or "
                    + "commit the file by hand if it is none: lines of the last commit are not looked at again"
            )
            : null;
    }

    private static List<PlacedFile> Place(List<ChangedFile> files)
    {
        var gone = files
            .Where(static file => file.Kind == ChangeKind.Deleted)
            .Select(static file => file.Path)
            .ToHashSet(StringComparer.Ordinal);
        var now = new Dictionary<string, string>(StringComparer.Ordinal);
        var placed = new List<PlacedFile>();
        foreach (var file in files.Where(static file => file.Kind != ChangeKind.Deleted))
        {
            // Half of a move whose other half is not there is no move.
            var isMove = file.MovedFrom is { } from && gone.Contains(from) && now.TryAdd(from, file.Path);
            placed.Add(new PlacedFile(isMove ? file : file with { MovedFrom = null }, file.Path));
        }

        placed.AddRange(
            files
                .Where(static file => file.Kind == ChangeKind.Deleted)
                .Select(file => new PlacedFile(file, now.GetValueOrDefault(file.Path, file.Path)))
        );
        return placed;
    }

    private static CommitGroup Code(string key, IReadOnlyList<PlacedFile> files)
    {
        var code = files.Where(static file => file.Role == FileRole.Code).Select(static file => file.File).ToList();
        var tests = files.Where(static file => file.Role == FileRole.Test).Select(static file => file.File).ToList();
        var scope = CommitMessages.Scope(key[(key.LastIndexOf('/') + 1)..]);
        var (type, told) = code.Count == 0 ? (CommitType.Test, tests) : (TypeOf(code), code);
        var place = CommonFolder(told);
        var all = files.Select(static file => file.File).ToList();
        var where = place.Length == 0 ? "" : $" in {place}";
        var why =
            code.Count == 0 ? $"tests{where}"
            : tests.Count == 0 ? $"code{where}"
            : $"code{where} with the tests that belong to it";
        return new CommitGroup(
            type,
            scope,
            CommitMessages.Subject(type, scope, told, static file => TestNames.StemOf(file.Path), place, code.Count > 0 && tests.Count > 0),
            all,
            why
        )
        {
            Body = Body(all, why),
        };
    }

    // New files are a feature, and files that only moved or went are none. Of other changes nobody can tell from outside whether they mend
    // something.
    private static CommitType TypeOf(List<ChangedFile> code) =>
        code.Exists(static file => file is { Kind: ChangeKind.Added, MovedFrom: null }) ? CommitType.Feat
        : code.TrueForAll(static file => file.Kind == ChangeKind.Deleted || file.MovedFrom is not null) ? CommitType.Refactor
        : code.TrueForAll(static file => file.IsWhitespaceOnly) ? CommitType.Style
        : CommitType.Chore;

    private static IEnumerable<CommitGroup> Others(List<PlacedFile> placed, CommitType type, string why, params FileRole[] roles)
    {
        var files = placed.Where(file => roles.Contains(file.Role)).OrderBy(static file => file.File.Path, StringComparer.Ordinal).ToList();
        if (files.Count == 0)
        {
            return [];
        }

        var isLive = roles.Contains(FileRole.Live);
        var onlySettings = type == CommitType.Build && files.TrueForAll(static file => file.Role == FileRole.Configuration);
        var (actual, scope) =
            onlySettings ? (CommitType.Chore, "config")
            : isLive ? (type, "loop")
            : (type, null);
        var all = files.Select(static file => file.File).ToList();
        var subject = CommitMessages.Subject(
            actual,
            scope,
            all,
            static file => TestNames.NameOf(file.Path),
            CommonFolder(all),
            withTests: false
        );
        return [new CommitGroup(actual, scope, subject, all, why) { Body = Body(all, why), IsLive = isLive }];
    }

    private static string Body(List<ChangedFile> files, string why)
    {
        var partly = files.Count(static file => file.IsPartlyStaged);
        return $"{Sentence.Begin(why)}: {CommitMessages.Count(files.Count)}, "
            + $"+{files.Sum(static file => (long)file.Added)} -{files.Sum(static file => (long)file.Removed)} lines."
            + (partly == 0 ? "" : $" {CommitMessages.Count(partly)} of them had been staged in part and went in whole.");
    }

    private static List<CommitGroup> WithMessage(List<CommitGroup> groups, List<PlacedFile> placed, string message)
    {
        var code = placed.Find(static file => file.Role is FileRole.Code or FileRole.Test)?.File;
        var index = groups.FindIndex(group => code is null ? !group.IsLive : group.Files.Contains(code));
        if (index < 0)
        {
            return groups;
        }

        var lines = message.ReplaceLineEndings("\n").Trim().Split('\n', 2);
        var (type, scope) = CommitMessages.Parse(lines[0]);
        groups[index] = groups[index] with
        {
            Type = type ?? groups[index].Type,
            Scope = type is null ? groups[index].Scope : scope,
            Subject = lines[0].Trim(),
            Body = lines.Length > 1 ? lines[1].Trim() : "",
        };
        return groups;
    }

    private static string CommonFolder(List<ChangedFile> files)
    {
        var common = files[0].Path.Split('/')[..^1];
        foreach (var file in files)
        {
            var folders = file.Path.Split('/')[..^1];
            common = [.. common.Zip(folders).TakeWhile(static pair => pair.First == pair.Second).Select(static pair => pair.First)];
        }

        return string.Join('/', common);
    }
}
