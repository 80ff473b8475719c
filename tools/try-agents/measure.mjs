#!/usr/bin/env node
// Measures what programs.json says of the agent programs, against the stand-in model, without this project's own program: each is called as
// its preset calls it (src/LoopOrchestrator.Core/Agents/Presets), for a mode that may edit and run commands, without an MCP server.
//
//   node tools/try-agents/measure.mjs [--folder DIR] [--only COLUMN,...] [--write] [AGENT ...]
//
// --folder  where to install and work, as for run.mjs; by default a temporary folder that is removed at the end
// --only    which columns: exit_codes refused_key sigterm argument_limit background two_at_once; by default all of them
// --write   writes the values into programs.json, with a mark that they were measured; then `node tools/try-agents/table.mjs`
// AGENT     which ones; by default all eight. All together take some ten minutes on a machine that does nothing else.
//
// Prints what it measured as JSON. Linux only, for it finds the processes of a run in /proc: those that have the run's mark in their
// environment, and those that descend from its program. It ends none but these. Node 20 or later; Copilot CLI needs Node 24 on the PATH.
import { spawn } from 'node:child_process';
import { randomBytes, randomUUID } from 'node:crypto';
import { mkdtempSync, openSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { constants, loadavg, tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { agents, fail, install, prepare, repository, until, write } from './agents.mjs';
import { startModel } from './model.mjs';

const waits = { refused: 150, sigterm: 25, success: 240, after: 4 };
const largeBrief = 300_000;
const largestArgument = 128 * 1024 - 1;
const mark = 'TRY_AGENTS_MARK';
// In a file, for Claude Code and Qwen Code refuse to run a sleep that stands alone.
const longCommand = { shell: 'sh wait.sh', file: 'wait.sh', content: 'sleep 600\n' };
const task = 'Do the work, and say so at the end.';

const never = ['schedules.json', '.roo/schedules.json', 'mcp_startup.json', '.roomodes', '.git'];
const neverBelow = ['.loop', '.git'];
const patterns = [...never.map(file => `./${file}`), ...neverBelow.map(folder => `./${folder}/**`)];
const noServers = JSON.stringify({ mcpServers: {} });
const openCodeConfiguration = () => {
  const denied = Object.fromEntries([...never, ...neverBelow.map(folder => `${folder}/*`)].map(path => [path, 'deny']));
  return JSON.stringify({ permission: { edit: { '*': 'allow', ...denied }, bash: 'allow' } });
};

// Per agent, what its preset gives it: `arguments` before those of agents.mjs and `last` behind them, `environment`, `files`. `mcp` is the
// file of MCP servers, of which there are none.
const calls = {
  claude: {
    arguments: ({ mcp }) => [
      '-p', '--output-format', 'stream-json', '--verbose', '--session-id', randomUUID(), '--mcp-config', mcp,
      '--permission-mode', 'acceptEdits',
      '--allowedTools', 'Read,Grep,Glob,Edit,Write,NotebookEdit,Bash,mcp__loop__*',
      '--disallowedTools', patterns.map(pattern => `Edit(${pattern})`).join(','),
    ],
  },
  codex: {
    arguments: () => ['exec', '--json', '--skip-git-repo-check', '-s', 'workspace-write', '-c', 'approval_policy="never"'],
    last: ['-'],
  },
  opencode: {
    arguments: () => ['run', '--format', 'json'],
    environment: () => ({ OPENCODE_CONFIG_CONTENT: openCodeConfiguration() }),
  },
  gemini: {
    arguments: ({ folder }) => [
      '-o', 'stream-json', '--skip-trust', '--approval-mode', 'yolo', '--admin-policy', join(folder, 'policy.toml'),
    ],
    environment: ({ home }) => ({ GEMINI_CLI_HOME: home }),
    files: { 'policy.toml': '[[rule]]\ntoolName = "write_file"\nargsPattern = "schedules\\\\.json"\ndecision = "deny"\npriority = 900\n' },
  },
  cline: {
    arguments: () => ['--json', '--auto-approve', 'true', '-t', '240'],
    environment: ({ mcp }) => ({ CLINE_MCP_SETTINGS_PATH: mcp, CLINE_SESSION_BACKEND_MODE: 'local' }),
    briefIsArgument: true,
    without: 'CLINE_SESSION_BACKEND_MODE',
  },
  copilot: {
    arguments: ({ mcp, workspace }) => [
      '--output-format', 'json', '--session-id', randomUUID(), '--additional-mcp-config', `@${mcp}`, '--allow-all-tools',
      ...never.flatMap(file => ['--deny-tool', `write(${join(workspace, file)})`]),
      ...['**/.git', join(workspace, '.loop')].flatMap(folder => ['--deny-tool', `write(${folder}/**)`]),
    ],
  },
  qwen: {
    arguments: ({ mcp }) => [
      '-o', 'stream-json', '--approval-mode', 'yolo', '--mcp-config', mcp, '--allowed-tools', 'mcp__loop',
      ...patterns.flatMap(pattern => ['--exclude-tools', `Edit(${pattern})`]),
    ],
  },
  kilo: {
    arguments: () => ['run', '--format', 'json'],
    environment: () => ({ KILO_CONFIG_CONTENT: openCodeConfiguration() }),

    // That one of two first starts fails is a matter of moments, so more than one is tried.
    newHomes: 6,
  },
};

// Per column: what is measured, and the words of programs.json for it.
const columns = {
  background: {
    measure: async name => ({
      success: await success(name, 'background'),
      ...(calls[name].without ? { without: await success(name, 'background-without', { without: calls[name].without }) } : {}),
    }),
    words: ({ success: plain, without }, name) => {
      const of = one => one.living.length === 0 ? 'none' : `${named(one.living)} lives on`;
      return without ? `${of(plain)}, as the preset sets \`${calls[name].without}\`; without it ${of(without)}` : of(plain);
    },
  },
  // From the first refusal on, for how long a program takes until its first request depends on the machine and on its network.
  refused_key: {
    measure: async name => {
      let first = null;
      const onRequest = text => { if (text) first ??= Date.now(); };
      const run = await start(name, 'refused-key', { turns: [{ text: 'Never said.' }], refusal: 401, onRequest });
      const end = await run.ended(waits.refused);
      const result = { ...end, afterRefusal: first === null ? null : end.seconds - (first - run.started) / 1000, ...errors(run.output()) };
      await run.finish();
      return result;
    },
    words: ({ exit, afterRefusal, told, failing }) => [
      exit === null ? `more than ${waits.refused} s` : `exit ${exit}, ${Math.ceil(afterRefusal)} s after the first refusal`,
      told.length > 0 ? `401 in ${quoted(told)}` : failing.length > 0 ? `no 401 in ${quoted(failing)}` : 'no event',
    ].join('; '),
  },
  sigterm: {
    measure: async name => {
      const run = await start(name, 'sigterm', { turns: [{ shell: longCommand.shell }, { text: 'It is over.' }] });
      const command = await until(() => run.processes().find(one => one.words.includes('sleep') && one.words.includes('600')), 90);
      if (!command) {
        const told = { turns: run.turns, output: run.output().slice(-1500), errors: run.errors().slice(-500) };
        const result = { error: 'its shell tool never ran the command', ...told };
        await run.finish();
        return result;
      }
      await pause(2);
      const before = run.processes();
      process.kill(run.pid, 'SIGTERM');
      const end = await run.ended(waits.sigterm, Date.now());
      if (end.exit !== null) await pause(waits.after);
      const living = run.processes().filter(one => one.pid !== run.pid);
      const leftSession = living.some(one => one.session !== run.pid);
      const result = { ...end, before: before.map(describe), living: living.map(describe), leftSession, turns: run.turns };
      await run.finish();
      return result;
    },
    words: ({ error, exit, seconds, living, leftSession }) => {
      if (error) return error;
      if (exit === null) return `lives on for more than ${waits.sigterm} s${living.length > 0 ? ', and so do its children' : ''}`;
      const when = seconds < 1 ? 'at once' : `in ${Math.ceil(seconds)} s`;
      if (living.length === 0) return `gone ${when} with its children`;
      if (living.some(one => one.isAgent)) return `its launcher ends ${when}, the agent behind it goes on`;
      const command = living.some(one => one.name === 'sleep') ? 'a command of its shell tool lives on' : `${named(living)} lives on`;
      return `gone ${when}; ${command}${leftSession ? ', in a session of its own' : ''}`;
    },
  },
  exit_codes: {
    needs: ['background', 'refused_key', 'sigterm'],
    measure: async (_name, { background, refused_key: refused, sigterm }) => ({
      success: background.success.exit, refused: refused.exit, sigterm: sigterm.exit,
    }),
    words: ({ success: good, refused, sigterm }) => [
      [...new Set([good, refused ?? 'not awaited for a refused key'])].join(', '),
      sigterm === undefined ? 'untried when ended' : sigterm === null ? 'no end by SIGTERM while a command runs' : `${sigterm} when ended`,
    ].join('; '),
  },
  argument_limit: {
    measure: async name => calls[name].briefIsArgument ? {
      fits: await success(name, 'argument', { brief: briefOf(largestArgument) }),
      tooLong: await success(name, 'argument-too-long', { brief: briefOf(largestArgument + 1) }),
      oneWord: await success(name, 'one-word', { brief: 'Hello', seconds: 60 }),
      onInput: await success(name, 'on-input', { onInput: true, seconds: 60 }),
    } : { onInput: await success(name, 'large-brief', { brief: briefOf(largeBrief) }) },
    words: ({ fits, tooLong, oneWord, onInput }) => {
      const works = one => one.exit === 0 && one.arrived;
      if (!fits) return `brief on standard input; ${grouped(largeBrief)} bytes ${works(onInput) ? 'work' : 'do not work'}`;
      const refuses = [...works(oneWord) ? [] : ['one word'], ...works(onInput) ? [] : ['a prompt on standard input with `--json`']];
      const limit = works(fits) && tooLong.error === 'E2BIG' ? `${grouped(largestArgument)} bytes` : 'no limit found at the kernel\'s';
      return `${limit}${refuses.length > 0 ? `; refuses ${refuses.join(', and ')}` : ''}`;
    },
  },
  two_at_once: {
    // In a new home, and again in one that has been used, for some make their database at the first start.
    measure: async name => {
      const model = await startModel([{ text: 'It is done.' }]);
      let place;
      const pair = async () => {
        const runs = await Promise.all([1, 2].map(() => start(name, 'two-at-once', { model, place })));
        const ends = await Promise.all(runs.map(run => run.ended(waits.success)));
        for (const run of runs) await run.finish();
        return ends.map((end, index) => {
          const good = end.exit === 0 && runs[index].output().includes('It is done.');
          return { ...end, good, ...(good ? {} : { tail: (runs[index].output() + runs[index].errors()).slice(-600) }) };
        });
      };
      let fresh;
      for (let homes = calls[name].newHomes ?? 1; homes > 0 && (fresh ?? []).every(end => end.good); homes--) {
        place = await placeOf(name, 'two-at-once', model.port);
        fresh = await pair();
      }
      const result = { fresh, used: await pair() };
      model.close();
      return result;
    },
    words: ({ fresh, used }) => {
      const good = ends => ends.every(end => end.good);
      if (!good(used)) return 'no, with one home';
      return good(fresh) ? 'yes, with one home' : 'yes, with one home that has been used; in a new one, one of two may fail';
    },
  },
};

const options = { folder: null, only: Object.keys(columns), write: false };
const chosen = [];
for (let index = 2; index < process.argv.length; index++) {
  const argument = process.argv[index];
  if (argument === '--write') options.write = true;
  else if (argument === '--folder') options.folder = resolve(process.argv[++index] ?? '');
  else if (argument === '--only') options.only = (process.argv[++index] ?? '').split(',');
  else if (calls[argument]) chosen.push(argument);
  else fail(`'${argument}' is none of ${Object.keys(calls).join(', ')}, --folder, --only, --write`);
}
for (const column of options.only.filter(one => !columns[one])) fail(`'${column}' is none of ${Object.keys(columns).join(', ')}`);

const folder = options.folder ?? mkdtempSync(join(tmpdir(), 'measure-agents-'));
try {
  const all = {};
  for (const name of chosen.length > 0 ? chosen : Object.keys(calls)) {
    const values = {};
    const needed = new Set(options.only.flatMap(column => [column, ...columns[column].needs ?? []]));
    const measured = { version: versionOf(name), load: loadavg()[0] };
    for (const column of Object.keys(columns).filter(one => needed.has(one))) {
      measured[column] = await columns[column].measure(name, measured);
      values[column] = columns[column].words(measured[column], name);
      console.error(`${name} ${column}: ${values[column]}`);
    }
    all[name] = { values, measured };
    if (options.write) keep(name, measured.version, values);
  }
  console.log(JSON.stringify(all, null, 2));
} finally {
  if (!options.folder) rmSync(folder, { recursive: true, force: true });
}

/** Runs an agent to a good end, or to what keeps it from one. */
async function success(name, what, { brief, onInput, without, seconds = waits.success } = {}) {
  let arrived = false;
  const text = brief ?? task;
  const within = JSON.stringify(text).slice(1, -1);
  const onRequest = request => { arrived ||= request.includes(within); };
  const run = await start(name, what, { turns: [{ text: 'It is done.' }], brief: text, onInput, without, onRequest });
  if (run.error) return { error: run.error };
  const end = await run.ended(seconds);
  await pause(waits.after);
  const living = run.processes().filter(one => one.pid !== run.pid || end.exit === null).map(describe);
  const result = { ...end, arrived, living, ...(end.exit === 0 ? {} : { tail: (run.output() + run.errors()).slice(-600) }) };
  await run.finish();
  return result;
}

/** A home and a workspace of a measurement's own, which the stand-in model is known in. */
async function placeOf(name, what, port) {
  const bin = install(folder, name);
  const root = join(folder, name, what);
  const [home, workspace, mcp, brief] = ['home', 'workspace', 'mcp.json', 'brief.md'].map(one => join(root, one));
  const place = { bin, folder: root, home, workspace, mcp, brief };
  prepare(name, port, place.home, place.workspace);
  write(place.mcp, noServers);
  write(place.brief, task);
  write(join(place.workspace, longCommand.file), longCommand.content);
  for (const [file, content] of Object.entries(calls[name].files ?? {})) write(join(root, file), content);
  const environment = {
    PATH: `${bin}:${process.env.PATH}`, HOME: place.home, XDG_CONFIG_HOME: join(place.home, '.config'),
    LANG: 'C.UTF-8', TMPDIR: tmpdir(),
    ...agents[name].environment?.(port),
    ...agents[name].set,
    ...calls[name].environment?.(place),
  };
  for (const [program, ...words] of agents[name].prepare?.(bin, port) ?? []) {
    const child = spawn(program, words, { env: environment, cwd: place.workspace, stdio: 'ignore', timeout: 60_000 });
    await new Promise(next => child.once('exit', next));
  }
  return { ...place, environment };
}

/** Starts an agent as its preset does, in a session of its own. */
async function start(name, what, { turns, brief = task, onInput, without, refusal = null, onRequest, model, place }) {
  const done = [];
  const ours = model ?? await startModel(turns, turn => done.push(turn), { refusal, onRequest });
  const at = place ?? await placeOf(name, what, ours.port);
  const mine = randomBytes(8).toString('hex');
  const environment = { ...at.environment, [mark]: mine };
  if (without) {
    // A port of its own too, for a hub that is there already, whosever it is, is taken instead of a new one.
    delete environment[without];
    environment.CLINE_HUB_PORT = String(20_000 + Math.floor(Math.random() * 10_000));
  }
  const call = calls[name];
  const asArgument = call.briefIsArgument && !onInput;
  const own = agents[name].arguments?.(ours.port) ?? [];
  const words = [...call.arguments(at), ...own, ...call.last ?? [], ...asArgument ? ['--', brief] : []];
  const started = Date.now();
  let [output, complaints, ended] = ['', '', null];
  let child;
  try {
    // A file where it is tried whether a program takes the brief there at all: some look for a file or a pipe, and node's own is a socket.
    const input = onInput ? openSync(at.brief) : 'pipe';
    child = spawn(join(at.bin, name), words, { cwd: at.workspace, env: environment, detached: true, stdio: [input, 'pipe', 'pipe'] });
    await new Promise((next, no) => { child.once('spawn', next); child.once('error', no); });
  } catch (error) {
    if (!model) ours.close();
    return { error: error.code };
  }
  child.once('exit', (code, signal) => { ended = { exit: code ?? 128 + constants.signals[signal], at: Date.now() }; });
  child.stdout.on('data', chunk => { output += chunk; });
  child.stderr.on('data', chunk => { complaints += chunk; });
  child.stdin?.on('error', () => {});
  child.stdin?.end(asArgument ? '' : brief);
  const family = new Map();
  const look = () => processesOf(child.pid, mine, family, words.slice(0, 2));
  const watch = setInterval(look, 500);
  look();
  return {
    pid: child.pid,
    started,
    turns: done,
    output: () => output,
    errors: () => complaints,
    processes: look,
    ended: async (seconds, from = started) => {
      for (const end = Date.now() + seconds * 1000; !ended && Date.now() < end;) await pause(0.1);
      return { exit: ended?.exit ?? null, seconds: ((ended?.at ?? Date.now()) - from) / 1000 };
    },
    finish: async () => {
      clearInterval(watch);
      for (let round = 0; round < 5; round++) {
        const living = look();
        for (const one of living) try { process.kill(one.pid, 'SIGKILL'); } catch { /* It ended by itself. */ }
        if (living.length === 0) break;
        await pause(0.3);
      }
      child.stdout.destroy();
      child.stderr.destroy();
      if (!model) ours.close();
    },
  };
}

/** The living processes of a run. `family` remembers by pid and start whom it has seen, for a process may lose its parent and its mark. */
function processesOf(root, mine, family, agentWords) {
  const all = readdirSync('/proc').filter(name => /^\d+$/.test(name)).map(Number).map(stat).filter(Boolean);
  const belongs = one => {
    if (family.get(one.pid) === one.started) return true;
    if (one.pid === root || [...family.keys()].includes(one.parent)) return true;
    return read(`/proc/${one.pid}/environ`).split('\0').includes(`${mark}=${mine}`);
  };
  let living = [];
  for (let known = -1; known !== living.length;) {
    known = living.length;
    living = all.filter(belongs);
    for (const one of living) family.set(one.pid, one.started);
  }
  return living.map(one => {
    const words = read(`/proc/${one.pid}/cmdline`).split('\0').filter(Boolean);
    return { ...one, words, isAgent: words.some((word, index) => word === agentWords[0] && words[index + 1] === agentWords[1]) };
  });
}

function stat(pid) {
  const [, name, rest] = /^\d+ \((.*)\) (.*)/s.exec(read(`/proc/${pid}/stat`)) ?? [];
  const [state, parent, , session] = rest?.split(' ') ?? [];
  if (!rest || state === 'Z' || state === 'X') return null;
  return { pid, name, parent: Number(parent), session: Number(session), started: rest.split(' ')[19] };
}

/** The kinds of event that name the refusal, how often each kind came, and the last that tells an error. */
function errors(output) {
  const parse = line => { try { return [JSON.parse(line)]; } catch { return []; } };
  const events = output.split('\n').filter(line => line.startsWith('{')).flatMap(parse);
  const kind = event => event.subtype && event.type === 'system' ? event.subtype : event.event?.type ?? event.type;
  const count = {};
  for (const event of events) count[kind(event)] = (count[kind(event)] ?? 0) + 1;
  const naming = events.filter(event => /(?<![\w.-])401(?![\w-])/.test(JSON.stringify(event)));
  const last = events.filter(event => /error/i.test(JSON.stringify(event))).at(-1);
  const failing = Object.keys(count).filter(one => /error|fail|result/.test(one));
  return { told: [...new Set(naming.map(kind))], failing, events: count, lastError: JSON.stringify(last ?? null).slice(0, 500) };
}

function describe({ pid, parent, session, name, words, isAgent }) {
  return { pid, parent, session, name, words: words.join(' ').slice(0, 160), isAgent };
}

function named(living) {
  return quoted(new Set(living.map(one => one.name)));
}

function quoted(names) {
  return [...names].map(name => `\`${name}\``).join(' ');
}

/** A brief of that many bytes. */
function briefOf(bytes) {
  const filler = 'This line is only here to make the brief long. ';
  return `${task} ${filler.repeat(Math.ceil(bytes / filler.length))}`.slice(0, bytes - 4) + 'End.';
}

function grouped(number) {
  return number.toLocaleString('en-US');
}

function versionOf(name) {
  install(folder, name);
  const [, packageName, pinned] = /^(.+)@(.+)$/.exec(agents[name].packages[0]);
  const { version } = JSON.parse(readFileSync(join(folder, name, 'node_modules', packageName, 'package.json'), 'utf8'));
  if (version !== pinned) fail(`${packageName} is installed as ${version}, not as ${pinned}`);
  return version;
}

function keep(name, version, values) {
  const file = join(repository, 'tools', 'try-agents', 'programs.json');
  const data = JSON.parse(readFileSync(file, 'utf8'));
  const row = data.programs[name];
  if (row.version !== version) fail(`programs.json has ${name} ${row.version}, and this is ${version}`);
  Object.assign(row, values);
  row.seen = Object.keys(row).filter(column => row.seen.includes(column) || column in values);
  writeFileSync(file, `${JSON.stringify(data, null, 2)}\n`);
}

function read(file) {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return '';
  }
}

function pause(seconds) {
  return new Promise(next => setTimeout(next, seconds * 1000));
}
