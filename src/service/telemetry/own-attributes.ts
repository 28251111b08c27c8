/** What the service's own metrics say of the service: a resource where they are pushed, `target_info` where they are read. */
import { randomUUID } from 'node:crypto';
import { contract, identity, info } from '../../core/contract/index.ts';
import { labelPairs } from '../../core/naming/index.ts';
import type { OwnResource } from '../config/index.ts';

/** A new one at each start of the process, so that a restart is seen. */
const instance = randomUUID();

/** Attributes, with the Collector's defaults. */
export function ownAttributes({ attributes }: OwnResource, version: string): Readonly<Record<string, string>> {
  const byDefault = { 'service.name': 'meterbridge', 'service.version': version, 'service.instance.id': instance };
  const all = new Map<string, string | number | boolean | undefined>([...Object.entries(byDefault), ...attributes]);
  return Object.fromEntries(
    [...all].flatMap(([name, value]) => (value === undefined || name === '' ? [] : [[name, String(value)]])),
  );
}

/**
 * The labels of `target_info`. Prometheus takes a label without a value for none, and reserves names that begin with two
 * underscores.
 */
export function targetLabels(attributes: Readonly<Record<string, string>>): Readonly<Record<string, string>> {
  const pairs = labelPairs(Object.entries(attributes)).map(([name, value]) => [name.replace(/^__+/, '_'), value] as const);
  return Object.fromEntries(pairs.filter(([, value]) => value !== ''));
}

/** As long as an attribute may be. */
const mostBytes = 65_536;

/** `target_info`, with these labels. */
export function targetContract(labels: readonly string[]) {
  const label = identity({ limit: 1, maxBytes: mostBytes });
  const all = Object.fromEntries(labels.toSorted().map((name) => [name, label]));
  return contract('target', { info: info({ series: 'target_info', verbatim: true, help: 'Target metadata', labels: all }) });
}
