/** Answers are read as `node:http` reads them, however they are cut. */
import assert from 'node:assert/strict';
import { request } from 'node:http';
import type { Socket } from 'node:net';
import { Duplex } from 'node:stream';
import { test } from 'node:test';
import fc from 'fast-check';
import { AnswerReader } from '../../../src/push/otlp-http/answer-reader.ts';
import { NotHttp } from '../../../src/push/otlp-http/not-http.ts';

interface Read {
  readonly status: number;
  readonly statusText: string;
  readonly contentType: string | undefined;
  readonly retryAfter: string | undefined;
  readonly body: string;
}

/** Undefined: no answer, or not the whole of one. */
function asNodeReads(raw: Buffer): Promise<Read | undefined> {
  return new Promise((resolve) => {
    const socket = new Duplex({ read() {}, write: (_chunk, _encoding, done) => done() });
    const asked = request({ method: 'POST', createConnection: () => socket as Socket });
    asked.on('error', () => resolve(undefined));
    asked.on('upgrade', () => resolve(undefined));
    asked.on('response', (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.on('error', () => resolve(undefined));
      response.on('end', () =>
        resolve({
          status: response.statusCode ?? 0,
          statusText: response.statusMessage ?? '',
          contentType: response.headers['content-type'],
          retryAfter: response.headers['retry-after'],
          body: Buffer.concat(chunks).toString('latin1'),
        }),
      );
    });
    asked.end();
    socket.push(raw);
    socket.push(null);
  });
}

function asOursReads(pieces: readonly Buffer[]): Read | undefined {
  const reader = new AnswerReader();
  reader.reset();
  const whole = () => pieces.some((piece) => reader.read(piece)) || reader.end();
  try {
    if (!whole()) return undefined;
  } catch (error) {
    assert.ok(error instanceof NotHttp, String(error));
    return undefined;
  }
  const { status, statusText, retryAfter, answer } = reader;
  const body = Buffer.from(answer.bytes.buffer, answer.bytes.byteOffset, answer.bytes.length).toString('latin1');
  return { status, statusText, contentType: answer.contentType, retryAfter, body };
}

const body = fc.string({ unit: 'binary-ascii', maxLength: 300 });
const status = fc.constantFrom('200 OK', '200', '200 ', '204 No Content', '304 Not Modified', '400 Bad Request', '503 Service Unavailable');
const others = fc.subarray(
  ['Content-Type: application/x-protobuf', 'retry-after:  5 ', 'Date: today', 'X-Empty:', 'Keep-Alive: timeout=5'],
  {
    minLength: 0,
  },
);
const interim = fc.constantFrom(
  '',
  'HTTP/1.1 100 Continue\r\n\r\n',
  'HTTP/1.1 103 Early Hints\r\nlink: </a>\r\n\r\nHTTP/1.1 102 Processing\r\n\r\n',
);

/** What is skipped, extensions and trailers, may break the rules for what is in it. */
function answers(extensions: readonly string[], trailers: readonly string[]): fc.Arbitrary<Buffer> {
  const chunked = fc
    .tuple(fc.array(body, { maxLength: 4 }), fc.constantFrom(...extensions), fc.constantFrom(...trailers))
    .map(([parts, extension, trailer]) => {
      const chunks = parts.filter((part) => part !== '').map((part) => `${part.length.toString(16)}${extension}\r\n${part}\r\n`);
      return ['Transfer-Encoding: chunked', `${chunks.join('')}0${extension}\r\n${trailer}\r\n`] as const;
    });
  const framed = fc.oneof(
    body.map((text) => [`Content-Length: ${text.length}`, text] as const),
    chunked,
    body.map((text) => ['Connection: close', text] as const),
  );
  const version = fc.constantFrom('HTTP/1.1', 'HTTP/1.0');
  return fc.tuple(interim, version, status, others, framed).map(([before, http, line, fields, [framing, rest]]) => {
    const bodiless = line.startsWith('204') || line.startsWith('304');
    const head = [`${http} ${line}`, ...fields, ...(bodiless ? [] : [framing])].join('\r\n');
    return Buffer.from(`${before}${head}\r\n\r\n${bodiless ? '' : rest}`, 'latin1');
  });
}

function cut(bytes: Buffer, places: readonly number[]): Buffer[] {
  const ends = [...places.map((place) => place % (bytes.length + 1)), bytes.length].sort((a, b) => a - b);
  return ends.map((end, index) => bytes.subarray(ends[index - 1] ?? 0, end)).filter(({ length }) => length > 0);
}

test('answers are read as Node reads them, wherever they are cut', async () => {
  await fc.assert(
    fc.asyncProperty(
      answers(['', ';a=b', ';a="c"'], ['', 'x-sum: 1\r\n']),
      fc.array(fc.nat(), { maxLength: 12 }),
      async (bytes, places) => {
        const read = await asNodeReads(bytes);
        assert.notEqual(read, undefined);
        assert.deepEqual(asOursReads(cut(bytes, places)), read);
        assert.deepEqual(asOursReads([...bytes].map((byte) => Buffer.of(byte))), read);
      },
    ),
    { numRuns: 300 },
  );
});

