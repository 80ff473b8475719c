namespace LoopOrchestrator.DummyAgent;

/// <summary>Options as a preset gives them: a name, then its value.</summary>
internal static class Option
{
    public static string? Value(IReadOnlyList<string> options, string name)
    {
        for (var index = 0; index < options.Count - 1; index++)
        {
            if (options[index] == name)
            {
                return options[index + 1];
            }
        }

        return null;
    }
}
