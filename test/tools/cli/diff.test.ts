import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type RequestListener } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Writable } from 'node:stream';
import { test } from 'node:test';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { contract, counter, gauge, oneOf, toJson } from '../../../src/core/contract/index.ts';
import schema from '../../../src/tools/check/diff/report/diff-report.schema.json' with { type: 'json' };
import { run } from '../../../src/tools/cli/run.ts';
import { runCommand } from './run-command.ts';
import { runHere } from './run-here.ts';

const help = 'Something.';
const old = toJson(
  contract('app', { runs: counter({ help, labels: { status: oneOf('ok', 'failed') } }), queue: gauge({ help }) }),
);
const next = toJson(
  contract('app', { runs: counter({ help, labels: { status: oneOf('ok') } }), queue: gauge({ help: 'Queued.' }) }),
);
const broken = 'app_runs_total/value-removed/status=failed';

const folder = mkdtempSync(join(tmpdir(), 'meterbridge-diff-test-'));
test.after(() => rmSync(folder, { recursive: true }));
const file = (name: string, text: string) => {
  writeFileSync(join(folder, name), text);
  return join(folder, name);
};
const before = file('old.json', JSON.stringify(old));
const after = file('new.json', JSON.stringify(next));

for (const host of ['crewshipd', 'restic-manager', 'runwisp', 'solti', 'wasmrun']) {
  test(`${host} against itself has no change`, () => {
    const { stdout, status } = runCommand(['diff', host, host]);
    assert.deepEqual([stdout, status], ['No change.\n', 0]);
  });
}

test('a breaking change fails unless it is allowed by name', async () => {
  const failed = await runHere(['diff', before, after]);
  assert.equal(failed.status, 1);
  assert.match(failed.stdout, /breaking {2}app_runs_total\/value-removed\/status=failed\n {2}- failed\n/);
  assert.match(failed.stdout, /1 breaking, 0 risky, 1 safe\n$/);
  assert.equal((await runHere(['diff', before, after, '--allow', broken])).status, 0);
  const allowed = file('allow.json', JSON.stringify({ allow: [{ id: broken, reason: 'Unused.', until: '9999-12-31' }] }));
  const markdown = await runHere(['diff', before, after, '--allow-file', allowed, '-f', 'markdown']);
  assert.equal(markdown.status, 0);
  assert.match(
    markdown.stdout,
    /\*\*1 breaking \(1 allowed\), 0 risky, 1 safe\*\*[\s\S]*\*\*Allowed until 9999-12-31: Unused\.\*\*/,
  );
  assert.match(markdown.stdout, /<summary>Safe \(1\)<\/summary>/);
});

test('JSON keeps its schema', async () => {
  const { stdout } = await runHere(['diff', before, after, '--format', 'json', '--allow', broken]);
  const read = JSON.parse(stdout);
  const isValid = new Ajv2020({ strict: true, allErrors: true }).compile(schema);
  assert.ok(isValid(read), JSON.stringify(isValid.errors));
  assert.deepEqual(read.counts, { breaking: 1, risky: 0, safe: 1, allowed: 1 });
});

test('--impacts lists what each kind of change does, without contracts', async () => {
  const text = await runHere(['diff', '--impacts']);
  assert.match(text.stdout, /^CHANGE +PART +IMPACT +WHY\n/);
  assert.match(text.stdout, /^metric-removed +metric +breaking +An expression that selects the series finds nothing\.$/m);
  const rows = JSON.parse((await runHere(['diff', '--impacts', '-f', 'json'])).stdout);
  assert.ok(rows.length > 80);
  for (const { id, impact, reason, page } of rows) {
    assert.ok(['breaking', 'risky', 'safe'].includes(impact), id);
    assert.match(reason, /\.$/, id);
    assert.equal(typeof page, 'boolean', id);
  }
});

