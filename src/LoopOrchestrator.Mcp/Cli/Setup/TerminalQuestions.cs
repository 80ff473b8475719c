using LoopOrchestrator.Core.Diagnostics;
using LoopOrchestrator.Core.Errors;

namespace LoopOrchestrator.Mcp.Cli.Setup;

/// <summary>Asks the person at a terminal. An empty line takes what stands in brackets.</summary>
/// <param name="input">What the person types.</param>
/// <param name="output">Where the questions are written.</param>
internal sealed class TerminalQuestions(TextReader input, TextWriter output)
{
    /// <summary>Asks for yes or no.</summary>
    /// <exception cref="UserErrorException">The input has ended.</exception>
    public bool IsYes(string question, bool byDefault)
    {
        while (true)
        {
            switch (Ask($"{question} [{(byDefault ? "Y/n" : "y/N")}] ").ToUpperInvariant())
            {
                case "":
                    return byDefault;
                case "Y" or "YES":
                    return true;
                case "N" or "NO":
                    return false;
                default:
                    output.WriteLine("  y or n, please.");
                    break;
            }
        }
    }

    /// <summary>Asks for one of some names.</summary>
    /// <exception cref="UserErrorException">The input has ended.</exception>
    public string Choose(string question, IReadOnlyList<string> names, string byDefault)
    {
        while (true)
        {
            var answer = Ask($"{question} [{byDefault}] ");
            if (answer.Length == 0)
            {
                return byDefault;
            }

            if (names.Contains(answer, StringComparer.Ordinal))
            {
                return answer;
            }

            output.WriteLine(
                NearestName.Find(answer, names) is { } nearest
                    ? $"  It is none of them. Did you mean {nearest}?"
                    : $"  One of {string.Join(", ", names)}, please."
            );
        }
    }

    /// <summary>Asks for a text that can be understood.</summary>
    /// <param name="question">The question.</param>
    /// <param name="byDefault">What an empty line means.</param>
    /// <param name="problem">Says what is wrong with an answer; <see langword="null"/> for nothing.</param>
    /// <exception cref="UserErrorException">The input has ended.</exception>
    public string Text(string question, string byDefault, Func<string, string?> problem)
    {
        while (true)
        {
            var answer = Ask($"{question} [{byDefault}] ") is { Length: > 0 } given ? given : byDefault;
            if (problem(answer) is not { } wrong)
            {
                return answer;
            }

            output.WriteLine($"  {wrong}");
        }
    }

    private string Ask(string question)
    {
        output.Write(question);
        output.Flush();
        return input.ReadLine()?.Trim()
            ?? throw new UserErrorException("The input ended before every question had its answer. Nothing was written.");
    }
}
