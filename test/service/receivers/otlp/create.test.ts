/** The keys of the receiver, and where it listens. */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { bodyBytes, messageBytes, metricsPath } from '../../../../src/service/receivers/otlp/config.ts';
import { otlpReceiver } from '../../../../src/service/receivers/otlp/index.ts';
import { send } from './http-client.ts';
import { type Plain, readSettings, request, startReceiver } from './receiver.ts';

function settingsOf(given: Plain) {
  const { read, problems, warnings } = readSettings(given);
  if (typeof read === 'symbol' || problems.length > 0) throw new Error(JSON.stringify(problems));
  return { settings: read, warnings };
}

describe('the keys of otlp', () => {
  test('have the defaults of the Collector', () => {
    const { settings, warnings } = settingsOf({ protocols: { http: null, grpc: null } });
    const { http, grpc } = settings.protocols;
    assert.ok(http !== undefined && grpc !== undefined);
    assert.deepEqual(
      [http.endpoint, grpc.endpoint],
      [
        { host: 'localhost', port: 4318 },
        { host: 'localhost', port: 4317 },
      ],
    );
    assert.deepEqual(
      [bodyBytes(http), messageBytes(grpc), metricsPath(http)],
      [20 * 1024 * 1024, 4 * 1024 * 1024, '/v1/metrics'],
    );
    assert.deepEqual([http.idle_timeout, http.read_timeout, http.keep_alives_enabled, warnings], [0, 0, true, []]);
    assert.deepEqual(
      otlpReceiver.listens?.(settings).map(({ key, address }) => [key, address.port]),
      [
        ['protocols.http.endpoint', 4318],
        ['protocols.grpc.endpoint', 4317],
      ],
    );
  });

  test('are taken', () => {
    const { settings } = settingsOf({
      protocols: { http: { metrics_url_path: 'otlp/m', max_request_body_size: 0 }, grpc: { max_recv_msg_size_mib: 16 } },
    });
    const { http, grpc } = settings.protocols;
    assert.ok(http !== undefined && grpc !== undefined);
    assert.deepEqual([metricsPath(http), bodyBytes(http), messageBytes(grpc)], ['/otlp/m', 20 * 1024 * 1024, 16 * 1024 * 1024]);
  });

  test('may be ignored', () => {
    const { warnings } = settingsOf({
      protocols: { grpc: { max_concurrent_streams: 16, read_buffer_size: 524_288, include_metadata: true } },
    });
    assert.equal(warnings.length, 3);
    for (const warning of warnings) assert.match(warning, /is ignored here/);
  });

  const wrong: readonly [string, Plain, RegExp][] = [
    ['no protocol', { protocols: null }, /at least one protocol/],
    [
      'TLS without a key',
      { protocols: { http: { tls: { cert_file: 'x' } } } },
      /protocols\.http\.tls a server has key_file or key_pem/,
    ],
    [
      'TLS 1.1',
      { protocols: { grpc: { tls: { cert_file: 'x', key_file: 'y', min_version: '1.1' } } } },
      /min_version TLS 1\.0 and 1\.1 are not/,
    ],
    [
      'TLS of both forms',
      { protocols: { grpc: { tls: { cert_file: 'x', cert_pem: 'x', key_file: 'y' } } } },
      /it is cert_file or cert_pem/,
    ],
    [
      'versions the wrong way round',
      { protocols: { http: { tls: { cert_file: 'x', key_file: 'y', min_version: '1.3', max_version: '1.2' } } } },
      /at most max/,
    ],
    [
      'a key in a TPM',
      { protocols: { http: { tls: { cert_file: 'x', key_file: 'y', tpm: { enabled: true } } } } },
      /no key from a TPM/,
    ],
    [
      'insecure suites',
      { protocols: { http: { tls: { cert_file: 'x', key_file: 'y', include_insecure_cipher_suites: true } } } },
      /Go calls insecure/,
    ],
    [
      'a Unix socket without its path',
      { protocols: { grpc: { transport: 'unix' } } },
      /grpc\.endpoint .*a path, and this is HOST:PORT/,
    ],
    [
      'an empty path',
      { protocols: { http: { transport: 'unix', endpoint: '' } } },
      /http\.endpoint with transport: unix it is a path/,
    ],
    ['a path without transport', { protocols: { http: { endpoint: '/run/otlp.sock' } } }, /HOST:PORT.*transport: unix/],
    ['no address', { protocols: { http: { endpoint: 'nowhere' } } }, /http\.endpoint it is HOST:PORT.*write nowhere:4318/],
    [
      'a path of 108 bytes',
      { protocols: { http: { transport: 'unix', endpoint: `/${'ä'.repeat(53)}a` } } },
      /at most 107 bytes, and this one has 108/,
    ],
    ['an abstract socket', { protocols: { http: { transport: 'unix', endpoint: '@otlp' } } }, /without a file.*every user/],
    ['another transport', { protocols: { http: { transport: 'tcp4' } } }, /transport the Collector has it.*tcp or unix/],
    ['a path of traces with a query', { protocols: { http: { traces_url_path: '/t?a' } } }, /a path without/],
    [
      'an origin with two stars',
      { protocols: { http: { cors: { allowed_origins: 'https://*.*' } } } },
      /allowed_origins.*one \* at most/,
    ],
    [
      'a response header of two lines',
      { protocols: { http: { response_headers: { 'x-a': 'b\r\nc: d' } } } },
      /response_headers\.x-a a header is one line/,
    ],
    [
      'a response header without a name',
      { protocols: { http: { response_headers: { 'x a': 'b' } } } },
      /x a it is the name of a header/,
    ],
    [
      'a response header that a list has twice',
      { protocols: { http: { response_headers: [{ name: 'x-a', value: 'b' }, { name: 'x-a' }] } } },
      /response_headers\[1\] each name occurs once in the list/,
    ],
    [
      'a response header of two lines in a list',
      { protocols: { http: { response_headers: [{ name: 'x-a', value: 'b\nc' }] } } },
      /response_headers\[0\]\.x-a a header is one line/,
    ],
    [
      'a list of response headers as strings',
      { protocols: { http: { response_headers: ['x-a: b'] } } },
      /response_headers\[0\].*has keys below/,
    ],
    [
      'one string as response headers',
      { protocols: { http: { response_headers: 'x-a: b' } } },
      /response_headers it is a map, or a list/,
    ],
    ['an unknown encoding', { protocols: { http: { compression_algorithms: 'br' } } }, /compression_algorithms/],
    ['a misspelling', { protocols: { http: { endpont: 'localhost:1' } } }, /write endpoint/],
    ['a path with a query', { protocols: { http: { metrics_url_path: '/a?b' } } }, /a path without/],
  ];
  for (const [what, given, expected] of wrong)
    test(`refuse ${what}`, () => {
      const { problems } = readSettings(given);
      assert.match(problems.map(({ at, rule, fix }) => `${at} ${rule} ${fix}`).join('\n'), expected);
    });
});

