// The lines and branches that reports of coverlet call covered, together and folder by folder, put between the markers of a document.
// Ends with 1 where a project has less than is asked for here; that is what was measured when it was last raised, rounded down.
//   node tools/Coverage/table.mjs DOCUMENT.md REPORT.json ...
import { readFileSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';

const least = { 'LoopOrchestrator.Core': { line: 93, branch: 88 }, 'LoopOrchestrator.Mcp': { line: 0, branch: 0 } };
const [begin, end] = ['<!-- coverage -->', '<!-- end of coverage -->'];
const [document, ...reports] = process.argv.slice(2);

// What several reports tell of one place counts once, as covered where one of them saw it.
const places = new Map();
const add = (file, kind, place, hits) => {
  const found = /\/src\/(LoopOrchestrator\.\w+)\/(.*)$/.exec(file.replaceAll('\\', '/'));
  if (found === null) return;
  const folder = dirname(found[2]);
  const key = `${file}|${kind}|${place}`;
  const known = places.get(key) ?? { project: found[1], folder, kind, covered: false };
  known.covered ||= hits > 0;
  places.set(key, known);
};
for (const report of reports) {
  for (const files of Object.values(JSON.parse(readFileSync(report, 'utf8')))) {
    for (const [file, classes] of Object.entries(files)) {
      for (const [type, methods] of Object.entries(classes)) {
        for (const [method, { Lines, Branches }] of Object.entries(methods)) {
          for (const [line, hits] of Object.entries(Lines)) add(file, 'line', line, hits);
          for (const one of Branches) add(file, 'branch', `${type}|${method}|${one.Line}|${one.Offset}|${one.Path}|${one.Ordinal}`, one.Hits);
        }
      }
    }
  }
}

const sums = new Map();
const count = (name, kind, covered) => {
  const sum = sums.get(name) ?? { line: { all: 0, covered: 0 }, branch: { all: 0, covered: 0 } };
  sum[kind].all++;
  sum[kind].covered += covered ? 1 : 0;
  sums.set(name, sum);
};
for (const { project, folder, kind, covered } of places.values()) {
  count(`${project}|${folder}`, kind, covered);
  count(project, kind, covered);
}

const share = ({ all, covered }) => 100 * covered / Math.max(1, all);
const shown = of => of.all === 0 ? '–' : `${share(of).toFixed(1)} %`;
const row = (name, sum) => `| ${name} | ${sum.line.all} | ${shown(sum.line)} | ${sum.branch.all} | ${shown(sum.branch)} |`;
const lines = Object.keys(least).filter(project => sums.has(project)).flatMap(project => [
  `## ${project}`, '', '| folder | lines | covered | branches | covered |', '|---|---:|---:|---:|---:|',
  ...[...sums.keys()].filter(name => name.startsWith(`${project}|`)).sort().map(name => row(name.split('|')[1], sums.get(name))),
  row('**all**', sums.get(project)), '',
]);
const text = readFileSync(document, 'utf8');
if (!text.includes(begin) || !text.includes(end)) throw new Error(`${document} has no ${begin} … ${end}`);
writeFileSync(document, `${text.slice(0, text.indexOf(begin) + begin.length)}\n\n${lines.join('\n')}\n${text.slice(text.indexOf(end))}`);

for (const [project, asked] of Object.entries(least).filter(([project]) => sums.has(project))) {
  for (const [kind, percent] of Object.entries(asked)) {
    const measured = share(sums.get(project)[kind]);
    console.log(`${project}: ${kind} ${measured.toFixed(1)} %, at least ${percent} %`);
    if (measured < percent) process.exitCode = 1;
  }
}
