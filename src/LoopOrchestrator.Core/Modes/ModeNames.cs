using LoopOrchestrator.Core.Diagnostics;
using LoopOrchestrator.Core.Text;

namespace LoopOrchestrator.Core.Modes;

/// <summary>Modes that the configuration gives an agent and that are not there: their real ones silently have another. Pure.</summary>
public static class ModeNames
{
    /// <summary>Compares the names with the modes in force, which may change while a server runs.</summary>
    /// <param name="places">Where the configuration names them.</param>
    /// <param name="modes">The modes in force.</param>
    /// <param name="file">What findings call the configuration file.</param>
    public static IReadOnlyList<Diagnostic> Check(IReadOnlyList<ModePlace> places, ModeCatalog modes, string file)
    {
        ArgumentNullException.ThrowIfNull(places);
        ArgumentNullException.ThrowIfNull(modes);
        return
        [
            .. places
                .Where(place => modes.Find(place.Slug) is null)
                .Select(place => new Diagnostic(
                    DiagnosticSeverity.Error,
                    file,
                    place.Line,
                    place.Column,
                    $"modes.{TextCut.Head(place.Slug, 80)}: there is no such mode, so its agent gets no work; "
                        + UnknownMode.Hint(place.Slug, modes)
                )),
        ];
    }
}
