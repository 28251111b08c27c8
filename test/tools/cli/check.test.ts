/** `meterbridge check` against servers and files. */
import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { createServer as createSecureServer } from 'node:https';
import { test } from 'node:test';
import { gzipSync } from 'node:zlib';
import { folderFor } from '../../folder-for.ts';
import { certificate } from '../../net/web-config/good-cases.ts';
import { check, checkProcess, serve, url } from './check/process.ts';

const clean = '# HELP a_total Things.\n# TYPE a_total counter\na_total 1\n';
const openMetrics = '# HELP a Things.\n# TYPE a counter\na_total 1\n# EOF\n';
const plain = { 'content-type': 'text/plain; version=0.0.4' };

test('an endpoint in the formats that it has', async (t) => {
  const accepted: (string | undefined)[] = [];
  const at = await url(t, ({ headers }, response) => {
    accepted.push(headers.accept);
    const isOpen = headers.accept?.startsWith('application/openmetrics-text') === true;
    response.writeHead(200, isOpen ? { 'content-type': 'application/openmetrics-text; version=1.0.0' } : plain);
    response.end(isOpen ? openMetrics : clean);
  });
  const { code, stdout } = await checkProcess(at);
  assert.equal(code, 0, stdout);
  assert.match(stdout, /\(openmetrics\).*\(text\)/);
  assert.equal(accepted[1], 'text/plain;version=0.0.4;q=0.6,*/*;q=0.5');
  assert.equal(accepted.length, 3);
});

test('what is wrong is found: exit code 1, and as JSON', async (t) => {
  const at = await url(t, (_, response) => response.writeHead(200, plain).end('# TYPE hosts_total gauge\nhosts_total 1\n'));
  const { code, stdout } = await check(at, '--format', 'json');
  assert.equal(code, 1);
  const { findings } = JSON.parse(stdout) as { readonly findings: readonly { readonly id: string }[] };
  assert.deepEqual(findings.map(({ id }) => id).sort(), ['help-missing', 'total-suffix']);
  assert.equal((await check(at, '--fail-on', 'error')).code, 0);
});

test('a wrong content type, which Prometheus 3 rejects', async (t) => {
  const at = await url(t, (_, response) => response.writeHead(200, { 'content-type': 'text/html' }).end(clean));
  const { code, stdout } = await check(at);
  assert.equal(code, 1);
  assert.match(stdout, /error: content-type/);
});

test('headers and tokens go to the endpoint, not to another origin, and not into messages', async (t) => {
  const seen: (string | undefined)[] = [];
  const other = await url(t, ({ headers }, response) => {
    seen.push(headers.authorization, headers['x-key']?.toString());
    response.writeHead(200, plain).end(clean);
  });
  const at = await url(t, ({ headers, url: path }, response) => {
    if (headers.authorization !== 'Bearer hush' || headers['x-key'] !== 'psst') response.writeHead(401).end();
    else if (path === '/moved') response.writeHead(302, { location: other }).end();
    else response.writeHead(200, plain).end(clean);
  });
  const token = folderFor(t)('token', 'hush\n');
  const own = ['--bearer-file', token, '--header', 'X-Key: psst'];
  assert.equal((await check(at, ...own)).code, 0);
  assert.equal((await check(at.replace('/metrics', '/moved'), ...own)).code, 0);
  assert.ok(seen.length > 0 && seen.every((value) => value === undefined));
  const refused = await check(at.replace('http://', 'http://user:hidden@'), '--header', 'X-Key: psst');
  assert.equal(refused.code, 2);
  assert.match(refused.stderr, /got 401 Unauthorized/);
  assert.doesNotMatch(refused.stderr, /psst|hidden|hush/);
});

test('too many redirections', async (t) => {
  const at = await url(t, (_, response) => response.writeHead(307, { location: '/metrics' }).end());
  const { code, stderr } = await check(at);
  assert.equal(code, 2);
  assert.match(stderr, /more than 10 redirections/);
});

