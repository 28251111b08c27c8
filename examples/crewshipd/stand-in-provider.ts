/**
 * A stand-in for a provider of language models, on this machine. It has no model: it repeats the words of the prompt. What is real are the
 * requests, the tokens that it counts and their pace; its prices are made up like anybody's.
 */
import { randomBytes } from 'node:crypto';
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';

export interface StandIn {
  readonly name: 'stand-in';
  readonly url: string;
  /** Its credential. */
  readonly key: string;
  costUsd(inputTokens: number, outputTokens: number): number;
  close(): Promise<void>;
}

/** US dollars a million tokens. */
const PRICE = { input: 3, output: 15 } as const;
/** A longer prompt is refused, as models do. */
const CONTEXT_TOKENS = 2_000;
const BODY_AT_MOST_BYTES = 64 * 1_024;
const MS_PER_TOKEN = 2;

export async function startStandIn(): Promise<StandIn> {
  const key = randomBytes(16).toString('hex');
  const server = createServer(async (request, response) => {
    const { status, body } = await complete(request, key).catch(() => ({ status: 400, body: { error: 'not a request that it reads' } }));
    response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return Object.freeze({
    name: 'stand-in',
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1/complete`,
    key,
    costUsd: (input, output) => (input * PRICE.input + output * PRICE.output) / 1e6,
    close() {
      server.closeAllConnections();
      return new Promise<void>((resolve) => server.close(() => resolve()));
    },
  } satisfies StandIn);
}

async function complete(request: IncomingMessage, key: string): Promise<{ status: number; body: object }> {
  if (request.headers.authorization !== `Bearer ${key}`) return { status: 401, body: { error: 'wrong key' } };
  let text = '';
  for await (const chunk of request.setEncoding('utf8')) {
    text += chunk;
    if (text.length > BODY_AT_MOST_BYTES) return { status: 413, body: { error: 'the request is too long' } };
  }
  const { prompt, maxTokens } = JSON.parse(text) as { prompt: string; maxTokens: number };
  const tokens = prompt.match(/\p{L}+|\p{N}+|[^\s\p{L}\p{N}]/gu) ?? [];
  if (tokens.length === 0 || tokens.length > CONTEXT_TOKENS) {
    return { status: 400, body: { error: `a prompt has 1 to ${CONTEXT_TOKENS} tokens, not ${tokens.length}` } };
  }
  const said: string[] = [];
  while (said.length < maxTokens && !request.socket.destroyed) {
    said.push(tokens[said.length % tokens.length] as string);
    await sleep(MS_PER_TOKEN);
  }
  return { status: 200, body: { text: said.join(' '), usage: { inputTokens: tokens.length, outputTokens: said.length } } };
}
