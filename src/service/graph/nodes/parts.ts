/** What nodes of all kinds are made of. */
import { resolve } from 'node:path';
import type { Writable } from 'node:stream';
import type { StatusSource } from '../../../status/status-source.ts';
import type { Context, Extension, ExtensionContext, Factory, Kind } from '../../component.ts';
import type { CheckedComponent } from '../../config/index.ts';
import type { Keep } from '../../keep/open-keep.ts';
import type { Limits } from '../../limits.ts';
import type { MemoryBudget } from '../../memory/budget.ts';
import { withFields } from '../../telemetry/create-logger.ts';
import type { Logger } from '../../telemetry/logger.ts';
import { createRefusalLog } from '../../telemetry/refusal-log.ts';
import type { ServiceTally } from '../../telemetry/tally.ts';
import { createNodeFacts, type NodeFacts, notingAddresses, notingErrors } from '../../watch/node-facts.ts';
import { notingRefusals } from '../../watch/noting-refusals.ts';
import type { Watch } from '../../watch/watch.ts';
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
  readonly watch: Watch;
  /** What the page is made from. */
  readonly status: StatusSource;
  /** Where exporters keep their series. Undefined: they do not. */
  readonly keep: Keep | undefined;
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
    type: factory.type,
    settings: () => factory.schema.print(settings, false),
    text: JSON.stringify([factory.type, factory.schema.print(settings, true)]),
    addresses,
    files: (factory.files?.(settings) ?? []).map((path) => resolve(path)),
  };
}

/** @param id of a processor: with its pipeline */
export function givenOf(
  kind: Kind,
  id: string,
  { log, listening, fail, clock, limits, memory, extensions, configured = () => undefined, watch }: NodeOptions,
): { given: Context; facts: NodeFacts; gone(): void } {
  const facts = createNodeFacts(clock());
  const lines = withFields(log, { 'otelcol.component.id': id, 'otelcol.component.kind': kind });
  const own = notingErrors(lines, facts, clock);
  const refusals = createRefusalLog(lines);
  const extension = (name: string) => extensions.get(name);
  const refusal = notingRefusals(refusals.add, `${kind} ${id}`, watch, facts);
  const given = {
    id,
    log: own,
    refusal,
    listening: notingAddresses(listening, facts),
    fail,
    clock,
    limits,
    memory,
    extension,
    configured,
  };
  return { given, facts, gone: refusals.close };
}

/** The first error of a component is a line, and the points of further ones are counted. */
export function attemptOf(kind: 'exporter' | 'processor', id: string, { refusal }: Context): AttemptOptions {
  return {
    name: `${kind} ${id}`,
    failed: (error, points) => refusal('failed_points', `${id} has failed at a batch: ${String(error)}`, points),
  };
}
