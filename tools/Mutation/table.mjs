// The table of a mutation report, put between the markers of a document. Ends with 1 where a score is below the threshold.
//   node tools/Mutation/table.mjs REPORT.json DOCUMENT.md
import { readFileSync, writeFileSync } from 'node:fs';
import { basename } from 'node:path';

const [report, document] = process.argv.slice(2);
const threshold = 80;
const mostUntried = 2;
const [begin, end] = ['<!-- mutation -->', '<!-- end of mutation -->'];

const files = Object.entries(JSON.parse(readFileSync(report, 'utf8')).files).map(([path, file]) => {
  const of = (...states) => file.mutants.filter(mutant => states.includes(mutant.status));
  const caught = of('Killed', 'Timeout').length;
  const missed = of('Survived', 'NoCoverage');
  return {
    name: basename(path, '.cs'), caught, missed, untried: of('RuntimeError', 'Pending').length,
    score: 100 * caught / Math.max(1, caught + missed.length),
  };
}).filter(file => file.caught + file.missed.length + file.untried > 0).sort((one, other) => one.name.localeCompare(other.name, 'en'));

// What a table cell would end at, or a reader could not see, is written out.
const cell = text => text.replaceAll('|', '\\|').replaceAll('`', "'").replace(/\s+/g, ' ').slice(0, 70);
const lines = [
  '| rules | changes | caught | score | not tried |', '|---|---:|---:|---:|---:|',
  ...files.map(file => `| ${file.name} | ${file.caught + file.missed.length} | ${file.caught} | ${file.score.toFixed(1)} % | ${file.untried} |`),
  '', 'What no test noticed:', '', '| rules | line | change |', '|---|---:|---|',
  ...files.flatMap(file => file.missed.map(mutant =>
    `| ${file.name} | ${mutant.location.start.line} | ${mutant.mutatorName}: \`${cell(mutant.replacement ?? '')}\` |`)),
];
const text = readFileSync(document, 'utf8');
if (!text.includes(begin) || !text.includes(end)) throw new Error(`${document} has no ${begin} … ${end}`);
writeFileSync(document, `${text.slice(0, text.indexOf(begin) + begin.length)}\n\n${lines.join('\n')}\n\n${text.slice(text.indexOf(end))}`);
console.log(lines.slice(0, files.length + 2).join('\n'));

const low = files.filter(file => file.score < threshold);
const untried = files.filter(file => 100 * file.untried > mostUntried * (file.caught + file.missed.length + file.untried));
for (const file of low) console.error(`${file.name}: ${file.score.toFixed(1)} % is less than ${threshold} %`);
for (const file of untried) console.error(`${file.name}: ${file.untried} changes could not be tried`);
process.exitCode = low.length + untried.length > 0 ? 1 : 0;
