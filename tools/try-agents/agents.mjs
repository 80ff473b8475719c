// What the programs beside this file share: which package each agent program is, how it is installed, and how it is pointed at the
// stand-in model.
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

export const repository = resolve(dirname(fileURLToPath(import.meta.url)), '..', '..');
const openAi = port => ({ OPENAI_API_KEY: 'stand-in', OPENAI_BASE_URL: `http://127.0.0.1:${port}/v1`, OPENAI_MODEL: 'stand-in' });
const openCodeSettings = port => JSON.stringify({
  model: 'local/stand-in',
  small_model: 'local/stand-in',
  provider: { local: { npm: '@ai-sdk/openai-compatible', options: { baseURL: `http://127.0.0.1:${port}/v1`, apiKey: 'stand-in' }, models: { 'stand-in': { tool_call: true } } } },
});

/** Per agent: exact packages, what has to run once after npm, how it is pointed at the stand-in model. */
export const agents = {
  claude: {
    packages: ['@anthropic-ai/claude-code@2.1.332'],
    after: [['node', 'node_modules/@anthropic-ai/claude-code/install.cjs']],
    environment: port => ({ ANTHROPIC_BASE_URL: `http://127.0.0.1:${port}`, ANTHROPIC_API_KEY: 'stand-in', CLAUDE_CODE_DISABLE_NONESSENTIAL_TRAFFIC: '1' }),
    // Else the model finds tools of servers by a search only, which the stand-in does not do.
    set: { ENABLE_TOOL_SEARCH: 'false' },
  },
  codex: {
    packages: ['@openai/codex@0.171.0'],
    environment: () => ({ CODEX_STAND_IN: 'stand-in' }),
    arguments: port => ['-c', 'model="stand-in"', '-c', 'model_provider="local"', '-c', `model_providers.local={name="local",base_url="http://127.0.0.1:${port}/v1",wire_api="responses",env_key="CODEX_STAND_IN"}`],
  },
  opencode: {
    packages: ['opencode-ai@1.18.33'],
    after: [['node', 'node_modules/opencode-ai/postinstall.mjs']],
    files: port => ({ 'opencode.json': openCodeSettings(port) }),
  },
  kilo: {
    packages: ['@kilocode/cli-linux-x64@7.7.9'],
    bin: 'node_modules/@kilocode/cli-linux-x64/bin',
    files: port => ({ 'kilo.json': openCodeSettings(port) }),
  },
  cline: {
    packages: ['cline@3.0.65'],
    prepare: (bin, port) => [[join(bin, 'cline'), 'auth', '-p', 'openai-compatible', '-k', 'stand-in', '-m', 'stand-in', '-b', `http://127.0.0.1:${port}/v1`]],
  },
  copilot: {
    packages: ['@github/copilot@1.0.102'],
    environment: port => ({ COPILOT_PROVIDER_BASE_URL: `http://127.0.0.1:${port}/v1`, COPILOT_MODEL: 'stand-in', COPILOT_OFFLINE: 'true' }),
    arguments: () => ['--disable-builtin-mcps'],
  },
  qwen: {
    packages: ['@qwen-code/qwen-code@0.24.4'],
    environment: openAi,
    arguments: () => ['--auth-type', 'openai'],
    // Else the model finds tools of servers by a search only, which the stand-in does not do.
    home: () => ({ '.qwen/settings.json': JSON.stringify({ tools: { toolSearch: { enabled: false } } }) }),
  },
  gemini: {
    packages: ['@google/gemini-cli@0.61.0'],
    environment: port => ({ GEMINI_API_KEY: 'stand-in', GOOGLE_GEMINI_BASE_URL: `http://127.0.0.1:${port}` }),
    arguments: () => ['-m', 'gemini-2.5-flash'],
    home: () => ({ '.gemini/settings.json': JSON.stringify({ security: { auth: { selectedType: 'gemini-api-key' } }, privacy: { usageStatisticsEnabled: false } }) }),
  },
};

/** Installs an agent below `folder`, unless it is there already, and gives the folder of its program. */
export function install(folder, name) {
  const agent = agents[name];
  const place = join(folder, name);
  const bin = join(place, agent.bin ?? 'node_modules/.bin');
  if (!existsSync(join(place, 'installed'))) {
    write(join(place, 'package.json'), '{"private":true}');
    must('npm', ['install', '--no-audit', '--no-fund', '--loglevel=error', ...agent.packages], place);
    for (const command of agent.after ?? []) must(command[0], command.slice(1), place);
    write(join(place, 'installed'), agent.packages.join('\n'));
  }
  return bin;
}

/** A new home and a new workspace of an agent, with what its configuration has to be for the stand-in model. */
export function prepare(name, port, home, workspace) {
  for (const old of [workspace, home]) rmSync(old, { recursive: true, force: true });
  for (const place of [workspace, home]) mkdirSync(place, { recursive: true });
  for (const [file, content] of Object.entries(agents[name].home?.() ?? {})) write(join(home, file), content);
  for (const [file, content] of Object.entries(agents[name].files?.(port) ?? {})) write(join(workspace, file), content);
}

/** What `look` finds, or null where it finds nothing in time. */
export async function until(look, seconds) {
  for (const end = Date.now() + seconds * 1000; Date.now() < end; await new Promise(next => setTimeout(next, 300))) {
    const found = await look();
    if (found) return found;
  }
  return null;
}

export function must(program, words, cwd) {
  const result = spawnSync(program, words, { cwd, stdio: ['ignore', 'ignore', 'inherit'], timeout: 600_000 });
  if (result.status !== 0) fail(`${program} ${words.join(' ')} ended with ${result.status ?? result.signal}`);
}

export function write(file, content) {
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, content);
}

export function fail(message) {
  console.error(message);
  process.exit(2);
}
