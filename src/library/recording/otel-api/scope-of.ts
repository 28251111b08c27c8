/**
 * A meter's scope in the store. An empty version or schema URL counts as absent (Metrics API, "Get a Meter": both are optional).
 */
import type { Scope } from '../../../core/store/store.ts';

export interface ScopeParts {
  readonly name: string;
  readonly version?: string | undefined;
  readonly schemaUrl?: string | undefined;
}

export function scopeOf({ name, version = '', schemaUrl = '' }: ScopeParts): Scope {
  return { name, ...(version === '' ? {} : { version }), ...(schemaUrl === '' ? {} : { schemaUrl }) };
}
