/**
 * A stand-in for a provider of language models, on this machine. It has no model: it repeats the words of the prompt. The
 * requests, the tokens that it counts and their pace are real; its prices are made up.
 */
import { randomBytes } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import fastify from 'fastify';
import { bearer, jsonError, secret } from '../../src/access.ts';
import { fastifyGuard } from '../../src/fastify.ts';

export type StandIn = Awaited<ReturnType<typeof startStandIn>>;

/** US dollars a million tokens. */
const PRICE = { input: 3, output: 15 } as const;
/** A longer prompt is refused, as models do. */
const CONTEXT_TOKENS = 2_000;
const BODY_AT_MOST_BYTES = 64 * 1_024;
const MS_PER_TOKEN = 2;

const properties = { prompt: { type: 'string' }, maxTokens: { type: 'integer' } };
const schema = { body: { type: 'object', required: ['prompt', 'maxTokens'], properties } };

export async function startStandIn() {
  /** Its credential. */
  const key = randomBytes(16).toString('hex');
  const app = fastify({ bodyLimit: BODY_AT_MOST_BYTES, forceCloseConnections: true });
  app.addHook('onRequest', fastifyGuard({ gate: bearer(secret(key)), refusal: jsonError(401, 'wrong key') }));
  app.post<{ Body: { prompt: string; maxTokens: number } }>('/v1/complete', { schema }, async ({ body, raw }, reply) => {
    const tokens = body.prompt.match(/\p{L}+|\p{N}+|[^\s\p{L}\p{N}]/gu) ?? [];
    if (tokens.length === 0 || tokens.length > CONTEXT_TOKENS) {
      return reply.code(400).send({ message: `a prompt has 1 to ${CONTEXT_TOKENS} tokens, not ${tokens.length}` });
    }
    const words: string[] = [];
    while (words.length < body.maxTokens && !raw.socket.destroyed) {
      words.push(tokens[words.length % tokens.length] as string);
      await sleep(MS_PER_TOKEN);
    }
    return { text: words.join(' '), usage: { inputTokens: tokens.length, outputTokens: words.length } };
  });
  const url = `${await app.listen({ host: '127.0.0.1', port: 0 })}/v1/complete`;
  return Object.freeze({
    name: 'stand-in',
    url,
    key,
    costUsd: (input: number, output: number) => (input * PRICE.input + output * PRICE.output) / 1e6,
    close: () => app.close(),
  });
}
