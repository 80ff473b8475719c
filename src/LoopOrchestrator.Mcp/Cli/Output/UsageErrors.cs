using System.CommandLine;
using System.CommandLine.Parsing;
using LoopOrchestrator.Core.Diagnostics;
using LoopOrchestrator.Mcp.Configuration;

namespace LoopOrchestrator.Mcp.Cli.Output;

/// <summary>What is wrong with a command line, each in one line, with the word that was probably meant.</summary>
internal static class UsageErrors
{
    public static IEnumerable<string> Describe(ParseResult parsed) =>
        [.. parsed.Errors.Select(problem => Describe(problem, parsed)), .. Swallowed(parsed)];

    // An argument takes any word, one that is written like an option too: somebody meant an option that the command does not have. Behind
    // a '--' nothing is an option.
    private static IEnumerable<string> Swallowed(ParseResult parsed)
    {
        var plain = parsed.Tokens.SkipWhile(static token => token.Type != TokenType.DoubleDash).ToHashSet();
        return from argument in parsed.CommandResult.Children.OfType<ArgumentResult>()
               from token in argument.Tokens
               where IsLikeAnOption(token.Value) && !plain.Contains(token)
               select $"'{SafeText.Escape(token.Value)}' is no option of '{parsed.CommandResult.Command.Name}'."
                   + (
                       NearestName.Find(token.Value, Options(parsed.CommandResult)) is { } nearest
                           ? $" Did you mean '{nearest}'?"
                           : $" Where it is meant as {argument.Argument.Name}, put '--' before it."
                   );
    }

    private static bool IsLikeAnOption(string word) =>
        word.Length > 2
        && word.StartsWith("--", StringComparison.Ordinal)
        && word.Skip(2).All(static letter => char.IsAsciiLetterOrDigit(letter) || letter is '-' or '=');

    private static string Describe(ParseError problem, ParseResult parsed)
    {
        // The parser lists the values that an argument may have behind all else, each in a line of its own. Other ends of lines are those
        // of what was given.
        var lines = problem.Message.TrimEnd().Split('\n');
        var first = lines.Length;
        while (first > 1 && IsValue(lines[first - 1]))
        {
            first--;
        }

        var values = lines[first..].Select(static line => line.Trim().Trim('\'')).ToList();
        var message = SafeText.Escape(string.Join('\n', lines[..first]).TrimEnd());
        if (values.Count > 0)
        {
            message = $"{message} {SafeText.Escape(string.Join(", ", values))}.";
        }

        // What the parser did not know stands in quotes.
        return problem.Message.Split('\'') is [_, var word, _, ..] && Nearest(word, values, parsed) is { } nearest
            ? $"{message} Did you mean '{nearest}'?"
            : message;
    }

    private static bool IsValue(string line) => line.StartsWith("\t'", StringComparison.Ordinal) && line.TrimEnd().EndsWith('\'');

    private static string? Nearest(string word, List<string> values, ParseResult parsed)
    {
        if (values.Count > 0)
        {
            return NearestName.Find(word, values);
        }

        if (!parsed.UnmatchedTokens.Contains(word, StringComparer.Ordinal))
        {
            return null;
        }

        var command = parsed.CommandResult.Command;
        return word.StartsWith('-')
            ? NearestName.Find(word, Options(parsed.CommandResult))
            : NearestName.Find(word, Names(command.Subcommands));
    }

    private static IEnumerable<string> Options(CommandResult result) =>
        Names(result.Command.Options)
            .Concat(result.Parent is CommandResult parent ? Names(parent.Command.Options.Where(static option => option.Recursive)) : []);

    private static IEnumerable<string> Names(IEnumerable<Symbol> symbols) =>
        symbols
            .Where(static symbol => !symbol.Hidden)
            .SelectMany(static symbol =>
                symbol switch
                {
                    Option option => option.Aliases.Append(option.Name),
                    Command command => command.Aliases.Append(command.Name),
                    _ => [symbol.Name],
                }
            );
}
