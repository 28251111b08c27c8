/**
 * `meterbridge storage` over directories that a service has left, or has: what it shows, checks, saves and sends, and that it
 * changes nothing.
 */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import {
  chmodSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { openDirectory } from '../../../src/service/storage/directory.ts';
import { folderFor } from '../../folder-for.ts';
import { startReceiver } from '../../service/exporters/otlp-http/receiver.ts';
import { batch, metric } from '../../service/exporters/otlp-http/rig.ts';
import { noOwnMetrics, startFrom } from '../../service/graph/rig.ts';
import { pointsAt } from '../../service/queue/stored-rig.ts';
import { send } from '../../service/receivers/otlp/http-client.ts';
import { command } from './run-command.ts';
import { runHere } from './run-here.ts';

/** At this second. */
const requestAt = (second: number) => batch(metric('m', second, 1)).bytes;
const exporter = 'otlp_http/far away';
const segment = (number: number) => `meterbridge-otlp_http.far.20.away-00000000000${number}.segment`;

interface Stored {
  readonly directory: string;
  /** Path of a segment: the first one has the seconds 1 to 5, the second one 6 to 8; 1 and 6 are done. */
  file(number: 1 | 2): string;
  close(): Promise<void>;
}

async function stored(t: TestContext): Promise<Stored> {
  const directory = folderFor(t)('stored');
  mkdirSync(directory);
  const open = async (seconds: readonly number[]) => {
    const place = await openDirectory({ directory, fsync: false, maxBytes: 0, waitMs: 0, warn: () => {} });
    const { log, close } = await place.open(exporter);
    const records = await Promise.all(seconds.map((second) => log.append(requestAt(second), 1)));
    log.done(records[0] as (typeof records)[0]);
    return async () => {
      await close();
      await place.close();
    };
  };
  await (await open([1, 2, 3, 4, 5]))();
  const close = await open([6, 7, 8]);
  return { directory, file: (number) => join(directory, segment(number)), close };
}

/** The seconds of the points in lines of JSON. */
function secondsIn(lines: string): readonly number[] {
  return lines
    .split('\n')
    .filter((line) => line !== '')
    .map((line) =>
      Number(
        BigInt(JSON.parse(line).resourceMetrics[0].scopeMetrics[0].metrics[0].sum.dataPoints[0].timeUnixNano) / 1_000_000_000n,
      ),
    );
}

function zeroFirstSector(file: string): void {
  const bytes = readFileSync(file);
  writeFileSync(file, bytes.fill(0, 0, 200));
}

const contents = (directory: string) =>
  readdirSync(directory).map((file) => [file, file.endsWith('.segment') && readFileSync(join(directory, file), 'hex')]);

test('what waits for whom since when, in a directory that is in use, and nothing is changed', async (t) => {
  const { directory, close } = await stored(t);
  t.after(close);
  const before = contents(directory);
  const { status, stdout, stderr } = await runHere(['storage', directory]);
  assert.deepEqual([status, stderr], [0, '']);
  const [heads = '', row = '', ...more] = stdout.trim().split('\n');
  assert.match(heads, /^EXPORTER +KIND +RECORDS +POINTS +BYTES +SINCE +FILES/);
  const bytes = 6 * requestAt(2).length;
  assert.match(row, new RegExp(`^otlp_http/far away +queue +6 +6 +${bytes} +1970-01-01T00:00:02.000Z +2 +\\d+ +0 +0$`));
  assert.deepEqual(more, []);
  const [json] = JSON.parse((await runHere(['storage', directory, '--format', 'json'])).stdout);
  assert.deepEqual([json.exporter, json.kind, json.records, json.since], [exporter, 'queue', 6, '1970-01-01T00:00:02.000Z']);
  assert.deepEqual(await runHere(['storage', directory, 'verify']), { status: 0, stdout: '', stderr: '' });
  const salvage = await runHere(['storage', directory, 'salvage']);
  assert.deepEqual(
    [salvage.stdout, salvage.stderr],
    ['', '0 requests with 0 points were written; no file is damaged, and --all takes what waits\n'],
  );
  assert.deepEqual(contents(directory), before);
});

test('verify names file, place and loss; a record that was cut off is none', async (t) => {
  const { directory, file, close } = await stored(t);
  await close();
  truncateSync(file(2), readFileSync(file(2)).length - 3);
  const cut = await runHere(['storage', directory, 'verify']);
  assert.equal(cut.status, 0);
  assert.match(
    cut.stdout,
    /000002\.segment: it ends within a record, \d+ bytes from byte \d+ on: cut off by a crash, or being written\n$/,
  );
  zeroFirstSector(file(1));
  renameSync(file(2), join(directory, segment(4)));
  symlinkSync('/dev/zero', join(directory, segment(5)));
  writeFileSync(join(directory, segment(6)), 'nothing');
  const { status, stdout } = await runHere(['storage', directory, 'verify']);
  assert.equal(status, 1);
  assert.match(stdout, /000001\.segment: \d+ bytes from byte 0 on are no record\n/);
  assert.match(stdout, /000004\.segment: 2 segments ahead of it are missing\n/);
  assert.match(stdout, /000005\.segment: it is left out: it is a link\n/);
  assert.match(stdout, /000006\.segment: no whole record is in it that is surely its own\n$/);
});

test('salvage writes the whole requests of damaged files, also of those that were set aside', async (t) => {
  const { directory, file, close } = await stored(t);
  await close();
  zeroFirstSector(file(1));
  const one = await runHere(['storage', directory, 'salvage']);
  const lost = one.stdout === '' ? [] : secondsIn(one.stdout);
  // The first sector has the head and the first record, which is done, and may have parts of the second one.
  assert.deepEqual(lost, [3, 4, 5]);
  assert.deepEqual([one.status, one.stderr], [0, '3 requests with 3 points were written\n']);
  assert.deepEqual(secondsIn((await runHere(['storage', directory, 'salvage', '--all'])).stdout), [3, 4, 5, 7, 8]);
  renameSync(file(1), `${file(1)}.damaged`);
  assert.deepEqual(secondsIn((await runHere(['storage', directory, 'salvage'])).stdout), [3, 4, 5]);
  const [json] = JSON.parse((await runHere(['storage', directory, '--format', 'json'])).stdout);
  assert.deepEqual([json.records, json.setAside], [2, 3]);
  const output = join(directory, 'lines.jsonl');
  assert.equal((await runHere(['storage', directory, 'salvage', '--output', output, '--exporter', exporter])).stdout, '');
  assert.deepEqual(secondsIn(readFileSync(output, 'utf8')), [3, 4, 5]);
  const again = await runHere(['storage', directory, 'salvage', '--output', output]);
  assert.equal(again.status, 2);
  assert.match(again.stderr, /--output: .*it is a new file that can be made \(.*EEXIST.*\)\. Fix: name another one/);
});

test('send posts them, and again where the receiver is busy; what it rejects is named', async (t) => {
  const { directory, file, close } = await stored(t);
  await close();
  zeroFirstSector(file(1));
  const receiver = await startReceiver(t, [
    { status: 503, headers: { 'retry-after': '0' } },
    { status: 200 },
    { status: 400 },
    { status: 200 },
  ]);
  const { status, stderr } = await runHere(['storage', directory, 'send', receiver.origin, '--header', 'X-Scope-OrgID: 7']);
  assert.equal(status, 1);
  assert.match(stderr, /sending fails and is tried again: /);
  assert.match(stderr, /a request is not accepted: .*400/);
  assert.match(stderr, /\n2 requests with 2 points were sent; 1 rejected, 0 unread, 0 left\n$/);
  assert.deepEqual(pointsAt(receiver), ['m 3 1', 'm 3 1', 'm 4 1', 'm 5 1']);
  assert.deepEqual([receiver.requests[0]?.path, receiver.requests[0]?.headers['x-scope-orgid']], ['/v1/metrics', '7']);
  assert.equal((await runHere(['storage', directory, 'send', `${receiver.origin}/v1/metrics`])).status, 0);
  assert.equal(receiver.requests.at(-1)?.path, '/v1/metrics');
});

test('series that are kept', async (t) => {
  const directory = folderFor(t)('kept');
  const yaml = `{receivers: {otlp: {protocols: {http: {endpoint: '127.0.0.1:0'}}}}, exporters: {prometheus: {endpoint: '127.0.0.1:0'}}, service: {pipelines: {metrics: {receivers: [otlp], exporters: [prometheus]}}, ${noOwnMetrics}}}`;
  const service = await startFrom(t, yaml, undefined, { keep: directory });
  const host = new URL(service.urls().find((url) => url.endsWith('/v1/metrics')) ?? '').host;
  const headers = { 'content-type': 'application/x-protobuf' };
  assert.equal((await send(host, { headers, body: Buffer.from(requestAt(2)) })).status, 200);
  const { stdout } = await runHere(['storage', directory]);
  assert.match(stdout, /^prometheus +series +1 +1 +\d+ +1970-01-01T00:00:02.000Z/m);
  assert.deepEqual(secondsIn((await runHere(['storage', directory, 'salvage', '--all'])).stdout), [2]);
  await service.shutdown();
  const [snapshot] = JSON.parse((await runHere(['storage', directory, '--format', 'json'])).stdout).filter(
    ({ kind }: { kind: string }) => kind === 'snapshot',
  );
  assert.deepEqual([snapshot.exporter, snapshot.points], ['prometheus', 1]);
  assert.ok(Math.abs(Date.parse(snapshot.since) - Date.now()) < 60_000);
  assert.match((await runHere(['storage', directory, 'salvage', '--all'])).stderr, /^0 requests/);
});

test('a wrong command line says what is right', async (t) => {
  const { directory, close } = await stored(t);
  await close();
  const cases: readonly (readonly [readonly string[], RegExp])[] = [
    [[], /DIR: got nothing; a directory is required/],
    [[join(directory, 'gone')], /DIR: .*ENOENT/],
    [[directory, 'repair'], /behind DIR comes verify, salvage or send/],
    [[directory, 'verify', 'more'], /nothing follows/],
    [[directory, 'send'], /URL: got nothing/],
    [[directory, 'send', 'ftp://user:secret@host'], /URL: got no http URL/],
    [[directory, '--exporter', 'other'], /--exporter: .*name one of these: otlp_http\/far away/],
    [[directory, '--format', 'xml'], /the format is table or json/],
  ];
  for (const [args, expected] of cases) {
    const { status, stderr } = await runHere(['storage', ...args]);
    assert.equal(status, 2, stderr);
    assert.match(stderr, expected);
    assert.doesNotMatch(stderr, /secret/);
  }
  rmSync(directory, { recursive: true });
  mkdirSync(directory);
  const nothing = { status: 0, stdout: '', stderr: 'no file of file_storage or --keep is there (meterbridge-….segment)\n' };
  assert.deepEqual(await runHere(['storage', directory]), nothing);
  assert.deepEqual(await runHere(['storage', directory, 'verify']), nothing);
});

test('files that this user may not read are named with a fix, whatever is asked; a directory, too', {
  skip: process.getuid?.() === 0 ? false : 'skipped: only root can be another user',
}, async (t) => {
  const { directory, file, close } = await stored(t);
  await close();
  // The path to the program is open to the user, and the files are not.
  for (let path = directory; path.startsWith(tmpdir()) && path !== tmpdir(); path = dirname(path)) chmodSync(path, 0o755);
  const asOther = (...args: readonly string[]) =>
    spawnSync(process.execPath, [...command, 'storage', directory, ...args], { encoding: 'utf8', uid: 12_345, gid: 12_345 });
  const line = `${file(1)}: it cannot be read (EACCES). Fix: run this as the user of the service\n`;
  for (const args of [[], ['salvage']]) {
    const { status, stderr } = asOther(...args);
    assert.equal(status, 1, stderr);
    assert.ok(stderr.includes(line), stderr);
  }
  const verified = asOther('verify');
  assert.deepEqual([verified.status, verified.stdout.includes(line)], [1, true]);
  chmodSync(directory, 0o700);
  const { status, stderr } = asOther();
  assert.equal(status, 2);
  assert.match(
    stderr,
    /DIR: .*EACCES.*Fix: name the directory of file_storage or --keep, and run this as the user of the service/,
  );
});
