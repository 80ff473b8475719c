using System.Globalization;
using System.Text.Json;

namespace LoopOrchestrator.Core.Register;

/// <summary>The content of <c>workspaces.json</c>.</summary>
/// <param name="Version">Of the form; this program knows <see cref="Current"/>.</param>
/// <param name="Workspaces">Each with a name and a folder of its own.</param>
internal sealed record RegisterContent(int Version, IReadOnlyList<RegisteredWorkspace> Workspaces)
{
    /// <summary>The form that is written.</summary>
    public const int Current = 1;

    /// <summary>A register without entries.</summary>
    public static RegisterContent Empty { get; } = new(Current, []);

    /// <summary>Reads the file, whole or not at all: with half of it a name could mean another folder.</summary>
    /// <param name="content">The file.</param>
    /// <param name="problem">Why it cannot be used, as the end of a sentence.</param>
    public static RegisterContent? Read(ReadOnlySpan<byte> content, out string? problem)
    {
        // Editors of other systems put it in front; it says nothing.
        if (content.StartsWith("\uFEFF"u8))
        {
            content = content["\uFEFF"u8.Length..];
        }

        RegisterContent? read;
        try
        {
            // By itself, and first: what a later form has beside it is unknown here, and no damage.
            var version = JsonSerializer.Deserialize(content, RegisterJson.Default.RegisterVersion)?.Version;
            if (version != Current)
            {
                problem = $"has version {version?.ToString(CultureInfo.InvariantCulture) ?? "none"}, and this program knows {Current}";
                return null;
            }

            read = JsonSerializer.Deserialize(content, RegisterJson.Default.RegisterContent);
        }
        catch (JsonException exception)
        {
            var place = exception.Path ?? "$";
            problem = $"is no register of workspaces (line {exception.LineNumber + 1}); its JSON, or a value at {place}, is wrong";
            return null;
        }

        problem = read?.Workspaces is null ? "has no 'workspaces'" : read.FindProblem();
        return problem is null
            ? read! with
            {
                Workspaces =
                [
                    .. read.Workspaces.Select(static one => one with { Folder = Path.TrimEndingDirectorySeparator(one.Folder) }),
                ],
            }
            : null;
    }

    public byte[] Write() => JsonSerializer.SerializeToUtf8Bytes(this, RegisterJson.Default.RegisterContent);

    private string? FindProblem()
    {
        var names = new HashSet<string>(StringComparer.OrdinalIgnoreCase);
        var folders = new HashSet<string>(StringComparer.Ordinal);
        foreach (var one in Workspaces)
        {
            if (one?.Name is not { } name || WorkspaceName.Refuse(name) is not null)
            {
                return $"has a workspace without a name that can be one ({WorkspaceName.Rule})";
            }

            var what =
                !names.Add(name) ? "is there twice"
                : one.Folder is not { Length: > 0 } folder || !Path.IsPathFullyQualified(folder) ? "has no 'folder' that is a whole path"
                : !folders.Add(Path.TrimEndingDirectorySeparator(folder)) ? $"has the folder '{folder}' of another one"
                : null;
            if (what is not null)
            {
                return $"has the workspace '{name}', which {what}";
            }
        }

        return null;
    }
}
