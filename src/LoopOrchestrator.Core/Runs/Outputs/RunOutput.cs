using System.Text;
using LoopOrchestrator.Core.Agents.Supervision.Files;
using LoopOrchestrator.Core.Files;
using LoopOrchestrator.Core.Runs.Contracts;
using LoopOrchestrator.Core.Secrets;

namespace LoopOrchestrator.Core.Runs.Outputs;

/// <summary>Reads what the attempts of a run have printed so far, in parts, while a supervisor writes it. Safe for many threads.</summary>
internal sealed class RunOutput(WorkspacePaths paths, Redactor redactor)
{
    /// <summary>The file with the output of the run's latest attempt.</summary>
    public string File(Run run) => RunFolder.Of(paths.Run(run.Id), run.Attempt).Output;

    /// <summary>
    /// What follows a position, at most about <paramref name="most"/> bytes of it. As long as more may come, a part ends with a line where
    /// there is one; never within a character. When an attempt has nothing more, the next one's output follows.
    /// </summary>
    public OutputPart Read(Run run, OutputPosition from, int most)
    {
        var last = Math.Max(1, run.Attempt);
        for (var position = from; ; position = new OutputPosition(position.Attempt + 1, 0))
        {
            var isOver = position.Attempt < last || run.State.HasEnded();
            var (bytes, length) = ReadBytes(RunFolder.Of(paths.Run(run.Id), position.Attempt).Output, position.Offset, most);
            if (bytes.Length == 0 && position.Attempt < last)
            {
                continue;
            }

            var isEnd = position.Offset + bytes.Length >= length;
            var keep = isEnd && isOver ? bytes.Length : LengthOfWhole(bytes);
            return new OutputPart(
                redactor.Redact(Encoding.UTF8.GetString(bytes, 0, keep)),
                position with
                {
                    Offset = position.Offset + keep,
                },
                position.Attempt >= last && run.State.HasEnded() && isEnd
            );
        }
    }

    /// <summary>The end of what the latest attempt has printed so far; <see langword="null"/> when it has printed nothing.</summary>
    public OutputPart? Tail(Run run, int most)
    {
        var attempt = Math.Max(1, run.Attempt);
        var file = RunFolder.Of(paths.Run(run.Id), attempt).Output;
        var (bytes, length) = ReadBytes(file, offset: null, most);
        if (bytes.Length == 0)
        {
            return null;
        }

        var start = 0;
        while (start < bytes.Length && (bytes[start] & 0xC0) == 0x80)
        {
            start++;
        }

        var keep = run.State.HasEnded() ? bytes.Length : LengthOfCharacters(bytes);
        return new OutputPart(
            redactor.Redact(Encoding.UTF8.GetString(bytes, start, Math.Max(0, keep - start))),
            new OutputPosition(attempt, length - bytes.Length + keep),
            run.State.HasEnded()
        );
    }

    private static (byte[] Bytes, long Length) ReadBytes(string file, long? offset, int most)
    {
        try
        {
            using var handle = GuardedFile.OpenRead(file);
            var length = RandomAccess.GetLength(handle);
            var from = offset ?? Math.Max(0, length - most);
            var bytes = new byte[(int)Math.Clamp(length - from, 0, most)];
            var count = bytes.Length == 0 ? 0 : RandomAccess.Read(handle, bytes, from);
            return (count == bytes.Length ? bytes : bytes[..count], length);
        }
        catch (Exception exception) when (exception is FileNotFoundException or DirectoryNotFoundException)
        {
            return ([], 0);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            // An agent can put a link, a pipe or a folder there. Whoever reads the output is told, in its place.
            var note = Encoding.UTF8.GetBytes($"[the output is not shown: {exception.Message}]\n");
            return (offset is 0 or null ? note : [], note.Length);
        }
    }

    // Up to the end of the last whole line; without one, up to the end of the last whole character.
    private static int LengthOfWhole(ReadOnlySpan<byte> bytes) =>
        bytes.LastIndexOf((byte)'\n') is >= 0 and var line ? line + 1 : LengthOfCharacters(bytes);

    private static int LengthOfCharacters(ReadOnlySpan<byte> bytes)
    {
        var start = bytes.Length - 1;
        while (start > 0 && bytes.Length - start < 4 && (bytes[start] & 0xC0) == 0x80)
        {
            start--;
        }

        var isWhole =
            start < 0
            || bytes[start] switch
            {
                >= 0xF0 => bytes.Length - start >= 4,
                >= 0xE0 => bytes.Length - start >= 3,
                >= 0xC0 => bytes.Length - start >= 2,
                _ => true,
            };
        return isWhole ? bytes.Length : start;
    }
}
