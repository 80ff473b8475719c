// Finishes a bill of materials (CycloneDX) and writes the notices from it: adds the runtime, which is compiled into the native program and
// which no project names, and SQLite; takes out what differs from one making to the next. Ends with 1 at a licence that is not on the list.
//   node sbom.mjs RESTORED.json LICENCES-FOLDER PACKAGES-FOLDER RUNTIME-VERSION SBOM.json NOTICES.txt
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';

const [restored, licences, packages, runtime, sbomFile, noticesFile] = process.argv.slice(2);
const sbom = JSON.parse(readFileSync(restored, 'utf8'));
const allowed = JSON.parse(readFileSync(join(licences, 'allowed.json'), 'utf8'));

const ofRuntime = name => ({
  type: 'framework',
  'bom-ref': `pkg:nuget/${name}@${runtime}`,
  name,
  version: runtime,
  purl: `pkg:nuget/${name}@${runtime}`,
  copyright: '© .NET Foundation and Contributors',
  licenses: [{ license: { id: 'MIT' } }],
});
sbom.components.push(
  ofRuntime('Microsoft.NETCore.App.Runtime.NativeAOT.linux-x64'),
  ofRuntime('Microsoft.AspNetCore.App.Runtime.linux-x64'),
  {
    type: 'library',
    'bom-ref': 'sqlite',
    name: 'SQLite',
    description: 'as SQLitePCLRaw.lib.e_sqlite3 contains it',
    copyright: 'in the public domain',
    licenses: [{ license: { id: 'blessing' } }],
  },
);
sbom.components.sort((a, b) => (a.name.toLowerCase() < b.name.toLowerCase() ? -1 : 1));
sbom.metadata.timestamp = new Date(Number(process.env.SOURCE_DATE_EPOCH) * 1000).toISOString().replace('.000', '');
delete sbom.serialNumber;

const licenceOf = component =>
  component.licenses?.map(one => one.expression ?? one.license?.id ?? one.license?.name ?? '?').join(' and ') ?? 'none';
const strange = sbom.components.filter(component => !allowed.includes(licenceOf(component)));
for (const component of strange) console.error(`${component.name} ${component.version}: its licence is ${licenceOf(component)}`);
if (strange.length > 0) {
  console.error(`not on the list of ${join(licences, 'allowed.json')}`);
  process.exit(1);
}
writeFileSync(sbomFile, `${JSON.stringify(sbom, undefined, 2)}\n`);

// What a package says itself stands with it; the text of a licence that many have stands once, at the end.
const rule = `${'-'.repeat(80)}\n`;
const own = component => {
  const folder = join(packages, component.name.toLowerCase(), component.version ?? '');
  if (!component.version || !existsSync(folder)) return [];
  const files = readdirSync(folder).filter(file => /^(licen[cs]e|notice|third-?party-?notices)(\.(txt|md))?$/i.test(file));
  return files.sort().map(file => join(folder, file));
};
for (const component of sbom.components.filter(one => one.type === 'framework'))
  if (own(component).length < 2) {
    console.error(`the licence and notices of ${component.name} ${component.version} are not in ${packages}`);
    process.exit(1);
  }
const who = component =>
  component.copyright ?? component.authors?.map(author => author.name).join(', ') ?? component.author ?? '';
const head = component => `${component.name} ${component.version ?? ''}\n  ${licenceOf(component)}. ${who(component)}\n`;
const text = file => readFileSync(file, 'utf8').replace(/\r\n/g, '\n').replace(/^\uFEFF/, '').trimEnd();
const part = (title, file) => `\n${rule}${title}\n${rule}\n${text(file)}\n`;
const used = [...new Set(sbom.components.map(licenceOf))].filter(id => id !== 'blessing').sort();
writeFileSync(
  noticesFile,
  [
    'Loop Orchestrator contains what follows. Where a licence is named, its text is at the end.\n\n',
    ...sbom.components.map(head),
    ...sbom.components.flatMap(one => own(one).map(file => part(`${one.name} ${one.version}: ${basename(file)}`, file))),
    ...used.map(id => part(id, join(licences, `${id}.txt`))),
  ].join(''),
);
console.error(`${sbom.components.length} components under ${used.join(', ')}`);
