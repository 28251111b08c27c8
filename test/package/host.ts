/**
 * A host of your own, as docs/host.md has its reader write it: the page's files and commands, in its order, with the packed
 * package alone.
 */
import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { stripTypeScriptTypes } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { after, type TestContext, test } from 'node:test';
import { freePort } from '../../examples/demo/free-port.ts';
import { requirePeer } from '../conformance/peers.ts';
import { blocks, pageText } from '../readme/pages.ts';
import { manifest, packed, runIn, typeCheck } from './packed.ts';

const it = await packed();
// Any free port instead of the one that a reader may have in use.
const port = String(await freePort());
const page = pageText('docs/host.md').replaceAll('9478', port);
const folder = mkdtempSync(join(tmpdir(), 'meterbridge-host-'));
after(() => rmSync(folder, { recursive: true }));
const [home, other, plain] = ['relay', 'app', 'plain'].map((name) => {
  mkdirSync(join(folder, name));
  return join(folder, name);
}) as [string, string, string];

/** What the page has the reader save, by name. */
const files = new Map(
  [...page.matchAll(/^<!-- (\S+) -->\n```\w+\n([\s\S]*?)^```$/gm)].map(([, name = '', text = '']) => [name, text]),
);
const file = (name: string): string => files.get(name) ?? assert.fail(`the page has no ${name}`);
const save = (where: string, ...names: readonly string[]) => {
  for (const name of names) writeFileSync(join(where, name), file(name));
};

/** The page's commands, but for its scripts. Each is run once, by one test. */
const commands = new Set(blocks(page, 'sh').filter((text) => ![...files.values()].includes(text)));
/** The packages that the tests are pinned to, in place of the newest. */
const pinned: readonly (readonly [RegExp, string])[] = [
  [/\bmeterbridge(?= |$)/g, it.tarball],
  [/\btypescript\b/g, `typescript@${manifest.devDependencies.typescript}`],
  [/@types\/node\b/g, `@types/node@${manifest.devDependencies['@types/node']}`],
];

/** Runs the page's commands that begin so. */
async function perform(cwd: string, begin: string): Promise<string> {
  const [text = assert.fail(`no commands ${begin}`), ...more] = [...commands].filter((block) => block.startsWith(begin));
  assert.deepEqual(more, []);
  commands.delete(text);
  const installs = text.replace(/^npm install .+$/gm, (line) =>
    pinned.reduce((done, [from, to]) => done.replace(from, to), line),
  );
  const { code, out } = await shell(cwd, installs);
  assert.equal(code, 0, out);
  return out;
}

async function shell(cwd: string, script: string): Promise<{ readonly code: number; readonly out: string }> {
  const quiet =
    'exec 2>&1; export npm_config_prefer_offline=true npm_config_audit=false npm_config_fund=false npm_config_update_notifier=false';
  try {
    return { code: 0, out: await runIn(cwd, 'bash', '-ec', `${quiet}\n${script}`) };
  } catch (error) {
    const { code, stdout } = error as { readonly code: number; readonly stdout: string };
    return { code, out: stdout };
  }
}

/** The page's command that begins so prints what the page shows below it. */
async function shows(cwd: string, begin: string, code = 0): Promise<void> {
  const block =
    blocks(page, 'console').find((text) => text.startsWith(`$ ${begin}`)) ?? assert.fail(`the page does not show ${begin}`);
  const [command = '', ...lines] = block.slice('$ '.length).split('\n');
  assert.deepEqual(await shell(cwd, command), { code, out: lines.join('\n') });
}

/** A program of the page, until it has printed the URL of its metrics. */
async function running(t: TestContext, cwd: string, name: string): Promise<ChildProcess> {
  const program = spawn(process.execPath, [name], { cwd, env: { PATH: process.env.PATH }, stdio: ['ignore', 'pipe', 'inherit'] });
  t.after(() => program.kill('SIGKILL'));
  const [line] = await Promise.race([once(createInterface({ input: program.stdout }), 'line'), once(program, 'exit')]);
  assert.equal(line, `http://127.0.0.1:${port}/metrics`);
  return program;
}

test('it is set up, and its files compile', async () => {
  await perform(home, 'npm init');
  save(home, ...[...files.keys()].filter((name) => name !== 'app.ts'));
  await perform(home, 'echo');
  const stricter = await shell(
    home,
    'npx tsc --noEmit --exactOptionalPropertyTypes --noUncheckedIndexedAccess --skipLibCheck false',
  );
  assert.equal(stricter.code, 0, stricter.out);
});

test('its series are those that the page shows', () => shows(home, 'npx meterbridge series'));

test('wrong settings are reported at once', () => shows(home, 'node daemon.ts wrong.yaml', 1));

test('a section that is none', async () => {
  writeFileSync(join(home, 'none.yaml'), 'metrics: none\n');
  const { code, out } = await shell(home, 'node daemon.ts none.yaml');
  assert.deepEqual([code, out], [1, 'metrics: got "none"; it is a section. Fix: write listen, allow, token_file below it.\n']);
});

test('its test passes', async () => assert.match(await perform(home, 'node --test'), /pass 1\n/));

