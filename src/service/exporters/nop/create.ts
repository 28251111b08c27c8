import type { Exporter } from '../../component.ts';

/** Takes everything and keeps nothing. */
export function createNop(): Exporter {
  return Object.freeze({ async start() {}, async shutdown() {}, consume: () => undefined });
}
