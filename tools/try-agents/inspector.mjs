#!/usr/bin/env node
// Has the MCP Inspector look at the schemas of all tools strictly (what some clients refuse), in both eras of the protocol, over standard
// input and output and over HTTP, each with every toolset.
//
//   node tools/try-agents/inspector.mjs [--server PROGRAM] [--folder DIR]
//
// --server  the built program; by default artifacts/bin/LoopOrchestrator.Mcp/debug/loop-orchestrator of this repository
// --folder  where to install and work; by default a temporary folder that is removed at the end
//
// Prints a row for each, and ends with 0 only when nothing was said against any schema.
import { spawn, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { fail, must, repository, until, write } from './agents.mjs';

const inspector = '@modelcontextprotocol/inspector@2.12.0';
const eras = { legacy: '2025-11-25', modern: '2026-07-28' };
const toolsets = ['default', 'all'];
const options = { server: join(repository, 'artifacts/bin/LoopOrchestrator.Mcp/debug/loop-orchestrator'), folder: null };
for (let index = 2; index < process.argv.length; index++) {
  const argument = process.argv[index];
  if (argument === '--server' || argument === '--folder') options[argument.slice(2)] = resolve(process.argv[++index] ?? '');
  else fail(`'${argument}' is none of --server, --folder`);
}
if (!existsSync(options.server)) fail(`${options.server} is not there. Build it (dotnet build), or name it with --server.`);

const folder = options.folder ?? mkdtempSync(join(tmpdir(), 'try-inspector-'));
const workspace = join(folder, 'workspace');
const home = join(folder, 'home');
for (const place of [workspace, home]) mkdirSync(place, { recursive: true });
// Without a keychain it would tell at length where it keeps its secrets; it has none here.
const environment = { PATH: process.env.PATH, HOME: home, XDG_CONFIG_HOME: home, MCP_INSPECTOR_SECRET_STORE: 'memory' };
if (!existsSync(join(folder, 'node_modules/.bin/mcp-inspector'))) {
  write(join(folder, 'package.json'), '{"private":true}');
  must('npm', ['install', '--no-audit', '--no-fund', '--loglevel=error', '--ignore-scripts', inspector], folder);
}

let failed = 0;
console.log('| toolsets | transport | era | protocol | tools | said |\n| --- | --- | --- | --- | ---: | --- |');
try {
  for (const set of toolsets) await look(set);
} finally {
  if (!options.folder) rmSync(folder, { recursive: true, force: true });
}
process.exit(failed === 0 ? 0 : 1);

async function look(set) {
  const words = ['--workspace', workspace, '--toolsets', set];
  const server = spawn(options.server, ['--mode', 'http', '--port', '0', ...words], { env: environment, stdio: ['ignore', 'ignore', 'pipe'] });
  let said = '';
  server.stderr.on('data', part => { said += part; });
  try {
    const address = await until(() => /Listening on (\S+)/.exec(said)?.[1], 30) ?? fail(`The server did not listen:\n${said}`);
    for (const [era, protocol] of Object.entries(eras)) {
      const servers = {
        stdio: { type: 'stdio', command: options.server, args: ['--mode', 'stdio', ...words], env: environment, protocolEra: era },
        http: { type: 'streamable-http', url: `${address}/mcp`, protocolEra: era },
      };
      write(join(folder, 'servers.json'), JSON.stringify({ mcpServers: servers }));
      for (const transport of Object.keys(servers)) row(set, transport, era, protocol);
    }
  } finally {
    server.kill();
  }
}

function row(set, transport, era, protocol) {
  const first = ask(transport, 'initialize', '--format', 'json');
  const negotiated = /"protocolVersion":\s*"([^"]+)"/.exec(first.stdout)?.[1] ?? `none (${first.stderr.trim()})`;
  const list = ask(transport, 'tools/list', '--strict');
  const tools = list.stdout.match(/"inputSchema"/g)?.length ?? 0;
  const complaints = list.stderr.split('\n').filter(line => line && !line.startsWith('[mcp-inspector]')).join(' ');
  const good = list.status === 0 && tools >= 20 && negotiated === protocol && !/warn|error/i.test(complaints);
  failed += good ? 0 : 1;
  console.log(`| ${set} | ${transport} | ${era} | ${negotiated} | ${tools} | ${good ? 'nothing' : `exit ${list.status}: ${complaints}`} |`);
}

function ask(transport, method, ...more) {
  const program = join(folder, 'node_modules/.bin/mcp-inspector');
  return spawnSync(program, ['--cli', '--config', join(folder, 'servers.json'), '--server', transport, '--method', method, ...more], {
    cwd: workspace, env: environment, encoding: 'utf8', input: '', timeout: 120_000,
  });
}