test('it shows what the page shows, to a client with the token, and ends with SIGTERM', async (t) => {
  const daemon = await running(t, home, 'daemon.ts');
  await shows(home, 'curl');
  assert.equal((await fetch(`http://127.0.0.1:${port}/metrics`)).status, 401);
  daemon.kill('SIGTERM');
  assert.deepEqual(await once(daemon, 'exit'), [0, null]);
});

test('in JavaScript it is the same', async (t) => {
  await shell(plain, `npm init -y && npm pkg set type=module && npm install ${it.tarball} && echo let-me-in > token`);
  save(plain, 'relay.yaml');
  for (const [name, text] of [...files].filter(([name]) => name.endsWith('.ts') && name !== 'app.ts')) {
    const imports = text.replaceAll(/(from '\.\/\w+)\.ts'/g, "$1.js'");
    writeFileSync(join(plain, name.replace(/ts$/, 'js')), stripTypeScriptTypes(imports, { mode: 'strip' }));
  }
  const daemon = await running(t, plain, 'daemon.js');
  await shows(plain, 'curl');
  const { code, out } = await shell(
    plain,
    file('check.sh')
      .match(/^npx meterbridge check .*$/m)?.[0]
      .replace('.ts', '.js') ?? '',
  );
  assert.equal(code, 0, out);
  daemon.kill('SIGTERM');
  await once(daemon, 'exit');
});

test('its tables, dashboard and alerts are written, and its CI passes until one of them is out of date', async (t) => {
  await perform(home, 'npx meterbridge docs');
  assert.match(readFileSync(join(home, 'README.md'), 'utf8'), /`relay_deliveries_total`/);
  assert.match(readFileSync(join(home, 'dashboard.json'), 'utf8'), /relay_queue_messages/);
  assert.match(await perform(home, 'sh check.sh'), /^no findings /m);
  const help = file('contract.ts').replace('Messages in a queue.', 'Messages that wait.');
  writeFileSync(join(home, 'contract.ts'), help);
  const { code, out } = await shell(home, 'sh check.sh');
  assert.notEqual(code, 0);
  assert.match(out, /README\.md is out of date\. Fix: meterbridge docs \.\/contract\.ts --out README\.md/);
  save(home, 'contract.ts');
  const promtool = requirePeer(t, 'promtool');
  if (promtool !== undefined) assert.match(await runIn(home, promtool, 'test', 'rules', 'relay.test.yaml'), /SUCCESS/);
});

test('its CI fails where the daemon breaks its contract', async () => {
  writeFileSync(join(home, 'other.ts'), file('contract.ts').replace("unit: 's', help: 'Time", "unit: 'ms', help: 'Time"));
  const { code, out } = await shell(home, file('check.sh').replace('--contract ./contract.ts', '--contract ./other.ts'));
  assert.equal(code, 1, out);
  assert.match(out, /contract-family-missing|contract-family-unknown/);
  rmSync(join(home, 'other.ts'));
});

test('a change of its contract is listed', async () => {
  const git = 'git -c user.name=a -c user.email=a@b';
  const made = await shell(
    home,
    `echo node_modules > .gitignore; git init -q; git add .; ${git} commit -qm 1; git update-ref refs/remotes/origin/main HEAD`,
  );
  assert.equal(made.code, 0, made.out);
  writeFileSync(join(home, 'contract.ts'), file('contract.ts').replace("'bounced'", "'rejected'"));
  await shows(home, 'npx meterbridge diff', 1);
  const usage = await shell(
    home,
    'npx meterbridge diff git:origin/main:contract.ts ./contract.ts --usage dashboard.json relay.rules.yaml',
  );
  assert.match(usage.out, /dashboard relay, panel/);
  save(home, 'contract.ts');
});

test('as a package it has JavaScript and types, and a program embeds it', async (t) => {
  await perform(home, 'npm install --save-peer meterbridge');
  const written = JSON.parse(readFileSync(join(home, 'package.json'), 'utf8'));
  assert.deepEqual([Object.keys(written.peerDependencies), written.dependencies], [['meterbridge'], undefined]);
  // As npm writes it for a package of a registry.
  await shell(home, `npm pkg set peerDependencies.meterbridge=^${manifest.version} && npm pack`);
  assert.match((await shell(home, 'tar tzf relay-metrics-1.0.0.tgz')).out, /dist\/index\.js[\s\S]*dist\/index\.d\.ts/);

  const installed = await shell(
    other,
    `npm init -y && npm pkg set type=module && npm install ${it.tarball} ${join(home, 'relay-metrics-1.0.0.tgz')}`,
  );
  assert.equal(installed.code, 0, installed.out);
  save(other, 'app.ts');
  await typeCheck(other, ['app.ts']);
  const app = await running(t, other, 'app.ts');
  const text = await (await fetch(`http://127.0.0.1:${port}/metrics`)).text();
  assert.match(
    text,
    /^mailapp_logins_total 1$[\s\S]*^relay_deliveries_total\{outcome="delivered"\} 1$[\s\S]*^relay_oldest_message_age_seconds 4$/m,
  );
  await perform(other, 'npx meterbridge check');
  app.kill('SIGTERM');
  await once(app, 'exit');
});

test('each command of the page has run', () => assert.deepEqual([...commands], []));
