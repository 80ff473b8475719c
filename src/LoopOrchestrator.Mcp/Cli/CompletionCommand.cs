using System.CommandLine;
using LoopOrchestrator.Mcp.Bootstrap;

namespace LoopOrchestrator.Mcp.Cli;

/// <summary><c>completion</c>: the script by which a shell completes commands, options and their values.</summary>
internal static class CompletionCommand
{
    // Each asks the program itself, by a directive that the parser understands, so that no script has to be renewed with it. What begins
    // with a slash or is '-?' are further names of --help.
    private static readonly Dictionary<string, string> Scripts = new(StringComparer.Ordinal)
    {
        ["bash"] = """
            # Completion of loop-orchestrator for bash. Put into ~/.bashrc:  source <(loop-orchestrator completion bash)
            _loop_orchestrator() {
                local IFS=$'\n' line
                COMPREPLY=()
                while read -r line; do
                    case $line in /* | '-?' | '') ;; *) COMPREPLY+=("$line") ;; esac
                done < <("${COMP_WORDS[0]}" "[suggest:${COMP_POINT}]" "${COMP_LINE}" 2>/dev/null)
                COMPREPLY=($(compgen -W "${COMPREPLY[*]}" -- "${COMP_WORDS[COMP_CWORD]}"))
            }
            complete -o default -F _loop_orchestrator loop-orchestrator
            """,
        ["zsh"] = """
            # Completion of loop-orchestrator for zsh. Put into ~/.zshrc, behind compinit:  source <(loop-orchestrator completion zsh)
            _loop_orchestrator() {
                local -a answers
                answers=("${(@f)$("${words[1]}" "[suggest:${CURSOR}]" "${BUFFER}" 2>/dev/null)}")
                answers=(${answers:#/*})
                answers=(${answers:#})
                answers=(${answers:#-\?})
                if (( ${#answers} )); then compadd -- $answers; else _files; fi
            }
            compdef _loop_orchestrator loop-orchestrator
            """,
        ["fish"] = """
            # Completion of loop-orchestrator for fish. Put this into ~/.config/fish/completions/loop-orchestrator.fish
            function __loop_orchestrator
                set -l line (commandline -cp)
                loop-orchestrator "[suggest:"(string length -- "$line")"]" "$line" 2>/dev/null | string match -v -r '^(/|-\?$|$)'
            end
            complete -c loop-orchestrator -a '(__loop_orchestrator)'
            """,
    };

    public static Command Create()
    {
        var shell = new Argument<string>("SHELL") { Description = $"One of {string.Join(", ", Scripts.Keys)}." };
        shell.AcceptOnlyFromAmong([.. Scripts.Keys]);
        var command = new Command(
            "completion",
            "Print the script by which a shell completes this program's commands, options and values; its first line says where it goes. "
                + "Changes nothing."
        )
        {
            shell,
        };
        command.SetAction(parsed =>
        {
            parsed.InvocationConfiguration.Output.WriteLine(Scripts[parsed.GetValue(shell)!].ReplaceLineEndings("\n"));
            return ExitCode.Ok;
        });
        return command;
    }
}
