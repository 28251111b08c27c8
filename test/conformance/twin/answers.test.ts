/** What both answer to requests, right and wrong. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { gunzipSync, zstdDecompressSync } from 'node:zlib';
import { statusOf } from '../../service/receivers/otlp/answers.ts';
import { call, session } from '../../service/receivers/otlp/grpc-client.ts';
import { type Sent, send } from '../../service/receivers/otlp/http-client.ts';
import { type HttpAnswer, httpCases } from './answers.ts';
import { grpcCases, reset } from './grpc-answers.ts';
import { askBoth, type Side, startTwin } from './twin.ts';

async function ask({ http }: Side, sent: Sent): Promise<HttpAnswer> {
  const { status, headers, body } = await send(http, sent);
  const type = headers['content-type'];
  const isStatus = status >= 400 && (type === 'application/json' || type === 'application/x-protobuf');
  const read = isStatus ? { code: statusOf(type, body).code, body: undefined } : { code: undefined, body: body.toString() };
  return { status, type, ...read };
}

/** RFC 8878, section 3.1.1. */
const zstdMagic = 0xfd2fb528;
/** Snappy's frames: an identifier, and what precedes the data of a chunk that is not compressed. */
const snappyMagic = Buffer.of(0xff, 0x06, 0, 0);
const snappyHeadBytes = 18;

/** Of a frame, uncompressed; the Collector compresses its answers where the client can. */
function messageOf(framed: Buffer): string {
  const message = framed.subarray(5);
  if (framed[0] !== 1) return message.toString();
  if (message.indexOf(snappyMagic) === 0) return message.subarray(snappyHeadBytes).toString();
  return (message.readUInt32LE() === zstdMagic ? zstdDecompressSync : gunzipSync)(message).toString();
}

test('the Collector and the service answer the same over HTTP, or as listed', async (t) => {
  const twin = await startTwin(t);
  if (twin === undefined) return;
  for (const [title, { sent, differs }] of Object.entries(httpCases))
    await t.test(title, async () => {
      const { collector, service } = await askBoth(twin, (side) => ask(side, sent));
      if (differs === undefined) return assert.deepEqual(service, collector);
      assert.notDeepEqual(service, collector, 'no difference');
      assert.deepEqual(collector, { ...service, ...differs.collector });
      assert.deepEqual(service, { ...collector, ...differs.service });
    });
});

test('the Collector and the service answer the same over gRPC, or as listed', async (t) => {
  const twin = await startTwin(t);
  if (twin === undefined) return;
  for (const [title, { headers, body, differs }] of Object.entries(grpcCases))
    await t.test(title, async (inner) => {
      const answers = await askBoth(twin, async ({ grpc }) => {
        const answer = await call(await session(inner, grpc), body, headers).catch(() => undefined);
        if (answer === undefined) return reset;
        return { status: answer.status, grpcStatus: answer.grpcStatus, body: messageOf(answer.body) };
      });
      if (differs === undefined) return assert.deepEqual(answers.service, answers.collector);
      assert.notDeepEqual(answers.service, answers.collector, 'no difference');
      assert.deepEqual(answers.collector, { ...answers.service, ...differs.collector });
      assert.deepEqual(answers.service, { ...answers.collector, ...differs.service });
    });
});
