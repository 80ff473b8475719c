#!/usr/bin/env node
// Draws the board in Chromium as a client would: a page that speaks the host's side of the extension for apps frames the page that the
// program serves, gives it an answer full of hostile texts, types answers, presses its buttons, and looks at what it asked for.
//
//   node tools/try-agents/board.mjs --server PATH [--chromium PATH] [--pictures FOLDER]
//
// PATH is the built program. Ends with 1 when something is not as it should be. Outside CI: it needs a browser.
import { spawn, spawnSync } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import readline from 'node:readline';

const options = Object.fromEntries(
  process.argv.slice(2).reduce((pairs, word, index, all) => (word.startsWith('--') ? [...pairs, [word.slice(2), all[index + 1]]] : pairs), []),
);
if (!options.server) {
  console.error('usage: node tools/try-agents/board.mjs --server PATH [--chromium PATH] [--pictures FOLDER]');
  process.exit(2);
}

const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'loop-board-'));
const chromium = options.chromium ?? 'chromium';
const pictures = options.pictures ?? folder;

async function readPage() {
  const workspace = path.join(folder, 'workspace');
  fs.mkdirSync(workspace);
  const server = spawn(options.server, ['--mode', 'stdio', '--workspace', workspace, '--toolsets', 'default,board'], {
    stdio: ['pipe', 'pipe', 'ignore'],
  });
  const lines = readline.createInterface({ input: server.stdout })[Symbol.asyncIterator]();
  const ask = async (id, method, params) => {
    server.stdin.write(JSON.stringify({ jsonrpc: '2.0', id, method, params }) + '\n');
    for (;;) {
      const message = JSON.parse((await lines.next()).value);
      if (message.id === id) return message.result;
    }
  };
  await ask(1, 'initialize', {
    protocolVersion: '2025-11-25',
    clientInfo: { name: 'board', version: '1' },
    capabilities: { extensions: { 'io.modelcontextprotocol/ui': { mimeTypes: ['text/html;profile=mcp-app'] } } },
  });
  server.stdin.write('{"jsonrpc":"2.0","method":"notifications/initialized"}\n');
  const tool = (await ask(2, 'tools/list', {})).tools.find((one) => one.name === 'show_board');
  const read = await ask(3, 'resources/read', { uri: tool._meta.ui.resourceUri });
  const answer = await ask(4, 'tools/call', { name: 'show_board', arguments: {} });
  server.stdin.end();
  return [read.contents[0].text, answer];
}

const hostile = [
  '<script>top.pwned = 1</script>',
  '<img src=x onerror="top.pwned=1">',
  '</textarea><svg onload=top.pwned=1>',
  '"><iframe src=javascript:top.pwned=1>',
  '{{7*7}} ${7*7} &lt;b&gt;',
];

function fill(answer) {
  const text = hostile.join(' ');
  const past = (minutes) => new Date(Date.now() - minutes * 60000).toISOString();
  const run = (id, state) => ({ run_id: id, state, mode: text, agent: text, title: `Task ${text}`, since: past(12), reason: text });
  return {
    ...answer.structuredContent,
    attention: [`Look at ${text}`],
    questions: [{ run_id: 'run-1', mode: text, title: `Choose ${text}`, questions: [`Which? ${text}`, 'And why?'] }],
    escalations: [{ escalation_id: 3, reason: text, since: past(190), schedule_id: text, mode: 'validation-unit' }],
    running: [run('run-2', 'running')],
    queued: [run('run-3', 'queued')],
    failed: [run('run-4', 'timed_out')],
    due: [{ id: 'one', name: text, mode: text, next_occurrence: past(-90) }],
    note: text,
  };
}

// Runs in the browser, in the page that frames the board.
function host(html, board, later, theme, canCall, press) {
  const frame = document.getElementById('frame');
  const seen = [];
  const told = () => {
    const page = frame.contentDocument;
    const elements = [...page.querySelectorAll('#board *')].map((one) => one.localName);
    document.getElementById('seen').textContent = JSON.stringify({
      seen,
      pwned: window.pwned ?? null,
      elements: [...new Set(elements)].sort(),
      text: page.getElementById('board').textContent,
      told: page.getElementById('told').textContent,
      focus: page.activeElement?.id ?? null,
      scheme: page.documentElement.style.colorScheme,
    });
  };
  const type = (input, value) => {
    input.value = value;
    input.dispatchEvent(new Event('input'));
  };
  const pressing = () => {
    const page = frame.contentDocument;
    const [ask, stopped] = page.querySelectorAll('.card');
    ask.querySelector('button').click();
    const [first, second] = ask.querySelectorAll('textarea');
    type(first, ' This one. ');
    type(second, 'Because.');
    type(stopped.querySelector('textarea'), 'Mended.');
    second.focus();
    ask.querySelector('button').click();
    stopped.querySelector('button').click();
  };
  window.addEventListener('message', (event) => {
    if (event.source !== frame.contentWindow) return;
    const message = event.data;
    seen.push(message);
    const send = (answer) => frame.contentWindow.postMessage({ jsonrpc: '2.0', ...answer }, '*');
    if (message.method === 'ui/initialize') {
      send({
        id: message.id,
        result: {
          protocolVersion: '2026-01-26',
          hostInfo: { name: 'try', version: '1' },
          hostCapabilities: canCall ? { serverTools: {} } : {},
          hostContext: { theme },
        },
      });
    } else if (message.method === 'ui/notifications/initialized') {
      send({ method: 'ui/notifications/tool-input', params: { arguments: {} } });
      send({ method: 'ui/notifications/tool-result', params: { content: [], structuredContent: board } });
      setTimeout(() => {
        if (press) pressing();
        setTimeout(told, 500);
      }, 500);
    } else if (message.method === 'tools/call') {
      send({ id: message.id, result: { content: [], structuredContent: message.params.name === 'show_board' ? later : {} } });
    }
  });
  frame.srcdoc = html;
}

