using System.Text;

namespace LoopOrchestrator.Testing;

/// <summary>Files that are made from the program and kept in the repository, so that a change of them is seen in a review.</summary>
public static class Snapshots
{
    /// <summary>What a failure tells the reader to do.</summary>
    public const string HowToRenew = "if the change is meant, run tools/snapshots and read the difference before you commit it";

    private static readonly UTF8Encoding Utf8 = new(encoderShouldEmitUTF8Identifier: false);

    /// <summary>Whether this run renews the files instead of comparing them.</summary>
    public static bool Renew => Environment.GetEnvironmentVariable("LOOP_TEST_SNAPSHOTS") == "write";

    /// <summary>What differs between a folder and the files that should be in it, a line each.</summary>
    /// <param name="folder">The folder.</param>
    /// <param name="expected">The files by their names.</param>
    public static IReadOnlyList<string> Differences(string folder, IReadOnlyDictionary<string, string> expected)
    {
        var present = Directory.Exists(folder)
            ? Directory.EnumerateFiles(folder).Select(static file => Path.GetFileName(file)).ToHashSet(StringComparer.Ordinal)
            : [];
        return
        [
            .. expected.Keys.Where(name => !present.Contains(name)).Select(static name => $"{name} is missing"),
            .. present
                .Where(name => !expected.ContainsKey(name))
                .Order(StringComparer.Ordinal)
                .Select(static name => $"{name} is superfluous"),
            .. expected
                .Where(file => present.Contains(file.Key))
                .Select(file => (file.Key, Line: FirstDifference(File.ReadAllText(Path.Combine(folder, file.Key)), file.Value)))
                .Where(static file => file.Line is not null)
                .Select(static file => $"{file.Key}: {file.Line}"),
        ];
    }

    /// <summary>Makes the folder hold these files and no others.</summary>
    public static void Write(string folder, IReadOnlyDictionary<string, string> files)
    {
        Directory.CreateDirectory(folder);
        foreach (var superfluous in Directory.EnumerateFiles(folder).Where(file => !files.ContainsKey(Path.GetFileName(file))))
        {
            File.Delete(superfluous);
        }

        foreach (var (name, text) in files)
        {
            File.WriteAllText(Path.Combine(folder, name), text, Utf8);
        }
    }

    /// <summary>The text between two lines of a document that are its markers.</summary>
    public static string Between(string document, string begin, string end) => document[Inner(document, begin, end)];

    /// <summary>The document with another text between its markers.</summary>
    public static string Replace(string document, string begin, string end, string text)
    {
        var (start, length) = Inner(document, begin, end).GetOffsetAndLength(document.Length);
        return string.Concat(document.AsSpan(0, start), text, document.AsSpan(start + length));
    }

    /// <summary>The first line in which two texts differ, in words; <see langword="null"/> where they are the same.</summary>
    public static string? FirstDifference(string present, string expected)
    {
        if (present == expected)
        {
            return null;
        }

        var (left, right) = (present.Split('\n'), expected.Split('\n'));
        var line = left.Zip(right).TakeWhile(static pair => pair.First == pair.Second).Count();
        return $"line {line + 1} is «{left.ElementAtOrDefault(line)}» and should be «{right.ElementAtOrDefault(line)}»";
    }

    private static Range Inner(string document, string begin, string end)
    {
        var start = document.IndexOf(begin + "\n", StringComparison.Ordinal);
        var stop = start < 0 ? -1 : document.IndexOf(end + "\n", start, StringComparison.Ordinal);
        return stop < 0 ? throw new InvalidDataException($"the lines {begin} and {end} are missing") : (start + begin.Length + 1)..stop;
    }
}
