/** The attributes that a view keeps, by their keys. */
import { latin1 } from '../../../core/node/latin1.ts';
import { encodeAttributes } from '../../../formats/otlp/value/attributes.ts';
import type { LabelsIn } from '../label-rules/read-labels.ts';
import { recordable } from './recordable-attributes.ts';

/** Whether a metric has the attribute of this key. */
export type KeepsKey = (key: string) => boolean;

/** The same where none is dropped. The value of one that is dropped is not read. Throws what a caller's getter throws. */
export function keptAttributes(given: unknown, keeps: KeepsKey): unknown {
  if (typeof given !== 'object' || given === null) return given;
  const keys = Object.keys(given);
  const kept = keys.filter(keeps);
  if (kept.length === keys.length) return given;
  return Object.fromEntries(kept.map((key) => [key, (given as Record<string, unknown>)[key]]));
}

/**
 * Of what a callback observed, the last for each set of attributes as it was passed. Only then a view drops some of them: what is
 * left adds up, but a set that is observed twice counts once.
 */
export function lastOfEach<T extends { readonly labels: LabelsIn }>(observations: readonly T[]): Iterable<T> {
  const last = new Map<unknown, T>();
  for (const one of observations) last.set(identityOf(one.labels) ?? one, one);
  return last.values();
}

function identityOf(labels: LabelsIn): string | undefined {
  try {
    return latin1(encodeAttributes(recordable(labels as never, () => {})));
  } catch {
    return undefined;
  }
}
