using LoopOrchestrator.Core.Errors;
using LoopOrchestrator.Core.Files;
using LoopOrchestrator.Core.Secrets;

namespace LoopOrchestrator.Core.Trust;

/// <summary>
/// Whether a person has seen what is about to be executed, called or permitted. A word that was recorded counts for the list that was
/// recorded with it; one that was given to this process counts for what the files said when the process began. Asked at the moment of use,
/// with what is used. Safe for many threads.
/// </summary>
public sealed class ApprovedEntries
{
    /// <summary>What to do about something that is held back.</summary>
    public const string HowTo = "See it with 'loop-orchestrator trust --show'; 'loop-orchestrator trust' lets it go on";

    private const string Earlier = "it was given to an earlier version, which kept no list";

    private readonly Func<TrustedList> _current;
    private readonly Redactor _redactor;
    private readonly TimeProvider _time;
    private readonly Lazy<TrustRecordFile> _file;
    private readonly Lock _gate = new();

    // Entries of files that are read once: what was seen here stays seen for as long as this process holds it.
    private readonly HashSet<string> _kept = new(StringComparer.Ordinal);
    private TrustedList? _snapshot;
    private bool _isRecordKnown;

    /// <summary>Manages what a person has approved of one workspace.</summary>
    /// <param name="trust">Whether it is trusted at all.</param>
    /// <param name="configurationFile">The configuration file that is not the workspace's own, if so: it has a record of its own.</param>
    /// <param name="current">What the files say now.</param>
    /// <param name="redactor">What takes credentials out of what people are told.</param>
    /// <param name="time">The clock.</param>
    internal ApprovedEntries(
        WorkspaceTrust trust,
        string? configurationFile,
        Func<TrustedList> current,
        Redactor redactor,
        TimeProvider time
    )
    {
        ArgumentNullException.ThrowIfNull(trust);
        Trust = trust;
        _current = current;
        _redactor = redactor;
        _time = time;
        // Its name is a digest, and the library for digests costs memory that a workspace without trust never needs.
        _file = new Lazy<TrustRecordFile>(() => new TrustRecordFile(trust.ListFile(configurationFile)));
    }

    /// <summary>Whether the workspace is trusted at all.</summary>
    public WorkspaceTrust Trust { get; }

    /// <summary>Whether the workspace is trusted at all.</summary>
    public bool IsTrusted => Trust.IsTrusted;

    /// <summary>The file of the record.</summary>
    public string RecordFile => _file.Value.FilePath;

    /// <summary>What the files say now.</summary>
    public TrustedList Current => _current();

    /// <summary>
    /// To be called first in a process that executes something: what is there now counts, where the word was given to this process, and,
    /// once, where it was recorded by a version that kept no list.
    /// </summary>
    public void Begin()
    {
        lock (_gate)
        {
            _ = Lists(adopts: true);
        }
    }

    /// <summary>Why an entry of a trusted workspace is held back, for people; <see langword="null"/> when it is not.</summary>
    public string? WhyHeld(TrustedEntry entry) => WhyHeld([entry]);

    /// <summary>The first reason of several; see <see cref="WhyHeld(TrustedEntry)"/>.</summary>
    /// <param name="entries">They.</param>
    /// <param name="records">Whether what an earlier version trusted without a list is recorded now, as whoever executes it has to.</param>
    public string? WhyHeld(IReadOnlyList<TrustedEntry> entries, bool records = true)
    {
        lock (_gate)
        {
            var lists = Lists(adopts: records);
            if (!records && IsBeforeItsList(lists))
            {
                return null;
            }

            var held = entries.Select(entry => Describe(entry, lists)).FirstOrDefault(static held => held is not null);
            return held is null ? null : $"{held}. {HowTo}";
        }
    }

    /// <summary>What is held back now, each in a phrase; nothing without trust. Records nothing.</summary>
    public IReadOnlyList<string> Held()
    {
        lock (_gate)
        {
            if (!IsTrusted)
            {
                _kept.Clear();
                return [];
            }

            var lists = Lists(adopts: false);
            if (IsBeforeItsList(lists))
            {
                return [];
            }

            var now = _current();
            return
            [
                .. now
                    .Entries.Concat(
                        now.Implied.Where(entry =>
                            entry.Guards is not null ? lists.Count > 0 : lists.Any(list => list.Find(entry) is not null)
                        )
                    )
                    .Select(entry => Describe(entry, lists))
                    .Where(static held => held is not null)
                    .Select(static held => held!),
            ];
        }
    }

    /// <summary>What a person should know of the record itself; <see langword="null"/> when there is nothing odd.</summary>
    public string? Note()
    {
        if (!IsTrusted || !Trust.IsRecorded)
        {
            return null;
        }

        return _file.Value.Read() switch
        {
            (_, { } problem) =>
                $"what was seen is not known, because {RecordFile} cannot be used ({problem}); call 'loop-orchestrator trust' again",
            (null, _) when Trust.ListFiles().Count > 0 =>
                "what this configuration file says was not seen yet; call 'loop-orchestrator trust' with the same --config",
            (null, _) => $"{Earlier}: what is there at the next start of a server counts as seen",
            ({ Adopted: true } record, _) => $"{Earlier}: what was there at {record.At.UtcDateTime:yyyy-MM-ddTHH:mm:ssZ} counts as seen. "
                + "'loop-orchestrator trust --show' shows it; 'loop-orchestrator trust' says that you have seen it",
            _ => null,
        };
    }

