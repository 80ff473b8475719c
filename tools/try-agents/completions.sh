#!/usr/bin/env bash
# Has bash, zsh and fish complete with the scripts of 'completion', each where it is installed. Ends with 1 when one completes wrongly.
#   tools/try-agents/completions.sh PATH-OF-THE-PROGRAM
set -uo pipefail
program=$(realpath "${1:?usage: tools/try-agents/completions.sh PATH-OF-THE-PROGRAM}")
folder=$(mktemp -d)
trap 'rm -r "$folder"' EXIT
ln -s "$program" "$folder/loop-orchestrator"
export PATH="$folder:$PATH" HOME="$folder"
cd "$folder" || exit 1
failed=0

# What is typed, and what it becomes.
cases=(
    "loop-orchestrator uninst|uninstall"
    "loop-orchestrator completion fi|fish"
    "loop-orchestrator schedules save --misf|--misfire"
)

in_bash() {
    bash --norc -c 'source <(loop-orchestrator completion bash); COMP_LINE=$1 COMP_POINT=${#1}; read -ra COMP_WORDS <<<"$1"
        COMP_CWORD=$((${#COMP_WORDS[@]} - 1)); _loop_orchestrator; printf "%s\n" "${COMPREPLY[@]}"' bash "$1"
}

in_fish() {
    loop-orchestrator completion fish >script.fish
    fish -c "source script.fish; complete -C '$1'"
}

in_zsh() {
    loop-orchestrator completion zsh >script.zsh
    zsh -f -c '
        zmodload zsh/zpty
        zpty shell "zsh -f -i"
        all() { local out; while zpty -rt shell out 2>/dev/null; do print -rn -- "$out"; done }
        zpty -w shell "autoload -Uz compinit; compinit -u -D; source ./script.zsh"
        sleep 2; all >/dev/null
        zpty -wn shell "$1"$'"'\\t'"'
        sleep 2; all' zsh "$1"
}

for shell in bash zsh fish; do
    if ! command -v "$shell" >/dev/null; then
        echo "skipped $shell: not installed"
        continue
    fi

    for case in "${cases[@]}"; do
        typed=${case%%|*}
        if "in_$shell" "$typed" 2>&1 | grep -qF -- "${case#*|}"; then
            echo "ok      $shell: $typed"
        else
            echo "FAILED  $shell: $typed"
            failed=1
        fi
    done
done
exit $failed
