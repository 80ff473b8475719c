using System.Text.RegularExpressions;
using YamlDotNet.Core;
using YamlDotNet.RepresentationModel;

namespace LoopOrchestrator.Core.Modes;

/// <summary>What a value is for Roo Code: text, or something that only looks like it. By the core schema of YAML 1.2, or by 1.1.</summary>
/// <param name="isVersion11">Whether the file says <c>%YAML 1.1</c>.</param>
internal sealed partial class RooScalar(bool isVersion11)
{
    private const string TagPrefix = "tag:yaml.org,2002:";

    [GeneratedRegex("^(?:[Tt]rue|TRUE|[Ff]alse|FALSE)$", RegexOptions.None, matchTimeoutMilliseconds: 1_000)]
    private static partial Regex Flag { get; }

    [GeneratedRegex(
        @"^(?:[-+]?[0-9]+|0o[0-7]+|0x[0-9a-fA-F]+|[-+]?\.(?:inf|Inf|INF)|\.(?:nan|NaN|NAN)"
            + @"|[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)[eE][-+]?[0-9]+|[-+]?(?:\.[0-9]+|[0-9]+\.[0-9]*))$",
        RegexOptions.None,
        matchTimeoutMilliseconds: 1_000
    )]
    private static partial Regex Number { get; }

    [GeneratedRegex(
        "^(?:Y|y|[Yy]es|YES|[Tt]rue|TRUE|[Oo]n|ON|N|n|[Nn]o|NO|[Ff]alse|FALSE|[Oo]ff|OFF)$",
        RegexOptions.None,
        matchTimeoutMilliseconds: 1_000
    )]
    private static partial Regex Flag11 { get; }

    [GeneratedRegex(
        @"^(?:[-+]?0b[01_]+|[-+]?[0-9][0-9_]*|[-+]?0x[0-9a-fA-F_]+|[-+]?\.(?:inf|Inf|INF)|\.(?:nan|NaN|NAN)"
            + @"|[-+]?[0-9][0-9_]*(?:\.[0-9_]*)?[eE][-+]?[0-9]+|[-+]?(?:[0-9][0-9_]*)?\.[0-9_]+|[-+]?[0-9][0-9_]*\."
            + @"|[-+]?[0-9][0-9_]*(?::[0-5]?[0-9])+(?:\.[0-9_]*)?)$",
        RegexOptions.None,
        matchTimeoutMilliseconds: 1_000
    )]
    private static partial Regex Number11 { get; }

    [GeneratedRegex(@"^[0-9]{4}-[0-9]{1,2}-[0-9]{1,2}(?:(?:[tT]|[ \t]+)[0-9].*)?$", RegexOptions.None, matchTimeoutMilliseconds: 1_000)]
    private static partial Regex Date11 { get; }

    /// <summary>What it is in place of text, for a sentence; <see langword="null"/> where it is text.</summary>
    public string? NoText(YamlNode node)
    {
        if (node is not YamlScalarNode scalar)
        {
            return node is YamlMappingNode ? "a mapping" : "a list";
        }

        var tag = scalar.Tag.IsEmpty ? "" : scalar.Tag.Value;
        if (tag.StartsWith(TagPrefix, StringComparison.Ordinal))
        {
            return tag[TagPrefix.Length..] switch
            {
                "null" => "empty",
                "bool" => "a yes or no",
                "int" or "float" => "a number",
                _ => null,
            };
        }

        var value = scalar.Value ?? "";
        return tag.Length > 0 || scalar.Style is not (ScalarStyle.Plain or ScalarStyle.Any) ? null
            : value is "" or "~" or "null" or "Null" or "NULL" ? "empty"
            : (isVersion11 ? Flag11 : Flag).IsMatch(value) ? $"a yes or no ({value})"
            : (isVersion11 ? Number11 : Number).IsMatch(value) ? $"a number ({value})"
            : isVersion11 && Date11.IsMatch(value) ? $"a date ({value})"
            : null;
    }
}
