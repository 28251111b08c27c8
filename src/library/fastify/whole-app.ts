import type { FastifyPluginAsync } from 'fastify';

/** As in `fastify-plugin`: applies its hooks to the surrounding app. */
export function forWholeApp(plugin: FastifyPluginAsync): FastifyPluginAsync {
  return Object.assign(plugin, { [Symbol.for('skip-override')]: true });
}
