// A stand-in for a model's server, on loopback, without any network: enough of the wire formats that agent programs speak (Anthropic
// Messages, OpenAI Chat Completions and Responses, Gemini generateContent) to play a script of turns. A turn calls a tool, runs a
// command with whatever tool of the agent does that, or says a text. It never looks at what it is told, but for the run's id, which it
// finds in the brief and puts in for "@run". It may refuse everything instead.
import { createServer } from 'node:http';

const usage = { input: 120, output: 30 };

/** The tools that a request offers, whatever its wire format calls them. */
function offered(body) {
  const flat = list => list.flatMap(tool => {
    if (tool.functionDeclarations) return flat(tool.functionDeclarations);
    if (tool.type === 'namespace') return flat(tool.tools ?? []).map(inner => ({ ...inner, namespace: tool.name }));
    const schema = tool.input_schema ?? tool.parameters ?? tool.parametersJsonSchema ?? tool.function?.parameters ?? {};
    return [{ name: tool.name ?? tool.function?.name ?? '', properties: schema.properties ?? {} }];
  });
  return flat(body.tools ?? []);
}

// What the tools that run a command are called.
const shells = ['Bash', 'bash', 'run_shell_command', 'exec_command', 'shell_command', 'shell', 'run_commands', 'execute_command'];

/** The arguments that have a shell's tool run a command, by the tool's own schema. */
function shellInput(properties, command) {
  const list = properties.command?.type === 'array';
  const said = { description: 'Run it', is_background: false };
  const values = { command: list ? ['sh', '-c', command] : command, cmd: command, commands: [command], ...said };
  return Object.fromEntries(Object.entries(values).filter(([name]) => properties[name]));
}

/**
 * Starts the server.
 * @param turns [{ tool, input } | { shell } | { text }]
 * @param onTurn is told what was done.
 * @param refusal the HTTP status of every answer, where it refuses everything.
 * @param onRequest is told the text of every request.
 */
export function startModel(turns, onTurn = () => {}, { refusal = null, onRequest = () => {} } = {}) {
  let next = 0;
  let searched = '';
  let waited = 0;
  function decide(body) {
    const tools = offered(body);
    const turn = turns[Math.min(next, turns.length - 1)];
    if (tools.length === 0) return { text: 'A title' };
    if (turn.shell) {
      const shell = tools.find(one => shells.includes(one.name));
      next++;
      onTurn(shell?.name ?? `no shell among ${tools.map(one => one.name).join(' ')}`);
      if (!shell) return { text: 'There is no shell.' };
      return { name: shell.name, namespace: shell.namespace, input: shellInput(shell.properties, turn.shell) };
    }
    if (!turn.tool) { next++; onTurn('text'); return { text: turn.text }; }
    const tool = tools.find(one => one.name.endsWith(turn.tool));
    if (!tool) {
      // Some programs offer the tools of servers only once these are up, or once they were searched for.
      const wait = tools.find(one => one.name === 'WaitForMcpServers');
      if (wait && waited++ < 10) return { name: wait.name, input: {} };
      const search = tools.find(one => one.name === 'tool_search');
      if (search && searched !== turn.tool) { searched = turn.tool; return { name: search.name, input: { query: `select:mcp__loop__${turn.tool}` } }; }
      onTurn(`no ${turn.tool} among ${tools.map(one => one.name).join(' ')}`);
      return { text: `There is no tool ${turn.tool}.` };
    }
    next++;
    onTurn(tool.name);
    const run = /run-\d{8}-\d{6}-[0-9a-f]+/.exec(JSON.stringify(body))?.[0] ?? '';
    return { name: tool.name, namespace: tool.namespace, input: JSON.parse(JSON.stringify(turn.input).replaceAll('@run', run)) };
  }

  const server = createServer((request, response) => {
    let text = '';
    request.on('data', chunk => { text += chunk; });
    request.on('end', () => {
      const path = new URL(request.url, 'http://localhost').pathname;
      const body = text.startsWith('{') ? JSON.parse(text) : {};
      onRequest(text);
      if (refusal !== null) {
        response.writeHead(refusal, { 'content-type': 'application/json' });
        return response.end(JSON.stringify(refused(path, refusal)));
      }
      const json = value => { response.writeHead(200, { 'content-type': 'application/json' }); response.end(JSON.stringify(value)); };
      const stream = events => {
        response.writeHead(200, { 'content-type': 'text/event-stream' });
        for (const [name, data] of events) response.write((name ? `event: ${name}\n` : '') + `data: ${typeof data === 'string' ? data : JSON.stringify(data)}\n\n`);
        response.end();
      };
      if (path.endsWith('/models')) return json({ object: 'list', data: [{ id: 'stand-in', object: 'model' }] });
      if (path.endsWith('/count_tokens')) return json({ input_tokens: usage.input });
      if (path.endsWith(':countTokens')) return json({ totalTokens: usage.input });
      for (const [suffix, answer] of formats) {
        if (path.includes(suffix)) return answer(decide(body), body, { json, stream, id: `turn${next}`, streams: body.stream === true || path.includes('stream') });
      }
      response.writeHead(404);
      response.end('{}');
    });
  });
  return new Promise(resolve => server.listen(0, '127.0.0.1', () => resolve({ port: server.address().port, close: () => server.close() })));
}

