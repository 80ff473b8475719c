namespace LoopOrchestrator.Core.Workflows.Definition;

/// <summary>A program call in one line, for reading; it is never given to a shell.</summary>
internal static class CommandText
{
    /// <summary>The name of a command and its call; only the call where that is the name.</summary>
    public static IReadOnlyList<string> Named(WorkflowCommand command) =>
        command.Name == string.Join(' ', command.Command) ? [Of(command.Command)] : [command.Name, Of(command.Command)];

    /// <summary>The words, those in quotes that could be taken for several or none.</summary>
    public static string Of(IEnumerable<string> words) =>
        string.Join(
            ' ',
            words.Select(static word =>
                word.Length == 0 || word.Any(static c => char.IsWhiteSpace(c) || char.IsControl(c) || c is '"' or '\'')
                    ? $"\"{Visible(word).Replace("\"", "\\\"", StringComparison.Ordinal)}\""
                    : word
            )
        );

    private static string Visible(string word) => string.Concat(word.Select(static c => char.IsControl(c) ? ' ' : c));
}
