/** What keeps a host from its start is said in the user's words: the setting or file, what is wrong, and what to do. */
import assert from 'node:assert/strict';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { type AddressInfo, createServer } from 'node:net';
import { delimiter, dirname, join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { type TestContext, test } from 'node:test';
import { requirePeer } from '../conformance/peers.ts';
import { sampleOf, testInFull } from '../full.ts';
import { until } from '../until.ts';
import { folderWith, startExample } from './example.ts';

interface Start {
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string>>;
}

interface Case {
  readonly host: string;
  /** How the user knows its port. */
  readonly port: string;
  readonly database?: string;
  /** With this data folder, and any free port unless there is one. */
  start(t: TestContext, data: string, port?: number): Start | undefined;
}

const cases: readonly Case[] = sampleOf([
  {
    host: 'runwisp',
    port: '--port',
    database: 'runs.db',
    start: (t, data, port = 0) => {
      const { file } = folderWith(t, 'runwisp.toml', '');
      return { args: ['--config', file, '--data', data, '--port', String(port)], env: {} };
    },
  },
  {
    host: 'crewshipd',
    port: 'CREWSHIP_PORT',
    database: 'crewship.db',
    start: (_t, data, port = 0) => ({ args: [], env: { CREWSHIP_DATA_DIR: data, CREWSHIP_PORT: String(port) } }),
  },
  {
    host: 'restic-manager',
    port: '--port',
    database: 'fleet.db',
    start: (t, data, port = 0) => {
      const restic = requirePeer(t, 'restic');
      if (restic === undefined) return undefined;
      const { file } = folderWith(t, 'restic-manager.yaml', 'every: 1h\n');
      const env = { PATH: [dirname(restic), process.env.PATH].join(delimiter) };
      return { args: ['--config', file, '--data', data, '--port', String(port)], env };
    },
  },
  {
    host: 'solti',
    port: '--port',
    start: (t, _data, port = 0) => {
      const { file } = folderWith(t, 'solti.toml', '');
      return { args: ['--config', file, '--port', String(port)], env: {} };
    },
  },
  { host: 'wasmrun', port: '--port', start: (_t, _data, port = 0) => ({ args: ['--port', String(port)], env: {} }) },
] satisfies readonly Case[]);

/** Its last words. */
async function refused(t: TestContext, host: string, { args, env }: Start): Promise<string> {
  const daemon = startExample(t, [host, ...args], env);
  assert.equal(await daemon.ended, 1);
  assert.equal(daemon.stdout(), '');
  return daemon.stderr();
}

for (const { host, port, start } of cases) {
  test(`${host}: a port that is taken`, async (t) => {
    const other = createServer().listen(0, '127.0.0.1');
    t.after(() => other.close());
    await until('listening', () => other.listening);
    const taken = (other.address() as AddressInfo).port;
    const given = start(t, folderWith(t, 'empty', '').folder, taken);
    if (given === undefined) return;
    const said = await refused(t, host, given);
    assert.ok(
      said.includes(`${port}: got ${taken}; the port must be free. Fix: stop what listens there, or choose another.`),
      said,
    );
    assert.doesNotMatch(said, /EADDRINUSE/);
  });
}

for (const { host, database, start } of cases) {
  if (database === undefined) continue;
  test(`${host}: a data folder below a file`, async (t) => {
    const { file } = folderWith(t, 'file', '');
    const given = start(t, join(file, 'data'));
    if (given === undefined) return;
    const said = await refused(t, host, given);
    assert.ok(said.includes(`${join(file, 'data')}: got ENOTDIR; the data folder can be made`), said);
  });

  test(`${host}: a file that is no database`, async (t) => {
    const { folder, file } = folderWith(t, database, 'This is no database, whatever its name. '.repeat(20));
    const given = start(t, folder);
    if (given === undefined) return;
    assert.ok((await refused(t, host, given)).includes(`${file}: got "file is not a database"; `));
  });

  test(`${host}: a database that can only be read`, async (t) => {
    const { folder } = folderWith(t, 'empty', '');
    const path = join(folder, database);
    new DatabaseSync(path).exec('CREATE TABLE a (b); PRAGMA user_version = 1');
    const bytes = readFileSync(path);
    // "If the write version is greater than 2, the database file is read-only" (SQLite's file format, section 1.3.3); holds for
    // root as well.
    bytes[18] = 3;
    writeFileSync(path, bytes);
    const given = start(t, folder);
    if (given === undefined) return;
    const said = await refused(t, host, given);
    assert.ok(said.includes(`${path}: got "attempt to write a readonly database"; `), said);
  });
}

for (const { host, start } of cases) {
  test(`${host}: what to write for a port is its own`, async (t) => {
    const own = { runwisp: 9477, crewshipd: 8080, 'restic-manager': 8080, solti: 9480, wasmrun: 8430 }[host];
    const given = start(t, folderWith(t, 'empty', '').folder, 65_536);
    if (given === undefined) return;
    assert.ok((await refused(t, host, given)).includes(`Fix: write e.g. ${own}.`));
  });
}

testInFull("solti: what to write for the metrics' listener is not RunWisp's", async (t) => {
  const { file } = folderWith(t, 'solti.toml', '');
  const said = await refused(t, 'solti', { args: ['--config', file], env: { SOLTI_METRICS_LISTEN: 'nowhere' } });
  assert.match(said, /SOLTI_METRICS_LISTEN: got "nowhere"; .* as in "127\.0\.0\.1:9481"/);
});

test('an empty RUNWISP_TOKEN is no token, and the log says so', async (t) => {
  const { file } = folderWith(t, 'runwisp.toml', '[daemon]\nport = 0\ntoken = "of the file"\n');
  const daemon = startExample(t, ['runwisp', '--config', file], { RUNWISP_TOKEN: '' });
  await daemon.ready();
  await until('told', () => daemon.stderr().includes('no token: tasks cannot be started over HTTP'));
  assert.equal(await daemon.stop(), 0);
});

const secrets = { OTEL_EXPORTER_OTLP_HEADERS: 'a=s3cret', OTEL_EXPORTER_OTLP_METRICS_HEADERS: 'a=s3cret' };
for (const [host, tasks, token] of sampleOf([
  ['runwisp', '[services.web]\nrun = "env > seen.new; mv seen.new seen; exec sleep 600"\n', 'RUNWISP_TOKEN'],
  ['solti', '[tasks.a]\nrunner = "subprocess"\ncommand = ["sh", "-c", "env > seen.new; mv seen.new seen"]\n', 'SOLTI_TOKEN'],
] as const)) {
  test(`${host}: its tasks inherit no secret of the daemon`, async (t) => {
    const { folder, file } = folderWith(t, `${host}.toml`, `[daemon]\nport = 0\n${tasks}`);
    const env = { ...secrets, [token]: 's3cret', ORDINARY: 'inherited' };
    const daemon = startExample(t, [host, '--config', file], env);
    await daemon.ready();
    await until('seen', () => existsSync(join(folder, 'seen')));
    const seen = readFileSync(join(folder, 'seen'), 'utf8');
    assert.match(seen, /^ORDINARY=inherited$/m);
    assert.doesNotMatch(seen, /s3cret/);
    assert.equal(await daemon.stop(), 0);
  });
}