/** The body of a refusal for its key, as the service of that wire format words it. */
function refused(path, status) {
  const message = 'The key is not valid.';
  if (path.includes('/messages')) return { type: 'error', error: { type: 'authentication_error', message } };
  if (path.includes(':')) return { error: { code: status, message, status: 'UNAUTHENTICATED' } };
  return { error: { message, type: 'invalid_request_error', param: null, code: 'invalid_api_key' } };
}

const formats = [
  ['/messages', anthropic],
  ['/chat/completions', chat],
  ['/responses', responses],
  ['enerateContent', gemini],
];

function anthropic(step, body, { json, stream, id, streams }) {
  const block = step.name ? { type: 'tool_use', id: `toolu_${id}`, name: step.name, input: step.input } : { type: 'text', text: step.text };
  const stop = step.name ? 'tool_use' : 'end_turn';
  const message = { id: `msg_${id}`, type: 'message', role: 'assistant', model: body.model, content: [], stop_reason: null, stop_sequence: null, usage: { input_tokens: usage.input, output_tokens: 1 } };
  if (!streams) return json({ ...message, content: [block], stop_reason: stop, usage: { input_tokens: usage.input, output_tokens: usage.output } });
  const delta = step.name ? { type: 'input_json_delta', partial_json: JSON.stringify(step.input) } : { type: 'text_delta', text: step.text };
  return stream([
    ['message_start', { type: 'message_start', message }],
    ['content_block_start', { type: 'content_block_start', index: 0, content_block: step.name ? { ...block, input: {} } : { type: 'text', text: '' } }],
    ['content_block_delta', { type: 'content_block_delta', index: 0, delta }],
    ['content_block_stop', { type: 'content_block_stop', index: 0 }],
    ['message_delta', { type: 'message_delta', delta: { stop_reason: stop, stop_sequence: null }, usage: { output_tokens: usage.output } }],
    ['message_stop', { type: 'message_stop' }],
  ]);
}

function chat(step, body, { json, stream, id, streams }) {
  const call = { index: 0, id: `call_${id}`, type: 'function', function: { name: step.name, arguments: JSON.stringify(step.input) } };
  const message = step.name ? { role: 'assistant', content: null, tool_calls: [call] } : { role: 'assistant', content: step.text };
  const finish = step.name ? 'tool_calls' : 'stop';
  const count = { prompt_tokens: usage.input, completion_tokens: usage.output, total_tokens: usage.input + usage.output };
  const base = { id: `chat_${id}`, created: 1, model: body.model };
  if (!streams) return json({ ...base, object: 'chat.completion', choices: [{ index: 0, message, finish_reason: finish }], usage: count });
  const piece = (choice, more = {}) => [null, { ...base, object: 'chat.completion.chunk', choices: [{ index: 0, ...choice }], ...more }];
  return stream([piece({ delta: message, finish_reason: null }), piece({ delta: {}, finish_reason: finish }, { usage: count }), [null, '[DONE]']]);
}

function responses(step, body, { stream, id }) {
  const item = step.name
    ? { type: 'function_call', id: `item_${id}`, call_id: `call_${id}`, name: step.name, arguments: JSON.stringify(step.input), status: 'completed', ...(step.namespace ? { namespace: step.namespace } : {}) }
    : { type: 'message', id: `item_${id}`, role: 'assistant', status: 'completed', content: [{ type: 'output_text', text: step.text, annotations: [] }] };
  const count = { input_tokens: usage.input, input_tokens_details: { cached_tokens: 0 }, output_tokens: usage.output, output_tokens_details: { reasoning_tokens: 0 }, total_tokens: usage.input + usage.output };
  const base = { id: `resp_${id}`, object: 'response', model: body.model };
  return stream([
    ['response.created', { type: 'response.created', response: { ...base, status: 'in_progress', output: [] } }],
    ['response.output_item.done', { type: 'response.output_item.done', output_index: 0, item }],
    ['response.completed', { type: 'response.completed', response: { ...base, status: 'completed', output: [item], usage: count } }],
  ]);
}

function gemini(step, _body, { json, stream, streams }) {
  const part = step.name ? { functionCall: { name: step.name, args: step.input } } : { text: step.text };
  const whole = {
    candidates: [{ index: 0, content: { role: 'model', parts: [part] }, finishReason: 'STOP' }],
    usageMetadata: { promptTokenCount: usage.input, candidatesTokenCount: usage.output, totalTokenCount: usage.input + usage.output },
  };
  return streams ? stream([[null, whole]]) : json(whole);
}
