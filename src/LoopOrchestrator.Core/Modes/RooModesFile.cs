using LoopOrchestrator.Core.Diagnostics;

namespace LoopOrchestrator.Core.Modes;

/// <summary>
/// Reads a workspace's <c>.roomodes</c>, YAML or JSON, as Roo Code read it, except that one wrong entry does not take the
/// others with it. Pure and thread safe.
/// </summary>
public static class RooModesFile
{
    /// <summary>The largest file that is read, in bytes. The largest seen in use is 132 KB.</summary>
    public const int MaxBytes = 4 * 1024 * 1024;

    /// <summary>
    /// Reads <paramref name="content"/>. Never throws for what is in it: whatever cannot be read is a finding, and the
    /// entries that can be are returned.
    /// </summary>
    /// <param name="content">The file's bytes; UTF-8, or UTF-16 with a byte order mark.</param>
    /// <param name="displayName">How the findings name the file.</param>
    public static RooModesResult Read(ReadOnlyMemory<byte> content, string displayName)
    {
        ArgumentNullException.ThrowIfNull(displayName);
        if (content.Length > MaxBytes)
        {
            return new(
                [],
                [
                    new(
                        DiagnosticSeverity.Error,
                        displayName,
                        null,
                        null,
                        $"The file has {content.Length} bytes, and at most {MaxBytes} are read. No mode of it is in "
                            + "force. Shorten it: a mode's instructions are sent with every run."
                    ),
                ]
            );
        }

        var diagnostics = new List<Diagnostic>();
        var text = RooModesText.Decode(content.Span, displayName, diagnostics);
        if (text is null)
        {
            return new([], diagnostics);
        }

        var best = ReadText(text, displayName);
        if (best.HasErrors)
        {
            foreach (var (cleaned, what) in RooModesText.Cleaned(text))
            {
                var again = ReadText(cleaned, displayName);
                if (again.Modes.Count > best.Modes.Count || !again.HasErrors)
                {
                    diagnostics.Add(
                        new(
                            DiagnosticSeverity.Warning,
                            displayName,
                            null,
                            null,
                            $"Read only after {what} in memory; the file was left as it is. Replace them in the file, "
                                + "because other readers may refuse it."
                        )
                    );
                    best = again;
                    break;
                }
            }
        }

        diagnostics.AddRange(best.Diagnostics);
        return new(best.Modes, diagnostics);
    }

    private static RooModesResult ReadText(string text, string file)
    {
        var diagnostics = new List<Diagnostic>();
        var document = ModesDocument.Parse(text, file, diagnostics);
        var modes = document is null ? [] : new RooModesInterpreter(file, document.HasPositions, diagnostics).Read(document.Root);
        return new(modes, diagnostics);
    }
}
