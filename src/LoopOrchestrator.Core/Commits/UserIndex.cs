using System.Text;
using LoopOrchestrator.Core.Git;

namespace LoopOrchestrator.Core.Commits;

/// <summary>The index that the user works with. Entries of single paths are set and put back in it; all others stay as they are.</summary>
internal sealed class UserIndex(GitRepository top, TimeProvider time)
{
    private const int MaxAttempts = 20;
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(100);

    /// <summary>The entries of some paths as they are now, in a form that <see cref="SetAsync"/> takes.</summary>
    public async Task<byte[]> ReadAsync(IReadOnlyList<TreeChange> changes, CancellationToken cancellationToken = default)
    {
        var entries = (await top.RunAsync(["ls-files", "-s", "-z"], cancellationToken: cancellationToken))
            .Parts.GroupBy(static entry => entry[(entry.IndexOf('\t', StringComparison.Ordinal) + 1)..], StringComparer.Ordinal)
            .ToDictionary(static group => group.Key, static group => group.ToList(), StringComparer.Ordinal);
        var zeros = new string('0', changes[0].Blob.Length);
        return Lines(
            changes.SelectMany(change =>
                entries.TryGetValue(change.Path, out var found) ? found.Prepend(Gone(change.Path, zeros)) : [Gone(change.Path, zeros)]
            )
        );
    }

    /// <summary>The entries that these changes come to.</summary>
    public static byte[] Of(IReadOnlyList<TreeChange> changes) =>
        Lines(
            changes
                .OrderBy(static change => change.IsDeleted ? 0 : 1)
                .Select(static change =>
                    change.IsDeleted
                        ? Gone(change.Path, new string('0', change.Blob.Length))
                        : $"{change.Mode} {change.Blob} 0\t{change.Path}"
                )
        );

    /// <summary>Sets entries, waiting a little while another program writes the index.</summary>
    /// <exception cref="GitException">It could not be written.</exception>
    public async Task SetAsync(byte[] entries)
    {
        for (var attempt = 1; ; attempt++)
        {
            var answer = await top.TryRunAsync(["update-index", "-z", "--index-info"], input: entries);
            if (answer.Ok)
            {
                return;
            }

            if (attempt == MaxAttempts && GitLock.OfIndex(top.GitFolder) is { } held)
            {
                throw new GitException(held.Explain(top.Root, time.GetUtcNow()));
            }

            if (attempt == MaxAttempts || !answer.Error.Contains("index.lock", StringComparison.Ordinal))
            {
                throw new GitException($"git update-index ended with exit code {answer.ExitCode}: {answer.Error.Trim()}");
            }

            await Task.Delay(Pause, time);
        }
    }

    private static string Gone(string path, string zeros) => $"0 {zeros}\t{path}";

    private static byte[] Lines(IEnumerable<string> lines) =>
        Encoding.UTF8.GetBytes(string.Concat(lines.Select(static line => line + '\0')));
}
