/** Sends requests to one of the two. */
import assert from 'node:assert/strict';
import { send } from '../../service/receivers/otlp/http-client.ts';
import type { Request } from './requests.ts';
import type { Side, Twin } from './twin.ts';

export async function sendJson({ http, name }: Side, request: Request): Promise<void> {
  const { status, body } = await send(http, { headers: { 'content-type': 'application/json' }, body: JSON.stringify(request) });
  assert.equal(status, 200, `${name}: ${body}`);
}

/** One after the other, to each of the two. */
export async function sendToBoth({ collector, service }: Twin, requests: readonly Request[]): Promise<void> {
  const all = async (side: Side) => {
    for (const request of requests) await sendJson(side, request);
  };
  await Promise.all([all(collector), all(service)]);
}