test('a response that does not end', async (t) => {
  const at = await url(t, (_, response) => void response.writeHead(200, plain).write(clean));
  const { code, stderr } = await checkProcess(at, '--timeout', '0.5');
  assert.equal(code, 2);
  assert.match(stderr, /no complete response within 0.5 s/);
});

test('an endpoint that is not ready yet', async (t) => {
  let asked = 0;
  const at = await url(
    t,
    (_, response) => void (asked++ < 2 ? response.writeHead(503).end() : response.writeHead(200, plain).end(clean)),
  );
  assert.equal((await check(at, '--wait', '60')).code, 0);
});

test('gzip, and more of it than allowed', async (t) => {
  const zipped = gzipSync(clean + '\n'.repeat(1_000_000));
  const at = await url(t, (_, response) => response.writeHead(200, { ...plain, 'content-encoding': 'gzip' }).end(zipped));
  assert.equal((await check(at, '--max-bytes', '2000000')).code, 0);
  const { code, stderr } = await check(at, '--max-bytes', '100000');
  assert.equal(code, 2);
  assert.match(stderr, /more than 100000 bytes/);
});

test('TLS: an authority of its own, a client certificate', async (t) => {
  const tls = { cert: certificate('server.pem'), key: certificate('server.key.pem'), ca: certificate('authority.pem') };
  const server = createSecureServer({ ...tls, requestCert: true, rejectUnauthorized: true }, (_, response) =>
    response.writeHead(200, plain).end(clean),
  );
  const at = `https://127.0.0.1:${await serve(t, server)}/metrics`;
  const file = (name: string) => new URL(`../../net/web-config/certificates/${name}`, import.meta.url).pathname;
  const client = ['--cert-file', file('client.pem'), '--key-file', file('client.key.pem')];
  assert.equal((await check(at, ...client)).code, 2);
  assert.equal((await check(at, '--insecure-skip-verify', ...client)).code, 0);
  assert.equal((await check(at, '--insecure-skip-verify')).code, 2);
  assert.equal((await check(at, '--ca-file', file('other-authority.pem'), ...client)).code, 2);
  assert.equal((await check(at, '--ca-file', file('authority.pem'), '--server-name', 'localhost', ...client)).code, 0);
});

test('twice: a total that fell', async (t) => {
  let value = 10;
  const at = await url(t, (_, response) =>
    response.writeHead(200, plain).end(`# HELP a_total A.\n# TYPE a_total counter\na_total ${value--}\n`),
  );
  const { code, stdout } = await check(at, '--twice', '0.1', '--scrape-protocol', 'PrometheusText0.0.4');
  assert.equal(code, 1);
  assert.match(stdout, /error: total-fell a_total/);
});

test('files: gzip, exceptions, control characters', async (t) => {
  const folder = folderFor(t);
  const page = folder('page.prom.gz');
  writeFileSync(page, gzipSync('# HELP b B.\n# TYPE b gauge\nb{instance="\u001b[31m"} 1\nb_total 1\n'));
  const entry = (id: string) => `  - id: ${id}\n    family: b_total\n    reason: old\n    until: 9999-12-31\n`;
  const accept = folder('accept.yml', `accept:\n${entry('help-missing')}${entry('type-missing')}`);
  const { code, stdout } = await check(page, '--accept', accept);
  assert.equal(code, 0, stdout);
  assert.ok(!stdout.includes('\u001b'));
  assert.equal((await check(page)).code, 1);
});

for (const [what, args] of [
  ['nothing', []],
  ['a wrong format', ['x.prom', '--format', 'xml']],
  ['a header without a colon', ['http://127.0.0.1:1/', '--header', 'secret']],
  ['a file twice', ['x.prom', '--twice', '1']],
  ['a contract that is none', ['x.prom', '--contract', 'nothing']],
] as const) {
  test(`exit code 2: ${what}`, async () => {
    const { code, stderr } = await check(...args);
    assert.equal(code, 2);
    assert.doesNotMatch(stderr, /secret/);
  });
}
