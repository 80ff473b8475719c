#!/usr/bin/env node
// Plays the story of samples/rework with a real agent program (Claude Code) in the place of the scripted one, and the stand-in model: its first
// two attempts are wrong, the gate says so, the third is right; the built-in agent commits it. Without a network but for npm.
//
//   node tools/try-agents/cycle.mjs [--server PROGRAM] [--folder DIR]
//
// The options are those of run.mjs. Ends with 0 only when everything held. Linux and macOS; Node 20 or later, git.
import { spawn, spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { agents, install, repository } from './agents.mjs';
import { startModel } from './model.mjs';

const options = { server: join(repository, 'artifacts/bin/LoopOrchestrator.Mcp/debug/loop-orchestrator'), folder: mkdtempSync(join(tmpdir(), 'try-cycle-')) };
for (let index = 2; index < process.argv.length; index += 2) options[process.argv[index].slice(2)] = resolve(process.argv[index + 1] ?? '');

const place = join(options.folder, 'claude');
const [workspace, home] = [join(place, 'cycle'), join(place, 'home')];
const bin = install(options.folder, 'claude');

// What the model has the agent do, attempt by attempt: change the program by a command, report, end.
const attempt = (line, summary) => [
  { tool: 'Bash', input: { command: `printf '%s\\n' '#!/bin/sh' '# Adds two numbers.' '${line}' > add.sh`, description: 'Change the program' } },
  { tool: 'complete_run', input: { run_id: '@run', outcome: 'succeeded', summary, follow_ups: ['Say what add.sh does with words.'] } },
  { text: 'Done.' },
];
const done = [];
const model = await startModel([
  ...attempt('echo $(($1 * $2))', 'It multiplies now.'),
  ...attempt('if [ "$1" = 0 ]; then echo 0; else echo $(($1 + $2)); fi', 'It adds now, but for zero.'),
  ...attempt('echo $(($1 + $2))', 'It adds now.'),
], what => done.push(what));

for (const old of [workspace, home]) rmSync(old, { recursive: true, force: true });
mkdirSync(home, { recursive: true });
cpSync(join(repository, 'samples/rework'), workspace, { recursive: true });
const startup = JSON.parse(readFileSync(join(workspace, 'mcp_startup.json'), 'utf8'));
startup.agents.scripted = { kind: 'cli', preset: 'claude', environment: agents.claude.set };
writeFileSync(join(workspace, 'mcp_startup.json'), JSON.stringify(startup));
const author = ['AUTHOR', 'COMMITTER'].flatMap(who => [[`GIT_${who}_NAME`, 'Sample'], [`GIT_${who}_EMAIL`, 'sample@example.org']]);
const environment = {
  ...process.env, ...Object.fromEntries(author), HOME: home, XDG_CONFIG_HOME: join(home, '.config'), PATH: `${bin}:${process.env.PATH}`,
  ...agents.claude.environment(model.port),
};
const run = (program, ...words) => spawnSync(program, words, { cwd: workspace, env: environment, encoding: 'utf8' }).stdout ?? '';
run('git', 'init', '--quiet');
run('git', 'add', '-A');
run('git', 'commit', '--quiet', '-m', 'start');

const started = Date.now();
const server = spawn(options.server, ['--mode', 'http', '--port', '0', '--workspace', workspace, '--trust-workspace'], { env: environment, stdio: 'ignore' });
let story = '';
try {
  for (const end = Date.now() + 240_000; Date.now() < end && !/': (succeeded|failed|timed_out)/.test(story); await new Promise(next => setTimeout(next, 500))) {
    const cycle = /^run-\S+/m.exec(run(options.server, 'cycles', 'list'))?.[0];
    story = cycle ? run(options.server, 'cycles', 'show', cycle) : '';
  }
  const plan = () => existsSync(join(workspace, 'TODO.md')) ? readFileSync(join(workspace, 'TODO.md'), 'utf8') : '';
  for (const end = Date.now() + 10_000; Date.now() < end && !plan(); await new Promise(next => setTimeout(next, 300)));
  const checks = {
    'the cycle succeeded': story.includes("workflow 'default': succeeded"),
    'it went back twice': story.includes('Reworks    2 of 2'),
    'every attempt was reported by its agent': story.split('passed, reported by its agent').length === 4,
    'the program adds': run('sh', 'add.sh', '20', '22').trim() === '42',
    'that is committed': run('git', 'show', 'HEAD~1:add.sh').includes('echo $(($1 + $2))') || run('git', 'show', 'HEAD:add.sh').includes('echo $(($1 + $2))'),
    'what the agent saw and did not do is in the plan, once': plan().split('Say what add.sh does with words.').length === 2,
    'nothing of it is left': spawnSync('pgrep', ['-f', join(workspace, '.loop')]).status !== 0,
  };
  const good = Object.values(checks).every(Boolean);
  console.log(story);
  console.log(`turns: ${done.join(', ')}`);
  for (const [what, held] of Object.entries(checks)) console.log(`  ${held ? 'holds' : 'DOES NOT HOLD'}: ${what}`);
  console.log(`${good ? 'all held' : 'FAILED'} in ${((Date.now() - started) / 1000).toFixed(1)} s`);
  process.exitCode = good ? 0 : 1;
} finally {
  server.kill('SIGTERM');
  await new Promise(end => { server.once('exit', end); if (server.exitCode !== null) end(); });
  model.close();
}
