using YamlDotNet.Core;
using YamlDotNet.Core.Events;

namespace LoopOrchestrator.Core.Modes;

/// <summary>
/// YAML with the line breaks of version 1.2, as Roo reads it. The parser knows those of 1.1: it would end a line at U+0085, U+2028 and
/// U+2029, which come along with text from web pages and models. They are put aside while it parses; places stay as they are.
/// </summary>
internal static class ModesYaml
{
    private const char FirstStandIn = '\uE000';
    private const char LastStandIn = '\uF8FF';

    private const char Return = '\r';

    // What ends a line in YAML 1.1 and is a character like any other in 1.2.
    private static readonly char[] Breaks = ['\u0085', '\u2028', '\u2029'];

    /// <summary>A parser over a text. In one that has no line feed at all, returns end the lines.</summary>
    public static IParser Open(string text) => Open(text, text.Contains('\n', StringComparison.Ordinal));

    /// <summary>A parser over a text.</summary>
    /// <param name="text">The text.</param>
    /// <param name="isLikeRoo">Whether a return by itself is a character like any other, as it is for Roo.</param>
    public static IParser Open(string text, bool isLikeRoo)
    {
        var characters = isLikeRoo ? Breaks.Append(Return) : Breaks;
        var restored = new Dictionary<char, char>();
        var next = FirstStandIn;
        foreach (var character in characters.Where(text.Contains))
        {
            while (next < LastStandIn && text.Contains(next))
            {
                next++;
            }

            restored.Add(next, character);
            text = character == Return ? WithoutReturns(text, next++) : text.Replace(character, next++);
        }

        var parser = new Parser(new StringReader(text));
        return restored.Count == 0 ? parser : new RestoringParser(parser, restored);
    }

    // Those before a line feed stay: together they end a line.
    private static string WithoutReturns(string text, char standIn) => string.Create(text.Length, (text, standIn), static (span, state) =>
        {
            for (var index = 0; index < span.Length; index++)
            {
                var isAlone = state.text[index] == Return && (index + 1 == span.Length || state.text[index + 1] != '\n');
                span[index] = isAlone ? state.standIn : state.text[index];
            }
        });

    private sealed class RestoringParser(Parser parser, Dictionary<char, char> restored) : IParser
    {
        public ParsingEvent? Current { get; private set; }

        public bool MoveNext()
        {
            var moved = parser.MoveNext();
            Current = parser.Current is Scalar scalar ? Restore(scalar) : parser.Current;
            return moved;
        }

        private Scalar Restore(Scalar scalar)
        {
            var value = string.Create(scalar.Value.Length, (scalar.Value, restored), static (span, state) =>
            {
                for (var index = 0; index < span.Length; index++)
                {
                    span[index] = state.restored.GetValueOrDefault(state.Value[index], state.Value[index]);
                }
            });
            return new Scalar(
                scalar.Anchor,
                scalar.Tag,
                value,
                scalar.Style,
                scalar.IsPlainImplicit,
                scalar.IsQuotedImplicit,
                scalar.Start,
                scalar.End
            );
        }
    }
}