const wrong: readonly (readonly [string, readonly string[], RegExp])[] = [
  ['one contract', ['runwisp'], /two contracts are compared/],
  ['contracts beside --impacts', ['runwisp', 'solti', '--impacts'], /leave the contracts out/],
  ['an unknown option', ['a', 'b', '--nope'], /--nope/],
  ['an unknown format', ['a', 'b', '--format', 'xml'], /it is text, json, markdown/],
  ['a contract that is none', [before, 'no-such-package-here'], /no-such-package-here/],
  ['a revision that is an option', [before, 'git:--output=x:a.json'], /do not begin with -/],
  ['a file that is an option', [before, 'git:HEAD:-x.json'], /do not begin with -/],
  ['hints that are not there', [before, before, '--renames', 'no.yaml'], /--renames no\.yaml/],
];
for (const [what, args, message] of wrong) {
  test(`exit code 2: ${what}`, async () => {
    const { status, stderr } = await runHere(['diff', ...args]);
    assert.match(stderr, message);
    assert.equal(status, 2);
  });
}

test('a revision of git: JSON, and a module with what it imports and its packages; nothing is left behind', () => {
  const root = join(folder, 'repository');
  mkdirSync(join(root, 'metrics'), { recursive: true });
  mkdirSync(join(root, 'node_modules', 'statuses'), { recursive: true });
  const git = (...args: readonly string[]) =>
    execFileSync('git', ['-c', 'user.name=a', '-c', 'user.email=a@example.org', '-c', 'commit.gpgsign=false', ...args], {
      cwd: root,
    });
  const write = (path: string, text: string) => writeFileSync(join(root, path), text);
  write('node_modules/statuses/package.json', '{"name": "statuses", "type": "module", "exports": "./index.js"}');
  write('node_modules/statuses/index.js', `export default ${JSON.stringify(next)};`);
  write('.gitignore', 'node_modules\n');
  write('package.json', '{"type": "module"}');
  write('metrics/contract.json', JSON.stringify(old));
  write('metrics/help.ts', "export const help: string = 'Runs.';");
  write(
    'metrics/contract.ts',
    "import given from 'statuses';\nimport { help } from './help.ts';\nexport default { ...given, maxAgeMs: 1, metrics: Object.fromEntries(Object.entries(given.metrics).map(([key, metric]) => [key, { bounds: [], minMax: false, ...metric, help }])) };",
  );
  git('init', '--quiet');
  git('add', '.');
  git('commit', '--quiet', '--no-verify', '-m', 'first');
  write('metrics/contract.json', JSON.stringify(next));
  write('metrics/help.ts', "export const help: string = 'Finished runs.';");
  const tmp = join(folder, 'tmp');
  mkdirSync(tmp);
  const json = runCommand(['diff', 'git:HEAD:metrics/contract.json', 'metrics/contract.json'], root);
  assert.match(json.stdout, /1 breaking, 0 risky, 1 safe\n$/);
  const env = process.env.TMPDIR;
  process.env.TMPDIR = tmp;
  const module = runCommand(['diff', 'git:HEAD:./contract.ts', './contract.ts'], join(root, 'metrics'));
  if (env === undefined) delete process.env.TMPDIR;
  else process.env.TMPDIR = env;
  assert.match(module.stdout, /Runs\. → Finished runs\.[\s\S]*0 breaking, 0 risky, 2 safe\n$/, module.stderr);
  assert.deepEqual(readdirSync(tmp), []);
  assert.equal(git('status', '--porcelain').toString(), ' M metrics/contract.json\n M metrics/help.ts\n');
});

for (const condition of ['import', 'require', 'default'])
  test(`a package that exports only under ${condition} is found from the working directory`, () => {
    const root = join(folder, `under-${condition}`);
    const home = join(root, 'node_modules', 'exported');
    mkdirSync(home, { recursive: true });
    const exports = { './metrics': { [condition]: './metrics.mjs' } };
    writeFileSync(join(home, 'package.json'), JSON.stringify({ name: 'exported', exports }));
    writeFileSync(
      join(home, 'metrics.mjs'),
      `export default { name: 'app', metrics: {}, maxAgeMs: 60_000, accepts: {}, defaultFormat: 'text' };`,
    );
    const { status, stdout, stderr } = runCommand(['diff', 'exported/metrics', 'exported/metrics'], root);
    assert.deepEqual({ status, stdout }, { status: 0, stdout: 'No change.\n' }, stderr);
  });