    /// <summary>The list that a person has seen, and whether it was adopted instead; none where none is recorded.</summary>
    public RecordedList Recorded() =>
        Trust.IsRecorded && _file.Value.Read().Record is { } record
            ? new RecordedList(record.List, record.Adopted)
            : new RecordedList(null, Adopted: false);

    /// <summary>Records that a person has seen a list, and the word with it.</summary>
    /// <exception cref="UserErrorException">It cannot be recorded.</exception>
    public void Record(TrustedList list)
    {
        ArgumentNullException.ThrowIfNull(list);

        // Whether the path can be recorded at all is said before anything is written.
        Trust.CheckRecordable();
        _file.Value.Write(TrustRecord.Of(Trust.Root, list, _time.GetUtcNow(), adopted: false, _file.Value.Read().Record));
        Trust.Record();
    }

    /// <summary>Takes a recorded word back, and what was seen with it.</summary>
    /// <exception cref="UserErrorException">It cannot be recorded.</exception>
    /// <returns>Whether one was recorded.</returns>
    public bool Revoke()
    {
        var recorded = Trust.Revoke();
        foreach (var file in Trust.ListFiles())
        {
            // Of other configuration files too: the word is for the workspace.
            new TrustRecordFile(file).Delete();
        }

        return recorded;
    }

    // The record of an earlier version: what is there counts at the next start.
    private bool IsBeforeItsList(List<TrustedList> lists) =>
        lists.Count == 0 && !_isRecordKnown && _file.Value.Read().Problem is null && Trust.ListFiles().Count == 0;

    // The lists that count now. Each is enough.
    private List<TrustedList> Lists(bool adopts)
    {
        var lists = new List<TrustedList>();
        if (Trust.IsGivenForProcess)
        {
            _snapshot ??= _current();
        }

        if (_snapshot is not null)
        {
            lists.Add(_snapshot);
        }

        if (Trust.IsRecorded && (_file.Value.Read().Record ?? (adopts ? Adopt() : null)) is { } record)
        {
            lists.Add(record.List);
            if (!_isRecordKnown)
            {
                _isRecordKnown = true;
                var fixedOnes = _current().Entries.Where(entry => entry.IsFixed && record.List.Covers(entry));
                _kept.UnionWith(fixedOnes.Select(static entry => entry.Digest));
            }
        }

        return lists;
    }

    private TrustRecord? Adopt()
    {
        if (_isRecordKnown || _file.Value.Read() is not (null, null) || Trust.ListFiles().Count > 0)
        {
            // Only a record without any list is adopted, and only once: one that cannot be read, or is gone, is for a person. So is a
            // configuration file that is new while others were seen: it may have come with the repository.
            return null;
        }

        var record = TrustRecord.Of(Trust.Root, _current(), _time.GetUtcNow(), adopted: true, before: null);
        try
        {
            _file.Value.Write(record);
        }
        catch (UserErrorException)
        {
            // It counts for this process all the same, as it would have with the version before.
            _snapshot = record.List;
        }

        return record;
    }

    // A cycle goes on with what it began with, as long as the configuration itself has not gone back to it.
    private bool IsEarlier(TrustedEntry entry, TrustRecord? record)
    {
        if (record?.Earlier.Contains(entry.Digest, StringComparer.Ordinal) != true)
        {
            return false;
        }

        var now = entry.Guards is null ? _current().Find(entry) : _current().GuardsOf(entry);
        return now?.Digest != entry.Digest;
    }

    private string? Describe(TrustedEntry entry, List<TrustedList> lists)
    {
        if (lists.Exists(list => list.Covers(entry)))
        {
            if (entry.IsFixed)
            {
                _kept.Add(entry.Digest);
            }

            return null;
        }

        var (record, problem) = Trust.IsRecorded ? _file.Value.Read() : default;
        if (_kept.Contains(entry.Digest) || IsEarlier(entry, record))
        {
            return null;
        }

        var what =
            entry.Kind is TrustedKind.Webhook or TrustedKind.DeadMan or TrustedKind.NoticeWebhook or TrustedKind.Telemetry
            || entry.Text.Length == 0
                ? ""
                : $" ({entry.ForPeople(_redactor).Text})";
        return problem is not null && lists.Count == 0
                ? $"{entry.Place}{what} is held back, because what was seen is not known: {RecordFile} cannot be used ({problem})"
            : entry.Guards is { } guards && lists.SelectMany(list => guards.Lost(list.Entries, entry.Kind)).FirstOrDefault() is { } lost
                ? $"{lost.Place} ({lost.Text}) was removed since this workspace was trusted, and what it guarded is held back"
            : lists.Exists(list => list.Find(entry) is not null) ? $"{entry.Place}{what} has changed since it was trusted and is held back"
            : $"{entry.Place}{what} is new since this workspace was trusted and is held back";
    }
}
