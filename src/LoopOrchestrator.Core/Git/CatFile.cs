using System.Text;

namespace LoopOrchestrator.Core.Git;

/// <summary>An object in the answer of <c>git cat-file --batch</c>.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Content">Its content, as git stores it.</param>
internal sealed record CatFile(string Id, byte[] Content)
{
    /// <summary>Takes an answer apart; <see langword="null"/> in the place of each object that is missing.</summary>
    public static IReadOnlyList<CatFile?> Parse(ReadOnlySpan<byte> output)
    {
        var found = new List<CatFile?>();
        while (output.IndexOf((byte)'\n') is >= 0 and var end)
        {
            // "id type size", and the content behind it; else the question and "missing".
            var head = Encoding.UTF8.GetString(output[..end]).Split(' ');
            output = output[(end + 1)..];
            if (head is [var id, _, var length] && int.TryParse(length, out var size) && output.Length > size)
            {
                found.Add(new CatFile(id, output[..size].ToArray()));
                output = output[(size + 1)..];
            }
            else
            {
                found.Add(null);
            }
        }

        return found;
    }
}
