#!/usr/bin/env node
// Runs real agent programs through the whole path, without a network but for npm: a schedule becomes due, the server starts the agent by its
// preset, the agent takes two turns of a stand-in model, calls append_memory and complete_run through MCP, ends, and the run has succeeded.
//
//   node tools/try-agents/run.mjs [--server PROGRAM] [--folder DIR] [--as UID] [--dead] [AGENT ...]
//
// --server  the built program; by default artifacts/bin/LoopOrchestrator.Mcp/debug/loop-orchestrator of this repository
// --folder  where to install and work; by default a temporary folder that is removed at the end. With a folder of one's own, what is installed stays.
// --as      the number of the user who runs the server and its agents; root may name any. Give a --folder that this user may enter.
// --dead    with a model that is not there: the run has to end soon, say so, not be tried again, and hold the agent back.
// AGENT     which ones; by default claude and codex. All: claude codex opencode cline copilot qwen kilo gemini. Each takes up to 400 MB.
//
// Ends with 0 only when everything held for every agent. Linux and macOS; Node 20 or later.
import { spawn, spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { agents, fail, install, must, prepare, repository, until, write } from './agents.mjs';
import { startModel } from './model.mjs';

const options = { as: null, dead: false, server: join(repository, 'artifacts/bin/LoopOrchestrator.Mcp/debug/loop-orchestrator'), folder: null };
const chosen = [];
for (let index = 2; index < process.argv.length; index++) {
  const argument = process.argv[index];
  if (argument === '--dead') options.dead = true;
  else if (argument === '--as') options.as = Number(process.argv[++index]);
  else if (argument === '--server' || argument === '--folder') options[argument.slice(2)] = resolve(process.argv[++index] ?? '');
  else if (agents[argument]) chosen.push(argument);
  else fail(`'${argument}' is none of ${Object.keys(agents).join(', ')}, --server, --folder, --as, --dead`);
}
if (!existsSync(options.server)) fail(`${options.server} is not there. Build it (dotnet build), or name it with --server.`);

const folder = options.folder ?? mkdtempSync(join(tmpdir(), 'try-agents-'));
let failed = 0;
try {
  for (const name of chosen.length > 0 ? chosen : ['claude', 'codex']) failed += await tryAgent(name) ? 0 : 1;
} finally {
  if (!options.folder) rmSync(folder, { recursive: true, force: true });
}
process.exit(failed === 0 ? 0 : 1);

async function tryAgent(name) {
  const agent = agents[name];
  const bin = install(folder, name);
  const done = [];
  const model = await startModel([
    { tool: 'append_memory', input: { section: 'patterns', content: `${name} was here.`, mode: 'code' } },
    { tool: 'complete_run', input: { run_id: '@run', outcome: 'succeeded', summary: `${name} did the work.`, findings: [`${name} found something.`] } },
    { text: `${name} is done.` },
  ], what => done.push(what));
  if (options.dead) model.close();
  const home = join(folder, name, 'home');
  const workspace = join(folder, name, 'workspace');
  prepare(name, model.port, home, workspace);
  write(join(workspace, 'schedules.json'), JSON.stringify({
    schedules: [{ id: 'try', name: 'Try', mode: 'code', taskInstructions: 'Do the work.', scheduleType: 'time', timeInterval: '6', timeUnit: 'hour', active: true }],
  }));
  write(join(workspace, 'mcp_startup.json'), JSON.stringify({
    defaultAgent: name,
    agents: { [name]: { kind: 'cli', preset: name, arguments: agent.arguments?.(model.port) ?? [], environment: agent.set ?? {} } },
    limits: { timeoutSeconds: 240, ...(options.dead ? { firstAnswerSeconds: 60 } : {}) },
  }));
  const environment = { ...process.env, ...agent.environment?.(model.port), HOME: home, XDG_CONFIG_HOME: join(home, '.config'), PATH: `${bin}:${process.env.PATH}` };
  const user = options.as === null ? {} : { uid: options.as, gid: options.as };
  if (options.as !== null) must('chown', ['-R', `${options.as}:${options.as}`, home, workspace], folder);
  for (const command of agent.prepare?.(bin, model.port) ?? []) spawnSync(command[0], command.slice(1), { ...user, env: environment, cwd: workspace, stdio: 'ignore', timeout: 60_000 });

  const started = Date.now();
  const server = spawn(options.server, ['--mode', 'http', '--port', '0', '--workspace', workspace, '--trust-workspace'], { ...user, env: environment, stdio: ['ignore', 'ignore', 'pipe'] });
  let log = '';
  server.stderr.on('data', chunk => { log += chunk; });
  try {
    const address = await until(() => /Listening on (\S+)/.exec(log)?.[1], 60);
    if (!address) throw new Error(`The server did not come up:\n${log}`);
    const call = await connect(address);
    const run = await until(async () => {
      const [first] = (await call('list_runs', {})).runs;
      const detail = first && await call('get_run', { run_id: first.run_id });
      return detail && !['queued', 'running'].includes(detail.state) && !detail.finalization_pending ? detail : null;
    }, 270);
    const memory = existsSync(join(workspace, 'persistent-memory.md')) ? readFileSync(join(workspace, 'persistent-memory.md'), 'utf8') : '';
    const checks = options.dead ? {
      'the run failed': run?.state === 'failed',
      'its reason names the service': /model's service|no answer of a model/.test(run?.reason ?? ''),
      'it was not tried again': (run?.attempts?.length ?? 1) === 1,
      'the agent is held back': ((await call('get_status', {})).held_back ?? []).some(line => line.includes(`'${name}'`)),
      'nothing of it is left': spawnSync('pgrep', ['-f', join(workspace, '.loop')]).status !== 0,
    } : {
      'the run succeeded': run?.state === 'succeeded',
      'its summary is what the agent reported': run?.summary === `${name} did the work.`,
      'append_memory wrote the entry': memory.includes(`${name} was here.`),
      'the finding is in the memory': memory.includes(`${name} found something.`),
      'its session is known': Boolean(run?.session_id),
      'its tokens are known': name === 'copilot' || run?.output_tokens > 0,
      'nothing of it is left': spawnSync('pgrep', ['-f', join(workspace, '.loop')]).status !== 0,
    };
    const good = Object.values(checks).every(Boolean);
    console.log(`\n${name} ${agent.packages[0]}: ${good ? 'all held' : 'FAILED'} in ${((Date.now() - started) / 1000).toFixed(1)} s`);
    console.log(`  turns: ${done.join(', ')}`);
    console.log(`  run: ${run?.state} (${run?.reason}), cost ${run?.cost_usd ?? 'not told'}, tokens ${run?.input_tokens ?? '-'} in ${run?.output_tokens ?? '-'} out, session ${run?.session_id ?? '-'}`);
    for (const [what, held] of Object.entries(checks).filter(([, one]) => !one)) console.log(`  not so: ${what} (${held})`);
    if (!good) console.log(`  end of its output:\n${(run?.output_tail ?? log).slice(-3000)}`);
    return good;
  } finally {
    server.kill('SIGTERM');
    await new Promise(end => { server.once('exit', end); if (server.exitCode !== null) end(); });
    if (!options.dead) model.close();
  }
}

/** A client of the server's MCP endpoint: enough of one to call tools. */
async function connect(address) {
  const headers = { 'content-type': 'application/json', accept: 'application/json, text/event-stream' };
  const post = async (method, params, id) => {
    const answer = await fetch(`${address}/mcp`, { method: 'POST', headers, body: JSON.stringify({ jsonrpc: '2.0', method, params, ...(id ? { id } : {}) }) });
    const text = await answer.text();
    headers['mcp-session-id'] ??= answer.headers.get('mcp-session-id');
    return id ? JSON.parse(text.split('\n').find(line => line.startsWith('data:'))?.slice(5) ?? text).result : null;
  };
  const version = '2025-06-18';
  await post('initialize', { protocolVersion: version, capabilities: {}, clientInfo: { name: 'try-agents', version: '1' } }, 1);
  headers['mcp-protocol-version'] = version;
  await post('notifications/initialized', {});
  let id = 1;
  return async (tool, input) => (await post('tools/call', { name: tool, arguments: input }, ++id)).structuredContent;
}
