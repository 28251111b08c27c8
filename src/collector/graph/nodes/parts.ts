/** What nodes of all kinds are made of. */
import { resolve } from 'node:path';
import type { Writable } from 'node:stream';
import type { Context, Extension, ExtensionContext, Factory, Kind } from '../../component.ts';
import type { CheckedComponent } from '../../config/index.ts';
import type { Limits } from '../../limits.ts';
import type { MemoryBudget } from '../../memory/budget.ts';
import { withFields } from '../../telemetry/create-logger.ts';
import type { Logger } from '../../telemetry/logger.ts';
import { createRefusalLog } from '../../telemetry/refusal-log.ts';
import type { ServiceTally } from '../../telemetry/tally.ts';
import type { AttemptOptions } from '../attempt.ts';
import type { NodeParts } from './node.ts';

export interface NodeOptions {
  readonly log: Logger;
  readonly tally: ServiceTally;
  readonly stdout: Writable;
  readonly stderr: Writable;
  readonly clock: () => number;
  readonly limits: Limits;
  readonly memory: MemoryBudget;
  readonly listening: (where: string) => void;
  readonly fail: (error: Error) => void;
  readonly reload: ExtensionContext['reload'];
  /** The extensions at work. */
  readonly extensions: Map<string, Extension>;
  /** Those of the graph that is built. */
  configured?(id: string): Extension | undefined;
}

/** @param within of a processor: its pipeline */
export function partsOf(kind: Kind, { id, factory, settings }: CheckedComponent<Factory>, within = ''): Omit<NodeParts, 'make'> {
  const addresses = (factory.listens?.(settings) ?? []).map(({ address }) => address);
  return {
    kind,
    id,
    name: `${kind} ${id}${within}`,
    text: JSON.stringify([factory.type, factory.schema.print(settings, true)]),
    addresses,
    files: (factory.files?.(settings) ?? []).map((path) => resolve(path)),
  };
}

/** @param id of a processor: with its pipeline */
export function givenOf(
  kind: Kind,
  id: string,
  { log, listening, fail, clock, limits, memory, extensions, configured = () => undefined }: NodeOptions,
): { given: Context; gone(): void } {
  const own = withFields(log, { 'otelcol.component.id': id, 'otelcol.component.kind': kind });
  const refusals = createRefusalLog(own);
  const extension = (name: string) => extensions.get(name);
  return {
    given: { id, log: own, refusal: refusals.add, listening, fail, clock, limits, memory, extension, configured },
    gone: refusals.close,
  };
}

/** The first error of a component is a line, and the points of further ones are counted. */
export function attemptOf(kind: 'exporter' | 'processor', id: string, { refusal }: Context): AttemptOptions {
  return {
    name: `${kind} ${id}`,
    failed: (error, points) => refusal('failed_points', `${id} has failed at a batch: ${String(error)}`, points),
  };
}
