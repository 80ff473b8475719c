using System.Buffers.Binary;
using LoopOrchestrator.Core.Files;

namespace LoopOrchestrator.Core.Git;

/// <summary>
/// What git has said of the settings in force, as long as the repository's own files are byte for byte as they were before it was asked: an
/// operation needs to know before nearly each of its calls, and a process of git takes far longer than reading two small files. Safe for
/// many threads.
/// </summary>
/// <param name="files">The repository's own files of settings, absolute; with none, git is asked each time.</param>
internal sealed class KnownConfiguration(IReadOnlyList<string> files)
{
    private const int MaxBytes = 256 * 1024;

    private volatile Answer? _last;

    /// <summary>The settings.</summary>
    /// <param name="ask">Asks git.</param>
    /// <exception cref="GitException">Git could not tell them.</exception>
    public async Task<GitConfiguration> ReadAsync(
        Func<CancellationToken, Task<GitConfiguration>> ask,
        CancellationToken cancellationToken
    )
    {
        // Read before git is asked: what changes in between differs from it the next time.
        var content = Content();
        if (content is not null && _last is { } last && last.Content.AsSpan().SequenceEqual(content))
        {
            return last.Configuration;
        }

        var configuration = await ask(cancellationToken);

        // What another file has that these lead to can change without them.
        _last = content is null || configuration.HasIncludes ? null : new Answer(content, configuration);
        return configuration;
    }

    /// <summary>Has git asked the next time.</summary>
    public void Forget() => _last = null;

    private byte[]? Content()
    {
        if (files.Count == 0)
        {
            return null;
        }

        try
        {
            using var all = new MemoryStream();
            Span<byte> length = stackalloc byte[sizeof(int)];
            foreach (var file in files)
            {
                var bytes = DurableFile.ReadOrNull(file, MaxBytes);
                BinaryPrimitives.WriteInt32LittleEndian(length, bytes?.Length ?? -1);
                all.Write(length);
                all.Write(bytes);
            }

            return all.ToArray();
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    private sealed record Answer(byte[] Content, GitConfiguration Configuration);
}
