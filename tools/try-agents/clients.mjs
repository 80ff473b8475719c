#!/usr/bin/env node
// Enters this server into the settings of real clients by `install`, and has each see it, call it and forget it, without a network but for
// npm: in a home of its own the client lists its servers, takes two turns of a stand-in model, calls get_status through MCP and gets its
// answer, and `uninstall` takes the entry out again.
//
//   node tools/try-agents/clients.mjs [--server PROGRAM] [--folder DIR] [CLIENT ...]
//
// --server  the built program; by default artifacts/bin/LoopOrchestrator.Mcp/debug/loop-orchestrator of this repository
// --folder  where to install and work; by default a temporary folder that is removed at the end. With a folder of one's own, what is installed stays.
// CLIENT    which ones; by default all: claude codex opencode gemini kilo qwen cline. Together they take up to 2 GB.
//
// Prints a row of the table in docs/clients.md for each, and ends with 0 only when everything held for every client. Linux and macOS; the
// newest programs need Node 24.
import { spawn, spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { agents, fail, install, prepare, repository, write } from './agents.mjs';
import { startModel } from './model.mjs';

const prompt = 'Ask the loop for its status.';
const tool = 'get_status';

/** How each client lists its servers, what that says of one that is connected, and how it is asked something headless. */
const clients = {
  claude: {
    list: ['claude', 'mcp', 'list'], listed: /loop: .*Connected/,
    ask: () => ['claude', '-p', '--output-format', 'stream-json', '--verbose', '--allowedTools', 'mcp__loop__*', '--', prompt],
  },
  codex: {
    list: ['codex', 'mcp', 'list'], listed: /^loop .*enabled/m,
    ask: port => ['codex', 'exec', '--json', '--skip-git-repo-check', '-c', 'approval_policy="never"', '-c', 'mcp_servers.loop.default_tools_approval_mode="approve"', ...agents.codex.arguments(port), prompt],
  },
  opencode: { list: ['opencode', 'mcp', 'list'], listed: /✓ loop/, ask: () => ['opencode', 'run', '--format', 'json', prompt] },
  gemini: {
    list: ['gemini', 'mcp', 'list'], listed: /✓ loop: .*Connected/,
    ask: () => ['gemini', '--skip-trust', '-y', '-m', 'gemini-2.5-flash', '-o', 'stream-json', '-p', prompt],
  },
  kilo: { list: ['kilo', 'mcp', 'list'], listed: /✓ loop/, ask: () => ['kilo', 'run', '--format', 'json', '--auto', prompt] },
  qwen: {
    list: ['qwen', 'mcp', 'list'], listed: /loop: .*Connected/,
    ask: () => ['qwen', '--auth-type', 'openai', '-y', '-o', 'stream-json', '-p', prompt],
  },
  // It has no list.
  cline: { ask: () => ['cline', '--json', '-t', '60', '--auto-approve', 'true', prompt] },
};

const options = { server: join(repository, 'artifacts/bin/LoopOrchestrator.Mcp/debug/loop-orchestrator'), folder: null };
const chosen = [];
for (let index = 2; index < process.argv.length; index++) {
  const argument = process.argv[index];
  if (argument === '--server' || argument === '--folder') options[argument.slice(2)] = resolve(process.argv[++index] ?? '');
  else if (clients[argument]) chosen.push(argument);
  else fail(`'${argument}' is none of ${Object.keys(clients).join(', ')}, --server, --folder`);
}
if (!existsSync(options.server)) fail(`${options.server} is not there. Build it (dotnet build), or name it with --server.`);

const folder = options.folder ?? mkdtempSync(join(tmpdir(), 'try-clients-'));
let failed = 0;
console.log('| client | version | first answer to `install` | its own list | called `get_status` | answer seen | after `uninstall` |');
console.log('| --- | --- | ---: | --- | --- | --- | --- |');
try {
  for (const name of chosen.length > 0 ? chosen : Object.keys(clients)) failed += await tryClient(name) ? 0 : 1;
} finally {
  if (!options.folder) rmSync(folder, { recursive: true, force: true });
}
process.exit(failed === 0 ? 0 : 1);

async function tryClient(name) {
  const client = clients[name];
  const bin = install(folder, name);
  const called = [];
  let answered = false;
  // What the tool answers comes back to the model with the next request; the workspace's name is in it.
  const model = await startModel([{ tool, input: {} }, { text: 'Done.' }], what => called.push(what), {
    onRequest: text => { answered ||= called.some(one => one.endsWith(tool)) && /attention|scheduler|server/i.test(text) && text.includes('tool'); },
  });
  const home = join(folder, name, 'home');
  const workspace = join(folder, name, 'workspace');
  prepare(name, model.port, home, workspace);
  rmSync(join(home, '.qwen'), { recursive: true, force: true });
  write(join(home, '.gemini/trustedFolders.json'), JSON.stringify({ [workspace]: 'TRUST_FOLDER' }));
  const environment = { ...process.env, ...agents[name].environment?.(model.port), HOME: home, PWD: workspace, XDG_CONFIG_HOME: join(home, '.config'), PATH: `${bin}:${process.env.PATH}` };
  const run = (words, seconds) => spawnSync(words[0], words.slice(1), { env: environment, cwd: workspace, stdio: ['ignore', 'pipe', 'pipe'], timeout: seconds * 1000, encoding: 'utf8' });
  for (const command of agents[name].prepare?.(bin, model.port) ?? []) run(command, 60);
  const daemons = hubs();
  try {
    const installed = run([options.server, 'install', name, '--yes', '--json'], 60);
    if (installed.status !== 0) throw new Error(`install ended with ${installed.status}: ${installed.stderr}${installed.stdout}`);
    const answer = JSON.parse(installed.stdout);
    const file = answer.files[0].file;
    const list = client.list ? run(client.list, 90) : null;
    const listed = list && client.listed.test(plain(list.stdout + list.stderr));
    const asked = await ask(client.ask(model.port), environment, workspace, 180);
    const version = plain(run([name, '--version'], 60).stdout ?? '').match(/\d+\.\d+\.\d+/)?.[0] ?? '';
    const out = run([options.server, 'uninstall', name, '--yes', '--json'], 60);
    const gone = out.status === 0 && !(existsSync(file) && readFileSync(file, 'utf8').includes('"loop"'));
    const hasCalled = called.some(one => one.endsWith(tool));
    const row = [name, version, `${Math.round(answer.check.first_answer_ms)} ms`, list ? mark(listed) : 'none', mark(hasCalled), mark(answered), gone ? JSON.parse(out.stdout).files[0].action : 'NOT GONE'];
    console.log(`| ${row.join(' | ')} |`);
    const good = (listed ?? true) && hasCalled && answered && gone;
    if (!good) console.error(`${name}: turns ${called.join(', ')}\n${list ? plain(list.stdout + list.stderr) : ''}\n${asked.slice(-2000)}`);
    return good;
  } catch (error) {
    console.error(`${name}: ${error.message}`);
    return false;
  } finally {
    model.close();
    // Cline leaves a process of its own behind.
    for (const pid of hubs()) if (!daemons.includes(pid)) process.kill(pid);
  }
}

// Not waited for synchronously: the stand-in model has to answer meanwhile.
function ask(words, environment, cwd, seconds) {
  return new Promise(done => {
    let text = '';
    const child = spawn(words[0], words.slice(1), { env: environment, cwd, stdio: ['ignore', 'pipe', 'pipe'], timeout: seconds * 1000 });
    for (const stream of [child.stdout, child.stderr]) stream.on('data', chunk => { text += chunk; });
    child.on('error', error => done(error.message));
    child.on('exit', () => done(text));
  });
}

function hubs() {
  const result = spawnSync('ps', ['-eo', 'pid=,args='], { encoding: 'utf8' });
  return result.stdout.split('\n').filter(line => line.includes('--cline-hub-daemon')).map(line => Number(line.trim().split(' ')[0]));
}

function mark(good) {
  return good ? 'yes' : 'NO';
}

function plain(text) {
  return text.replace(/\x1b\[[0-9;?]*[A-Za-z]/g, '').replace(/\[\d+m/g, '');
}
