using System.Globalization;
using System.Text;
using LoopOrchestrator.Core.Git;

namespace LoopOrchestrator.Core.Commits;

/// <summary>Reads contents out of a repository, several in one call.</summary>
internal static class BlobReader
{
    /// <summary>The contents, in the order asked for.</summary>
    /// <exception cref="GitException">One is not there.</exception>
    public static async Task<IReadOnlyList<byte[]>> ReadAsync(
        GitRepository repository,
        IReadOnlyList<string> blobs,
        CancellationToken cancellationToken = default
    )
    {
        var output = (
            await repository.RunAsync(
                ["cat-file", "--batch"],
                input: Encoding.ASCII.GetBytes(string.Concat(blobs.Select(static blob => blob + '\n'))),
                cancellationToken: cancellationToken
            )
        ).Output;
        var contents = new List<byte[]>(blobs.Count);
        var at = 0;
        foreach (var blob in blobs)
        {
            var length = output.AsSpan(at).IndexOf((byte)'\n');
            var header = Encoding.ASCII.GetString(output, at, Math.Max(length, 0)).Split(' ');
            if (header is not [_, "blob", var size])
            {
                throw new GitException($"git cat-file did not give {blob}");
            }

            var bytes = int.Parse(size, CultureInfo.InvariantCulture);
            contents.Add(output.AsSpan(at + length + 1, bytes).ToArray());
            at += length + 1 + bytes + 1;
        }

        return contents;
    }
}