test('an answer that is broken, or cut short, is read as Node reads it or not at all', async () => {
  const mutation = fc.tuple(fc.nat(), fc.constantFrom(...Buffer.from('\r\n :;0aF,/H\t\0\u00ff', 'latin1')));
  await fc.assert(
    fc.asyncProperty(answers([''], ['']), fc.array(mutation, { maxLength: 3 }), fc.nat(), async (bytes, mutations, end) => {
      const broken = Buffer.from(end % 3 === 0 ? bytes.subarray(0, end % bytes.length) : bytes);
      for (const [at, byte] of mutations) if (broken.length > 0) broken[at % broken.length] = byte;
      const ours = asOursReads([broken]);
      // Bytes behind the end are an error to Node, and here the end of the connection.
      if (ours !== undefined && asOursReads([broken.subarray(0, -1)]) === undefined)
        assert.deepEqual(ours, await asNodeReads(broken), JSON.stringify(broken.toString('latin1')));
    }),
    { numRuns: 1_000 },
  );
});

const refused: readonly [name: string, raw: string, message: RegExp][] = [
  ['a server of HTTP/2', '\0\0\x12\x04\0\0\0\0\0\0\x03\0\0\0', /is not HTTP\/1\.1/],
  ['a mail server', '220 mail ready\r\n', /is not HTTP\/1\.1/],
  ['another protocol', 'HTTP/1.1 101 Switching Protocols\r\n\r\n', /answer is 101/],
  ['two lengths', 'HTTP/1.1 200 OK\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nab', /Content-Length that is no number/],
  ['a length below 0', 'HTTP/1.1 200 OK\r\nContent-Length: -1\r\n\r\n', /Content-Length that is no number/],
  ['a folded line', 'HTTP/1.1 200 OK\r\nA: b\r\n c: d\r\n\r\n', /no header/],
  ['endless headers', `HTTP/1.1 200 OK\r\n${'A: b\r\n'.repeat(4_000)}`, /longer than 16384 bytes/],
  ['a chunk without a size', 'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n;a\r\n', /broken chunk/],
  ['a chunk of all memory', 'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nfffffffff\r\n', /broken chunk/],
  ['a chunk that is longer than it says', 'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1\r\nab', /broken chunk/],
  ['an endless extension', `HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1;${'a'.repeat(70_000)}`, /too many chunks/],
  ['an endless trailer', `HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n${'a: b\r\n'.repeat(20_000)}`, /too many chunks/],
];

for (const [name, raw, message] of refused)
  test(`${name} is refused`, () => {
    for (const pieces of [[Buffer.from(raw, 'latin1')], [...Buffer.from(raw, 'latin1')].map((byte) => Buffer.of(byte))]) {
      const reader = new AnswerReader();
      reader.reset();
      assert.throws(
        () => pieces.some((piece) => reader.read(piece)),
        (error) => error instanceof NotHttp && message.test(error.message),
      );
    }
  });

const kept: readonly [name: string, raw: string, keeps: boolean][] = [
  ['an answer with its length', 'HTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\na', true],
  ['an answer in chunks', 'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n', true],
  ['an answer without a body', 'HTTP/1.1 204 No Content\r\n\r\n', true],
  ['an answer of HTTP/1.0 that says so', 'HTTP/1.0 200 OK\r\nConnection: Keep-Alive\r\nContent-Length: 0\r\n\r\n', true],
  ['an answer of HTTP/1.0', 'HTTP/1.0 200 OK\r\nContent-Length: 0\r\n\r\n', false],
  ['an answer that says it is the last', 'HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 0\r\n\r\n', false],
  ['an answer with bytes behind it', 'HTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\nab', false],
  ['an answer in chunks with bytes behind it', 'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\nHTTP', false],
  ['an answer with two ends', 'HTTP/1.1 200 OK\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n', false],
];

for (const [name, raw, keeps] of kept)
  test(`${name} ${keeps ? 'keeps' : 'does not keep'} its connection`, () => {
    const reader = new AnswerReader();
    reader.reset();
    assert.ok(reader.read(Buffer.from(raw, 'latin1')));
    assert.equal(reader.keeps, keeps);
  });

test('of an endless answer, 64 KiB are kept', () => {
  for (const framing of ['Connection: close', 'Content-Length: 99999999999', 'Transfer-Encoding: chunked']) {
    const reader = new AnswerReader();
    reader.reset();
    reader.read(Buffer.from(`HTTP/1.1 500 Error\r\n${framing}\r\n\r\n${framing.endsWith('chunked') ? 'ffffffff\r\n' : ''}`, 'latin1'));
    const piece = Buffer.alloc(10_000, 'x');
    let read = 0;
    for (; !reader.read(piece); read++) assert.ok(read < 100);
    assert.deepEqual([reader.answer.whole, reader.answer.bytes.length, reader.keeps], [false, 65_536, false]);
  }
});