describe('the receiver listens', () => {
  test('at 127.0.0.1 for localhost, without a warning', async (t) => {
    const receiver = await startReceiver(t, {
      http: { endpoint: 'localhost:0', metrics_url_path: '/m' },
      grpc: { endpoint: 'localhost:0' },
    });
    assert.match(receiver.listening.join(' '), /^http:\/\/127\.0\.0\.1:\d+\/m grpc:\/\/127\.0\.0\.1:\d+$/);
    assert.deepEqual(receiver.warnings, []);
    const sent = { headers: { 'content-type': 'application/x-protobuf' }, body: request(1) };
    assert.equal((await send(receiver.http, { ...sent, path: '/m?x=y' })).status, 200);
    assert.equal((await send(receiver.http, sent)).status, 404);
  });

  test('beyond loopback with one warning for each address', async (t) => {
    const { warnings } = await startReceiver(t, { http: { endpoint: '0.0.0.0:0' }, grpc: { endpoint: ':0' } });
    assert.equal(warnings.length, 2);
    assert.match(warnings[0] ?? '', /^receivers\.otlp\.protocols\.http\.endpoint: 0\.0\.0\.0:0 can be reached/);
    assert.match(warnings[1] ?? '', /^receivers\.otlp\.protocols\.grpc\.endpoint: :0 can be reached/);
  });

  test('nowhere where another one listens', async (t) => {
    const { grpc } = await startReceiver(t);
    await assert.rejects(startReceiver(t, { grpc: { endpoint: grpc } }), (error: Error) => {
      assert.match(error.message, /receivers\.otlp\.protocols\.grpc\.endpoint: got "127\.0\.0\.1:\d+"; the port must be free/);
      return true;
    });
  });
});
