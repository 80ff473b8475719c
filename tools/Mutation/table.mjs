// The table of a mutation report, put between the markers of a document; of rules that the report has not, what stands there stays.
// Ends with 1 where a score of the report is below the threshold.
//   node tools/Mutation/table.mjs REPORT.json DOCUMENT.md
import { readFileSync, writeFileSync } from 'node:fs';
import { basename } from 'node:path';

const [report, document] = process.argv.slice(2);
const threshold = 80;
const mostUntried = 2;
const [begin, end] = ['<!-- mutation -->', '<!-- end of mutation -->'];

// What a table cell would end at, or a reader could not see, is written out.
const cell = text => text.replaceAll('|', '\\|').replaceAll('`', "'").replace(/\s+/g, ' ').slice(0, 70);

const measured = Object.entries(JSON.parse(readFileSync(report, 'utf8')).files).map(([path, file]) => {
  const of = (...states) => file.mutants.filter(mutant => states.includes(mutant.status));
  const name = basename(path, '.cs');
  const missed = of('Survived', 'NoCoverage').map(mutant =>
    `| ${name} | ${mutant.location.start.line} | ${mutant.mutatorName}: \`${cell(mutant.replacement ?? '')}\` |`);
  return { name, caught: of('Killed', 'Timeout').length, missed, untried: of('RuntimeError', 'Pending').length };
}).filter(file => file.caught + file.missed.length + file.untried > 0);

const text = readFileSync(document, 'utf8');
if (!text.includes(begin) || !text.includes(end)) throw new Error(`${document} has no ${begin} … ${end}`);
const rows = text.slice(text.indexOf(begin), text.indexOf(end)).split('\n');
const kept = rows.map(row => /^\| (\w+) \| \d+ \| (\d+) \| [\d.]+ % \| (\d+) \|$/.exec(row)).filter(row => row !== null)
  .map(([, name, caught, untried]) => ({
    name, caught: Number(caught), untried: Number(untried), missed: rows.filter(row => new RegExp(`^\\| ${name} \\| \\d+ \\| \\D`).test(row)),
  }))
  .filter(file => !measured.some(other => other.name === file.name));

const changes = file => file.caught + file.missed.length;
const score = file => 100 * file.caught / Math.max(1, changes(file));
const files = [...kept, ...measured].sort((one, other) => one.name.localeCompare(other.name, 'en'));
const table = [
  '| rules | changes | caught | score | not tried |', '|---|---:|---:|---:|---:|',
  ...files.map(file => `| ${file.name} | ${changes(file)} | ${file.caught} | ${score(file).toFixed(1)} % | ${file.untried} |`),
];
const missed = ['What no test noticed:', '', '| rules | line | change |', '|---|---:|---|', ...files.flatMap(file => file.missed)];
const made = [...table, '', ...missed].join('\n');
writeFileSync(document, `${text.slice(0, text.indexOf(begin) + begin.length)}\n\n${made}\n\n${text.slice(text.indexOf(end))}`);
console.log(table.join('\n'));

const low = measured.filter(file => score(file) < threshold);
const untried = measured.filter(file => 100 * file.untried > mostUntried * (changes(file) + file.untried));
for (const file of low) console.error(`${file.name}: ${score(file).toFixed(1)} % is less than ${threshold} %`);
for (const file of untried) console.error(`${file.name}: ${file.untried} changes could not be tried`);
process.exitCode = low.length + untried.length > 0 ? 1 : 0;
