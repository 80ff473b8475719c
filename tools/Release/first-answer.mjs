// Starts a server as a client does, over stdio in an empty project, and asks it: initialize, tools/list, and list_schedules.
// Prints how long each took from the start of the program; ends with 1 when an answer is missing, wrong, or of another version.
//   node first-answer.mjs VERSION COMMAND [ARGUMENT…]
import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';

const [version, command, ...given] = process.argv.slice(2);
const began = performance.now();
const server = spawn(command, [...given, '--mode', 'stdio', '--workspace', process.cwd()], { stdio: ['pipe', 'pipe', 'inherit'] });
const limit = setTimeout(() => fail('no answer within 120 s'), 120_000);
const waiting = new Map();
let last = 0;

function fail(why) {
  console.error(`first-answer: ${why}`);
  server.kill();
  process.exit(1);
}

server.on('error', error => fail(error.message));
server.on('exit', code => waiting.size > 0 && fail(`it ended with ${code} instead of answering`));
createInterface({ input: server.stdout }).on('line', line => {
  const message = JSON.parse(line);
  const answer = message.id === undefined ? undefined : waiting.get(message.id);
  if (!answer) return;
  waiting.delete(message.id);
  if (message.error) fail(`${answer.method}: ${message.error.message}`);
  answer.resolve(message.result);
});

const send = message => server.stdin.write(`${JSON.stringify({ jsonrpc: '2.0', ...message })}\n`);
const ask = (method, params) =>
  new Promise(resolve => {
    waiting.set(++last, { method, resolve });
    send({ id: last, method, params });
  });
const since = () => Math.round(performance.now() - began);

const hello = await ask('initialize', {
  protocolVersion: '2025-06-18',
  capabilities: {},
  clientInfo: { name: 'release-check', version: '1' },
});
if (hello.serverInfo.version !== version) fail(`it is ${hello.serverInfo.version} and not ${version}`);
send({ method: 'notifications/initialized' });
const { tools } = await ask('tools/list', {});
const listed = since();
if (!tools.some(tool => tool.name === 'run_mode')) fail('run_mode is not among its tools');
const called = await ask('tools/call', { name: 'list_schedules', arguments: {} });
if (called.isError || !Array.isArray(called.structuredContent?.schedules)) fail(`list_schedules: ${JSON.stringify(called)}`);
const answered = since();

const ended = new Promise(resolve => server.on('exit', resolve));
server.stdin.end();
const code = await ended;
if (code !== 0) fail(`it ended with ${code} when its client left`);
clearTimeout(limit);
console.log(`${tools.length} tools after ${listed} ms, first answer of a tool after ${answered} ms`);
