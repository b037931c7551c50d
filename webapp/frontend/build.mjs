// Builds webapp/static/dist: hashed names, manifest.json and THIRD-PARTY.txt. Two runs give the same bytes.
import crypto from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';
import * as esbuild from 'esbuild';
import * as sass from 'sass';

const here = import.meta.dirname;
const out = path.join(here, '..', 'static', 'dist');
const modules = path.join(here, 'node_modules');

fs.rmSync(out, { recursive: true, force: true });
fs.mkdirSync(out, { recursive: true });

const { css } = sass.compile(path.join(here, 'scss', 'app.scss'), {
  loadPaths: [here, modules],
  style: 'compressed',
  quietDeps: true,
});

const built = await esbuild.build({
  absWorkingDir: here,
  entryPoints: { app: 'js/app.js' },
  bundle: true,
  minify: true,
  format: 'esm',
  target: ['es2022'],
  outdir: out,
  entryNames: '[name]-[hash]',
  legalComments: 'none', // the licences are in THIRD-PARTY.txt, whole
  metafile: true,
  logLevel: 'warning',
});

const script = path.basename(Object.keys(built.metafile.outputs).find((name) => name.endsWith('.js')));
const style = `app-${digest(css, 'sha256', 'hex').slice(0, 8).toUpperCase()}.css`;
fs.writeFileSync(path.join(out, style), css);

const manifest = Object.fromEntries(
  [['app.css', style], ['app.js', script]].map(([name, file]) => [
    name,
    { file, integrity: `sha384-${digest(fs.readFileSync(path.join(out, file)), 'sha384', 'base64')}` },
  ]),
);
fs.writeFileSync(path.join(out, 'manifest.json'), `${JSON.stringify(manifest, null, 1)}\n`);
fs.writeFileSync(path.join(out, 'THIRD-PARTY.txt'), thirdParty(['@ministryofjustice/frontend', 'govuk-frontend']));

function digest(content, algorithm, encoding) {
  return crypto.createHash(algorithm).update(content).digest(encoding);
}

/** What the built files contain of others, with the whole text of every licence. */
function thirdParty(packages) {
  return packages
    .map((name) => {
      const { version, license } = JSON.parse(fs.readFileSync(path.join(modules, name, 'package.json')));
      const text = fs.readFileSync(path.join(here, 'licences', licenceFile(name)), 'utf8').trim();
      return `${name} ${version} (${license})\n\n${text}\n`;
    })
    .join(`\n${'-'.repeat(80)}\n\n`);
}

/** The packages carry no licence file of their own: the texts are those of their repositories. */
function licenceFile(name) {
  return `${name.replace('@', '').replace('/', '-')}.txt`;
}
