#!/bin/sh
# Version:   @kilocode/cli-linux-x64 7.7.9 (npm), on Linux
# Behaviour: two headless runs that are started at the same time in a home where Kilo has never run both make its database, and mostly one
#            of them ends with exit code 1, "Unexpected error" and the query that failed. In the same home later, two at once both succeed.
# Seen:      a new home: one of two ended with exit code 1, Failed query: CREATE TABLE `workspace`
#            the same home again: exit codes 0 and 0
# Fails when none of ten new homes shows it, or when two at once fail later. Takes two to fifteen minutes and 200 MB in a temporary folder;
# needs npm and Node.js.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm init -y >/dev/null
npm install --no-fund --no-audit --loglevel=error @kilocode/cli-linux-x64@7.7.9 >/dev/null

cat >drive.mjs <<'JS'
import { spawn } from 'node:child_process';
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { join } from 'node:path';

// A model's service that says "Done.", on a free port of this machine.
const chunk = { id: 'chat', object: 'chat.completion.chunk', created: 1, model: 'local' };
const piece = (delta, finish_reason) => ({ ...chunk, choices: [{ index: 0, delta, finish_reason }] });
const server = createServer((request, response) => {
  request.resume().on('end', () => {
    response.writeHead(200, { 'content-type': 'text/event-stream' });
    const pieces = [piece({ role: 'assistant', content: 'Done.' }, null), piece({}, 'stop')];
    response.end([...pieces.map(one => JSON.stringify(one)), '[DONE]'].map(one => `data: ${one}\n\n`).join(''));
  });
});
await new Promise(next => server.listen(0, '127.0.0.1', next));
const options = { baseURL: `http://127.0.0.1:${server.address().port}/v1`, apiKey: 'x' };
const provider = { local: { npm: '@ai-sdk/openai-compatible', options, models: { local: {} } } };
const settings = { model: 'local/local', small_model: 'local/local', provider };

const [home, work] = [join(process.cwd(), 'home'), join(process.cwd(), 'work')];
const start = () => new Promise(next => {
  const environment = { PATH: process.env.PATH, HOME: home, XDG_CONFIG_HOME: join(home, '.config') };
  const kilo = join(process.cwd(), 'node_modules/@kilocode/cli-linux-x64/bin/kilo');
  const child = spawn(kilo, ['run', '--format', 'json'], { cwd: work, env: environment, stdio: ['pipe', 'pipe', 'pipe'] });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', chunk => { output += chunk; });
  child.stdin.end('Do the work, please.');
  child.once('close', code => next({ code, output }));
});
const query = run => /Failed query:\s+(CREATE TABLE `\w+`|[^\n]*)/.exec(run.output)?.[1];

for (let round = 1; round <= 10; round++) {
  for (const place of [home, work]) { rmSync(place, { recursive: true, force: true }); mkdirSync(place); }
  writeFileSync(join(work, 'kilo.json'), JSON.stringify(settings));
  const failed = (await Promise.all([start(), start()])).find(run => run.code === 1 && query(run));
  if (!failed) continue;
  console.log(`a new home: one of two ended with exit code 1, Failed query: ${query(failed)}`);
  const codes = (await Promise.all([start(), start()])).map(run => run.code);
  console.log(`the same home again: exit codes ${codes.join(' and ')}`);
  process.exit(codes.every(code => code === 0) ? 0 : 1);
}
console.log('ten new homes: two first starts at once never failed');
process.exit(1);
JS
node drive.mjs
