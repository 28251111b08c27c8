/** The page of a bridge. */
import assert from 'node:assert/strict';
import type { Bridge } from '../../../src/index.ts';

export async function scrape(bridge: Pick<Bridge, 'scrape'>, accept = 'text/plain;version=0.0.4'): Promise<string> {
  const header = (name: string) => (name === 'accept' ? accept : undefined);
  const reply = await bridge.scrape({ method: 'GET', path: '/metrics', query: new URLSearchParams(), header, peer: '127.0.0.1' });
  assert.equal(reply.status, 200);
  return new TextDecoder().decode(reply.body);
}