function draw(name, html, board, theme, canCall, press, later = board) {
  const file = path.join(folder, `${name}.html`);
  const literal = (value) => JSON.stringify(value).replaceAll('<', '\\u003c');
  fs.writeFileSync(
    file,
    `<!doctype html><meta charset=utf-8><body style="margin:0"><iframe id=frame sandbox="allow-scripts allow-same-origin"
      style="width:100%;height:1900px;border:0"></iframe><pre id=seen hidden></pre>
      <script>(${host})(${literal(html)}, ${literal(board)}, ${literal(later)}, ${literal(theme)}, ${canCall}, ${press})</script>`,
  );
  const run = (...more) =>
    spawnSync(
      chromium,
      ['--headless', '--no-sandbox', '--disable-gpu', '--hide-scrollbars', '--window-size=560,1900', '--virtual-time-budget=9000', ...more,
        `file://${file}`],
      { encoding: 'utf8', timeout: 60_000 },
    ).stdout;
  run(`--screenshot=${path.join(pictures, `${name}.png`)}`);
  const seen = /<pre id="seen" hidden="">(.*?)<\/pre>/su.exec(run('--dump-dom'))?.[1] ?? '{}';
  const plain = seen.replaceAll('&lt;', '<').replaceAll('&gt;', '>').replaceAll('&amp;', '&');
  return JSON.parse(plain);
}

const problems = [];
const check = (holds, what) => {
  console.log(`${holds ? 'ok    ' : 'FAILED'} ${what}`);
  if (!holds) problems.push(what);
};

const [html, answer] = await readPage();
const board = fill(answer);
const light = draw('light', html, board, 'light', true, true);
const dark = draw('dark', html, board, 'dark', false, false);
const changed = draw('changed', html, board, 'light', true, true, {
  ...board,
  questions: [{ ...board.questions[0], questions: ['Delete it all?', 'Sure?'] }],
});
const own = draw('own', html, answer.structuredContent, 'light', true, false);

const calls = (light.seen ?? []).filter((message) => message.method === 'tools/call').map((message) => message.params);
const same = (left, right) => JSON.stringify(left) === JSON.stringify(right);
check(light.seen?.[0]?.method === 'ui/initialize', 'the board introduces itself first');
check(light.pwned === null && dark.pwned === null, 'no text of a workspace was executed');
check(hostile.every((text) => light.text?.includes(text)), 'each hostile text is shown as it stands');
check(
  (light.elements ?? []).every((name) => ['button', 'div', 'h2', 'label', 'li', 'p', 'section', 'span', 'textarea', 'ul'].includes(name)),
  `no markup came of texts: ${light.elements}`,
);
check(
  calls.some((call) => same(call, { name: 'answer_run', arguments: { run_id: 'run-1', answers: ['This one.', 'Because.'] } })),
  'answers go to answer_run, one for each question',
);
check(
  calls.some((call) => same(call, { name: 'resolve_escalation', arguments: { escalation_id: 3, note: 'Mended.' } })),
  'a stopped step goes to resolve_escalation with its note',
);
check(calls.filter((call) => call.name === 'answer_run').length === 1, 'an answer that is not complete is not sent');
check(calls.some((call) => call.name === 'show_board'), 'the board is asked for again afterwards');
check(light.focus === 'run-1/1/And why?', `who writes goes on writing after a refresh: ${light.focus}`);
const sentLate = (changed.seen ?? []).filter((message) => message.method === 'tools/call').map((message) => message.params.name);
check(!sentLate.includes('answer_run') && sentLate.includes('show_board'), `an answer to what is not asked any more is not sent: ${sentLate}`);
check(changed.text?.includes('Delete it all?') && !changed.text.includes('And why?'), 'what is asked instead is shown');
check(light.seen?.some((message) => message.method === 'ui/notifications/size-changed'), 'the client hears of its height');
check(light.scheme === 'light' && dark.scheme === 'dark', 'it follows the theme of the client');
check(dark.elements?.includes('textarea') === false && dark.text?.includes('answer_run'), 'where no call is passed on, it says what to do');
check(Boolean(own.text), 'the answer of the server itself is drawn');
console.log(`pictures: ${pictures}`);
process.exit(problems.length > 0 ? 1 : 0);
