/**
 * Both lines of Fastify that `meterbridge/fastify` supports. The types are those of Fastify 5; `test/package/fastify-lines.ts`
 * compiles with those of 4.
 */
import { fastify } from 'fastify';
import { fastify as fastify4 } from 'fastify-4';

export const fastifyLines: readonly (readonly [name: string, create: typeof fastify])[] = [
  ['Fastify 5', fastify],
  ['Fastify 4', fastify4 as unknown as typeof fastify],
];