/** @param argsOf gets the endpoint's URL */
async function againstEndpoint(respond: RequestListener, argsOf: (url: string) => readonly string[]) {
  const server = createServer(respond);
  await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  const out: string[] = [];
  const sink = new Writable({
    write(chunk, _encoding, done) {
      out.push(String(chunk));
      done();
    },
  });
  const url = `http://127.0.0.1:${typeof address === 'object' && address?.port}/metrics`;
  const code = await run(['diff', ...argsOf(url)], { stdout: sink, stderr: sink }).finally(() => server.close());
  return { code, out: out.join(''), url };
}

const runs = (status: string) =>
  `# TYPE app_runs_total counter\napp_runs_total{status="ok"} 1\napp_runs_total{status="${status}"} 1\n`;

test('a live endpoint is compared by what its page shows, and the rest is named', async () => {
  const page = `${runs('late')}# TYPE app_extra gauge\napp_extra 1\n`;
  const { code, out } = await againstEndpoint(
    (_request, response) => void response.setHeader('content-type', 'text/plain; version=0.0.4').end(page),
    (url) => [before, url, '--format', 'json'],
  );
  const { changes, notCompared } = JSON.parse(out);
  assert.deepEqual(
    changes.map(({ id }: { readonly id: string }) => id).toSorted(),
    ['app_extra/metric-added', broken, 'app_runs_total/value-added/status=late'].toSorted(),
  );
  assert.match(notCompared.join(), /does not show limits.*shows no app_queue; a series that does not start at 0/);
  assert.equal(code, 1);
});

/** As an endpoint that has a page of its own for each format, and none for anyone without the header. */
const choosy: RequestListener = ({ headers }, response) => {
  if (headers['x-scope-orgid'] !== '1') return void response.writeHead(403).end();
  const accept = headers.accept ?? '';
  if (accept.includes('openmetrics'))
    response.setHeader('content-type', 'application/openmetrics-text; version=1.0.0').end('no page\n');
  else response.setHeader('content-type', 'text/plain; version=0.0.4').end(runs('failed'));
};

test('an endpoint is asked with the headers given, for each format until one is well-formed', async () => {
  const header = ['--header', 'X-Scope-OrgID: 1'];
  const fine = await againstEndpoint(choosy, (url) => [before, url, ...header, '--format', 'json']);
  assert.deepEqual([fine.code, JSON.parse(fine.out).changes], [0, []], fine.out);
  const one = await againstEndpoint(choosy, (url) => [before, url, ...header, '--scrape-protocol', 'OpenMetricsText1.0.0']);
  assert.equal(one.code, 2);
  assert.ok(one.out.includes(`run meterbridge check ${one.url}`), one.out);
  const without = await againstEndpoint(choosy, (url) => [before, url]);
  assert.equal(without.code, 2);
  assert.match(without.out, /403/);
});

test('a wrong command line shows no header', async () => {
  const { code, out } = await againstEndpoint(choosy, (url) => [
    before,
    url,
    '--header',
    'Authorization: Bearer secret',
    '--nope',
  ]);
  assert.equal(code, 2);
  assert.match(out, /Unknown option '--nope'/);
  assert.doesNotMatch(out, /secret/);
});

test('an expired entry fails, also when no change has its id', async () => {
  const entry = (id: string, until: string) =>
    file('expired.yaml', `allow:\n  - id: ${id}\n    reason: Unused.\n    until: ${until}\n`);
  const expired = await runHere(['diff', before, after, '--allow-file', entry(broken, '2020-01-31')]);
  assert.equal(expired.status, 1);
  assert.match(expired.stderr, /expired\.yaml:2:5 .*allowed until this day/);
  assert.equal((await runHere(['diff', before, before, '--allow-file', entry(broken, '2020-01-31')])).status, 1);
  assert.equal((await runHere(['diff', before, before, '--allow-file', entry(broken, '9999-12-31')])).status, 0);
});
