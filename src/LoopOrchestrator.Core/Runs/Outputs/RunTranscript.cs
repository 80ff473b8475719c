using LoopOrchestrator.Core.Agents.Presets;
using LoopOrchestrator.Core.Agents.Results;
using LoopOrchestrator.Core.Agents.Supervision.Files;
using LoopOrchestrator.Core.Runs.Contracts;

namespace LoopOrchestrator.Core.Runs.Outputs;

/// <summary>
/// Makes text to read along of the output of a run: of agent programs that print events, those in words. For one reader at a time.
/// </summary>
public sealed class RunTranscript
{
    private readonly Func<int, RunFolder> _folderOf;
    private AgentTranscript? _ofAttempt;
    private int _attempt;
    private int _leftOut;

    internal RunTranscript(Func<int, RunFolder> folderOf) => _folderOf = folderOf;

    /// <summary>How many events had nothing to read in them and are left out.</summary>
    public int LeftOut => _leftOut + (_ofAttempt?.LeftOut ?? 0);

    /// <summary>What can be read of a further part of the output; parts are given in their order, from the first one on.</summary>
    public string Add(OutputPart part)
    {
        ArgumentNullException.ThrowIfNull(part);
        if (part.Text.Length == 0)
        {
            return "";
        }

        var before = "";
        if (part.Next.Attempt != _attempt)
        {
            before = End();
            _leftOut = LeftOut;
            _ofAttempt = new AgentTranscript(AgentPresets.Find(PresetOf(_folderOf(part.Next.Attempt))));
            _attempt = part.Next.Attempt;
        }

        return before + _ofAttempt!.Add(part.Text);
    }

    /// <summary>What is left when nothing follows: a last line without its end.</summary>
    public string End() => _ofAttempt?.End() ?? "";

    // The order goes with the attempt's end, the outcome comes with it.
    private static string? PresetOf(RunFolder folder)
    {
        try
        {
            return folder.ReadOrder()?.Events ?? folder.ReadOutcome()?.Account?.Preset;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }
}
