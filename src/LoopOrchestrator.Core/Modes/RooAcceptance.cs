using System.Text;
using System.Text.Json;
using LoopOrchestrator.Core.Diagnostics;

namespace LoopOrchestrator.Core.Modes;

/// <summary>
/// Whether Roo Code takes a file of modes. It takes all of it or nothing: one wrong value in one mode, and none of the file's modes is
/// there. <see cref="RooModesFile"/> is more lenient, so a person who shares the file with Roo has to be told. Pure and thread safe.
/// </summary>
public static class RooAcceptance
{
    /// <summary>What each finding begins with.</summary>
    public const string Refusal = "Roo Code refuses this file";

    /// <summary>Why it would refuse the file, each reason at its place; empty when it takes it.</summary>
    /// <param name="content">The file's bytes.</param>
    /// <param name="displayName">How the findings name the file.</param>
    public static IReadOnlyList<Diagnostic> Check(ReadOnlyMemory<byte> content, string displayName)
    {
        if (content.Length > RooModesFile.MaxBytes)
        {
            return [];
        }

        var bytes = content.Span;
        if (bytes is [0xFF, 0xFE, ..] or [0xFE, 0xFF, ..])
        {
            return [Refused(displayName, null, "it is UTF-16, and Roo reads UTF-8")];
        }

        var hasMark = bytes is [0xEF, 0xBB, 0xBF, ..];
        var text = Encoding.UTF8.GetString(bytes[(hasMark ? 3 : 0)..]);
        var findings = new List<Diagnostic>();
        var cleaned = RooModesText.CleanedByRoo(text);
        if (ModesDocument.ParseYaml(displayName, () => ModesYaml.Open(cleaned, isLikeRoo: true), findings) is not { } document)
        {
            // A file that is JSON to the letter is read as that, with its characters as they are.
            if (hasMark || ParseJson(text) is not { } json)
            {
                var why = findings[0];
                return [Refused(displayName, why.Line, $"it is not valid YAML there, nor JSON ({why.Message})")];
            }

            document = json;
        }
        else if (document.Documents > 1)
        {
            return [Refused(displayName, null, $"it holds {document.Documents} YAML documents; put all modes into one")];
        }

        return new RooModeRules(displayName, document).Check();
    }

    internal static Diagnostic Refused(string file, int? line, string why) =>
        new(DiagnosticSeverity.Warning, file, line, null, $"{Refusal}: {why}.");

    private static ModesDocument? ParseJson(string text)
    {
        try
        {
            using var json = JsonDocument.Parse(text);
            return new ModesDocument(ModesDocument.Convert(json.RootElement), HasPositions: false);
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException)
        {
            return null;
        }
    }
}
