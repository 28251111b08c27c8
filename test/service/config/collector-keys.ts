import { readFileSync } from 'node:fs';
import { parse } from 'yaml';

/** Kind, type, key, state. */
export type CollectorKeys = Readonly<Record<string, Readonly<Record<string, Readonly<Record<string, string>>>>>>;

export function collectorKeys(): CollectorKeys {
  return parse(readFileSync(new URL('../../fixtures/collector/keys.yaml', import.meta.url), 'utf8')) as CollectorKeys;
}
