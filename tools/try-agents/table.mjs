#!/usr/bin/env node
// Writes the table of programs in docs/agents.md anew, from programs.json.
import { readFileSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

const here = dirname(fileURLToPath(import.meta.url));
const document = resolve(here, '..', '..', 'docs', 'agents.md');
const { programs } = JSON.parse(readFileSync(join(here, 'programs.json'), 'utf8'));
const columns = ['exit_codes', 'dead_provider', 'refused_key', 'sigterm', 'insecure_folder', 'argument_limit', 'two_at_once', 'background'];
const cell = (row, name) => `${row[name]}${row.seen.includes(name) ? ' *' : ''}`;
const lines = [
  `| preset | seen with | ${columns.map(name => name.replaceAll('_', ' ')).join(' | ')} |`,
  `|${' --- |'.repeat(columns.length + 2)}`,
  ...Object.entries(programs).map(([name, row]) => `| \`${name}\` |${row.version ? ` ${row.version} ` : ' '}| ${columns.map(one => cell(row, one)).join(' | ')} |`),
];
const marks = ['<!-- programs -->', '<!-- end of programs -->'];
const text = readFileSync(document, 'utf8');
const [begin, end] = marks.map(mark => text.indexOf(mark));
writeFileSync(document, `${text.slice(0, begin + marks[0].length)}\n\n${lines.join('\n')}\n\n${text.slice(end)}`);
