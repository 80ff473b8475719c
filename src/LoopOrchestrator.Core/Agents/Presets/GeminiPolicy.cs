using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using LoopOrchestrator.Core.Toml;

namespace LoopOrchestrator.Core.Agents.Presets;

/// <summary>
/// Rules of Gemini CLI for editing files: expressions over the arguments of a tool as JSON. It takes a path as the model writes it, and
/// refuses expressions with a repeated group, so each form of a path has a rule of its own, and odd forms are denied.
/// </summary>
internal static class GeminiPolicy
{
    private const int DenyPriority = 900;
    private const int AllowPriority = 500;
    private const int DenyOtherPriority = 100;

    private const string AnyCharacters = "[^\"]*";

    // "a/../b", "a/./b" and "a//b" would get past the others. "./b" has its own.
    private static readonly string[] OddPaths = [AnyCharacters + "\\.\\./", AnyCharacters + "/\\./", AnyCharacters + "//"];

    /// <summary>The policy file of one run.</summary>
    public static byte[] Write(AgentCall call)
    {
        var text = new StringBuilder();
        string[] begins = ["", Regex.Escape("./"), Escape(call.WorkingFolder + "/")];
        var denied = ProtectedFiles
            .Files.Select(static file => Escape(file) + "\"")
            .Concat(ProtectedFiles.Folders.Select(static folder => Escape(folder + "/")));
        foreach (var path in OddPaths.Concat(from begin in begins from path in denied select begin + path))
        {
            Rule(text, path, "deny", DenyPriority);
        }

        if (EditPatterns.Of(call.Mode) is { } edits)
        {
            foreach (var path in from begin in begins from edit in edits select begin + Escape(edit.Folder) + End(edit))
            {
                Rule(text, path, "allow", AllowPriority);
            }

            Rule(text, "", "deny", DenyOtherPriority);
        }

        return Encoding.UTF8.GetBytes(text.ToString());
    }

    private static string End(EditPattern edit) => edit.Extension is null ? "" : $"{AnyCharacters}{Escape("." + edit.Extension)}\"";

    // As the text stands within JSON.stringify's, for a regular expression.
    private static string Escape(string text) =>
        Regex.Escape(
            string.Concat(
                text.Select(static character =>
                    character switch
                    {
                        '"' or '\\' => $"\\{character}",
                        '\n' => "\\n",
                        '\r' => "\\r",
                        '\t' => "\\t",
                        '\b' => "\\b",
                        '\f' => "\\f",
                        < ' ' => $"\\u{(int)character:x4}",
                        _ => character.ToString(),
                    }
                )
            )
        );

    private static void Rule(StringBuilder text, string path, string decision, int priority) =>
        text.AppendLine("[[rule]]")
            .AppendLine("toolName = [\"write_file\", \"replace\"]")
            .Append("argsPattern = ")
            .AppendLine(TomlStrings.Quote("\"file_path\":\"" + path))
            .Append("decision = ")
            .AppendLine(TomlStrings.Quote(decision))
            .Append(CultureInfo.InvariantCulture, $"priority = {priority}\n");
}
