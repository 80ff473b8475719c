using LoopOrchestrator.Core.Diagnostics;

namespace LoopOrchestrator.Core.Clients;

/// <summary>A client's file, and how our entry is put into it and taken out. Immutable.</summary>
internal interface IClientText
{
    /// <summary>Our entry's name.</summary>
    const string Name = "loop";

    /// <summary>What is between the parts of a place in <see cref="Values"/>.</summary>
    const char Separator = '\u001F';

    /// <summary>Why the file could not be read, with its place.</summary>
    Diagnostic? Problem { get; }

    /// <summary>Every leaf of the file by its place: two texts with the same mean the same.</summary>
    IReadOnlyDictionary<string, string> Values { get; }

    /// <summary>The entry of our name; <see langword="null"/> where there is none.</summary>
    ClientEntry? Entry { get; }

    /// <summary>
    /// The file with an entry: each step of the change on its own, the last of which is the whole change. What the entry has beside the
    /// members given stays.
    /// </summary>
    /// <exception cref="Errors.UserErrorException">It cannot be put there.</exception>
    IReadOnlyList<byte[]> With(IReadOnlyList<EntryMember> members);

    /// <summary>The file without the entry, as above.</summary>
    /// <exception cref="Errors.UserErrorException">It cannot be taken out.</exception>
    IReadOnlyList<byte[]> Without();
}
