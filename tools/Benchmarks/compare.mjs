// Compares the figures of two commits that benchmarks kept with --results, and ends with 1 when one has become worse than the limit.
// Judged are ratios to a peer or floor of the same run; what is of one machine and hour alone is left out. Of a figure that was measured
// several times, the last line counts.
//   tools/compare-benchmarks [--only BENCHMARK] [--results DIR] A B      A is the older one: a commit, or a file of its results
import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const limit = 1.15;

class Unusable extends Error {}

function options(given) {
  const found = { results: join(dirname(fileURLToPath(import.meta.url)), '..', '..', 'benchmarks', 'results'), only: null, commits: [] };
  for (let at = 0; at < given.length; at++) {
    if (given[at] === '--only' || given[at] === '--results') {
      if (at + 1 === given.length) throw new Unusable(`${given[at]} wants a value.`);
      found[given[at].slice(2)] = given[++at];
    } else if (given[at].startsWith('-')) {
      throw new Unusable(`There is no option ${given[at]}. usage: tools/compare-benchmarks [--only BENCHMARK] [--results DIR] A B`);
    } else {
      found.commits.push(given[at]);
    }
  }
  if (found.commits.length !== 2) throw new Unusable('usage: tools/compare-benchmarks [--only BENCHMARK] [--results DIR] A B');
  return found;
}

function fileOf(name, folder) {
  if (existsSync(name)) return name;
  const kept = existsSync(folder) ? readdirSync(folder).filter(file => file.endsWith('.jsonl')) : [];
  const fitting = kept.filter(file => file.startsWith(name) || name.startsWith(file.slice(0, -'.jsonl'.length)));
  if (fitting.length !== 1) {
    const which = fitting.length === 0 ? `no results of ${name}` : `several results that begin with ${name}`;
    throw new Unusable(`There are ${which} in ${folder}. There: ${kept.join(', ') || 'nothing'}. Measure with --results ${folder}.`);
  }
  return join(folder, fitting[0]);
}

function read(file, only) {
  const figures = new Map();
  readFileSync(file, 'utf8').split('\n').forEach((text, index) => {
    if (text.trim() === '') return;
    let line;
    try {
      line = JSON.parse(text);
    } catch {
      throw new Unusable(`${file}:${index + 1} is no JSON. Each line is one figure; remove the line, or measure again.`);
    }
    if (line.against === null || (only !== null && line.benchmark !== only)) return;
    const name = `${line.benchmark}: ${line.figure}, beside ${line.against}`;
    if (!(line.median > 0) || !['lower', 'higher'].includes(line.better)) {
      throw new Unusable(`${file}:${index + 1}: ${name} has the median ${line.median} and is better ${line.better}; `
        + 'a ratio is more than 0, and better lower or higher. Measure it again.');
    }
    figures.set(name, line);
  });
  return figures;
}

function compare(before, after) {
  const rows = [];
  for (const [name, old] of before) {
    const now = after.get(name);
    const worse = now && (old.better === 'lower' ? now.median / old.median : old.median / now.median);
    rows.push({ name, old: old.median, now: now?.median, worse, verdict: !now ? 'GONE' : worse > limit ? 'WORSE' : 'ok' });
  }
  return rows;
}

try {
  const { commits, results, only } = options(process.argv.slice(2));
  const [before, after] = commits.map(commit => read(fileOf(commit, results), only));
  if (before.size === 0) throw new Unusable(`${commits[0]} has no ratio${only ? ` of ${only}` : ''} to compare with.`);
  const rows = compare(before, after);
  for (const { name, old, now, worse, verdict } of rows) {
    const figures = now === undefined ? `${old.toFixed(3)} -> nothing` : `${old.toFixed(3)} -> ${now.toFixed(3)}, ${worse.toFixed(2)} of the cost`;
    console.log(`${verdict.padEnd(5)} ${name}: ${figures}`);
  }
  for (const name of after.keys()) if (!before.has(name)) console.log(`new   ${name}`);
  const failed = rows.filter(row => row.verdict !== 'ok').length;
  console.log(`${rows.length - failed} of ${rows.length} ratios are there and at most ${limit} times as costly.`);
  process.exitCode = failed > 0 ? 1 : 0;
} catch (error) {
  if (!(error instanceof Unusable)) throw error;
  console.error(`error: ${error.message}`);
  process.exitCode = 2;
}
