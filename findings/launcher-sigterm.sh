#!/bin/sh
# Version:   @github/copilot 1.0.102 and @qwen-code/qwen-code 0.24.4 (npm), on Node.js 24 and Linux
# Behaviour: the program that npm puts on the PATH is a launcher, which starts the agent as a child and waits for it. SIGTERM to the
#            launcher ends the launcher at once and is not passed on: the agent lives on without a parent, takes the next answer of its
#            model, and runs the command that it asks for. A caller that ends the process it has started has ended nothing.
# Seen:      copilot: the launcher ended by SIGTERM; the command was run after that
#            qwen: the launcher ended by SIGTERM; the command was run after that
# Fails when one of them is otherwise. Takes about a minute and 500 MB in a temporary folder; needs npm and Node.js 24.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm init -y >/dev/null
npm install --no-fund --no-audit --loglevel=error @github/copilot@1.0.102 @qwen-code/qwen-code@0.24.4 >/dev/null

cat >drive.mjs <<'JS'
// Starts one agent with a model's service of our own, ends its launcher while the first answer is awaited, and looks what the agent
// does then.
import { spawn } from 'node:child_process';
import { existsSync, mkdirSync } from 'node:fs';
import { createServer } from 'node:http';
import { join } from 'node:path';

const agents = {
  copilot: { shell: 'bash', words: ['--output-format', 'json', '--allow-all-tools', '--disable-builtin-mcps'] },
  qwen: { shell: 'run_shell_command', words: ['-o', 'stream-json', '--approval-mode', 'yolo', '--auth-type', 'openai'] },
};
const name = process.argv[2];
const { shell, words } = agents[name];
const [home, work] = [join(process.cwd(), `${name}-home`), join(process.cwd(), `${name}-work`)];
for (const place of [home, work]) mkdirSync(place);
const pause = seconds => new Promise(next => setTimeout(next, seconds * 1000));

let ended = null;
let [asked, told] = [false, false];
const server = createServer(async (request, response) => {
  let text = '';
  for await (const chunk of request) text += chunk;
  const body = text.startsWith('{') ? JSON.parse(text) : {};
  const models = { object: 'list', data: [{ id: 'local', object: 'model' }] };
  if (!request.url.includes('/chat/completions')) return response.end(JSON.stringify(models));
  let message = { role: 'assistant', content: 'Done.' };
  if (!told && body.tools?.some(tool => tool.function?.name === shell)) {
    asked = true;
    while (!ended) await pause(0.1);
    await pause(1);
    told = true;
    const input = { command: 'echo on >went-on', description: 'Write a file', is_background: false };
    const call = { index: 0, id: 'call_1', type: 'function', function: { name: shell, arguments: JSON.stringify(input) } };
    message = { role: 'assistant', content: null, tool_calls: [call] };
  }
  const chunk = { id: 'chat', object: 'chat.completion.chunk', created: 1, model: 'local' };
  const piece = (delta, finish_reason) => ({ ...chunk, choices: [{ index: 0, delta, finish_reason }] });
  response.writeHead(200, { 'content-type': 'text/event-stream' });
  const pieces = [piece(message, null), piece({}, message.tool_calls ? 'tool_calls' : 'stop')];
  response.end([...pieces.map(one => JSON.stringify(one)), '[DONE]'].map(one => `data: ${one}\n\n`).join(''));
});
await new Promise(next => server.listen(0, '127.0.0.1', next));
const address = `http://127.0.0.1:${server.address().port}/v1`;
const environment = {
  PATH: process.env.PATH, HOME: home,
  COPILOT_PROVIDER_BASE_URL: address, COPILOT_MODEL: 'local', COPILOT_OFFLINE: 'true',
  OPENAI_API_KEY: 'x', OPENAI_BASE_URL: address, OPENAI_MODEL: 'local',
};
const program = join(process.cwd(), 'node_modules/.bin', name);
const launcher = spawn(program, words, { cwd: work, env: environment, detached: true, stdio: ['pipe', 'ignore', 'ignore'] });
launcher.once('exit', (code, signal) => { ended = signal ?? `exit code ${code}`; });
launcher.stdin.end('Do the work.');
for (let tenths = 0; tenths < 1200 && !asked; tenths++) await pause(0.1);
launcher.kill('SIGTERM');
for (let tenths = 0; tenths < 100 && !ended; tenths++) await pause(0.1);
const file = join(work, 'went-on');
const early = existsSync(file);
for (let tenths = 0; tenths < 300 && !existsSync(file); tenths++) await pause(0.1);
const went = existsSync(file) && !early;
await pause(3);
try { process.kill(-launcher.pid, 'SIGKILL'); } catch { /* All of them have ended. */ }
console.log(`${name}: the launcher ended by ${ended}; the command was ${went ? 'run' : 'not run'} after that`);
process.exit(asked && ended === 'SIGTERM' && went ? 0 : 1);
JS
result=0
for name in copilot qwen; do node drive.mjs "$name" || result=1; done
exit $result
