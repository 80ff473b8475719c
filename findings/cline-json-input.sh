#!/bin/sh
# Version:   cline 3.0.65 (npm), on Linux
# Behaviour: a prompt on standard input is taken without --json, and refused with --json, with a message that says that standard input
#            would do: "JSON output mode requires a prompt argument or piped stdin". So whoever wants events has to give the prompt as an
#            argument, which Linux bounds at 131,071 bytes.
# Seen:      an argument, with --json: exit code 0
#            a pipe, without --json: exit code 0
#            a pipe, with --json: exit code 1, JSON output mode requires a prompt argument or piped stdin
# Fails when one of them is otherwise. Takes about a minute and 500 MB in a temporary folder; needs npm and Node.js.
set -eu
folder=$(mktemp -d)
server=
trap '[ -z "$server" ] || kill "$server" 2>/dev/null || true; rm -rf "$folder"' EXIT
cd "$folder"
npm init -y >/dev/null
npm install --no-fund --no-audit --loglevel=error cline@3.0.65 >/dev/null

# A model's service that says "Done.", on a free port of this machine.
cat >model.mjs <<'JS'
import http from 'node:http';
import fs from 'node:fs';
const chunk = { id: 'chat', object: 'chat.completion.chunk', created: 1, model: 'local' };
const piece = (delta, finish_reason) => ({ ...chunk, choices: [{ index: 0, delta, finish_reason }] });
const server = http.createServer((request, response) => {
  request.resume().on('end', () => {
    const models = { object: 'list', data: [{ id: 'local', object: 'model' }] };
    if (!request.url.includes('/chat/completions')) return response.end(JSON.stringify(models));
    response.writeHead(200, { 'content-type': 'text/event-stream' });
    const pieces = [piece({ role: 'assistant', content: 'Done.' }, null), piece({}, 'stop')];
    response.end([...pieces.map(one => JSON.stringify(one)), '[DONE]'].map(one => `data: ${one}\n\n`).join(''));
  });
});
server.listen(0, '127.0.0.1', () => fs.writeFileSync('port', String(server.address().port)));
JS
node model.mjs &
server=$!
while [ ! -s port ]; do sleep 0.1; done

# Without a process of its own that other runs share.
export CLINE_SESSION_BACKEND_MODE=local HOME="$folder/home"
mkdir -p "$HOME" work
PATH="$folder/node_modules/.bin:$PATH"
cline auth -p openai-compatible -k x -m local -b "http://127.0.0.1:$(cat port)/v1" >/dev/null 2>&1 </dev/null
cd work

prompt='Do the work, please.'
result=0
seen() { # what, the exit code that is expected, the exit code
  told=$(grep -o 'JSON output mode requires[a-z ]*' ../out || true)
  echo "$1: exit code $3${told:+, $told}" | sed 's/ *$//'
  [ "$3" -eq "$2" ] || { result=1; tail -c 500 ../out; }
  [ "$2" -eq 0 ] || [ -n "$told" ] || result=1
}
code=0
cline --json --auto-approve true "$prompt" >../out 2>&1 </dev/null || code=$?
seen 'an argument, with --json' 0 "$code"
code=0
printf '%s' "$prompt" | cline --auto-approve true >../out 2>&1 || code=$?
seen 'a pipe, without --json' 0 "$code"
code=0
printf '%s' "$prompt" | cline --json --auto-approve true >../out 2>&1 || code=$?
seen 'a pipe, with --json' 1 "$code"
exit $result
