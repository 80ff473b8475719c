#!/bin/sh
# Version:   @google/gemini-cli 0.61.0, on Node.js 20 or newer
# Behaviour: when the model's service refuses a request, the exit code of a headless run is the HTTP status of the refusal, of which the
#            system keeps the lowest 8 bits: 401 becomes 145, 403 becomes 147, 503 becomes 247. Shells and supervisors read 128 and
#            more as "ended by signal number code - 128" (145: signal 17). Nothing was signalled.
# Seen:      401: exit code 145
#            403: exit code 147
# Fails when the exit codes are others. Takes about half a minute and 200 MB in a temporary folder; needs npm.
set -eu
folder=$(mktemp -d)
server=
trap '[ -z "$server" ] || kill "$server" 2>/dev/null || true; rm -rf "$folder"' EXIT
cd "$folder"
npm init -y >/dev/null
npm install --no-fund --no-audit --loglevel=error @google/gemini-cli@0.61.0 >/dev/null

# A model's service that refuses everything, on a free port of this machine.
cat >refuse.mjs <<'JS'
import http from 'node:http';
import fs from 'node:fs';
const code = Number(process.argv[2]);
const server = http.createServer((request, response) => {
  request.resume().on('end', () => {
    response.writeHead(code, { 'content-type': 'application/json' });
    response.end(JSON.stringify({ error: { code, message: 'no', status: 'UNAUTHENTICATED' } }));
  });
});
server.listen(0, '127.0.0.1', () => fs.writeFileSync('port', String(server.address().port)));
JS

export HOME="$folder/home"
mkdir -p "$HOME/.gemini" work
echo '{"security":{"auth":{"selectedType":"gemini-api-key"}}}' >"$HOME/.gemini/settings.json"
result=0
for code in 401 403; do
  rm -f port
  node refuse.mjs "$code" &
  server=$!
  while [ ! -s port ]; do sleep 0.1; done
  seen=0
  (cd work && GEMINI_API_KEY=x GOOGLE_GEMINI_BASE_URL="http://127.0.0.1:$(cat ../port)" \
    ../node_modules/.bin/gemini --skip-trust -o stream-json -p hello </dev/null >../out 2>../err) || seen=$?
  echo "$code: exit code $seen"
  [ "$seen" -eq $((code % 256)) ] || result=1
  kill "$server"
  wait "$server" 2>/dev/null || true
  server=
done
exit $result
