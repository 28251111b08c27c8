import type { Key, Plain, Schema } from './schema.ts';
import { isSchema } from './section.ts';

/** One key of a schema, for documentation. */
export interface KeyRow {
  /**
   * From the component's section: `protocols.http.endpoint`; `[]` for each item of a list, `*` for a key that the user chooses.
   */
  readonly key: string;
  readonly type: string;
  /** Undefined: none. */
  readonly byDefault: Plain | undefined;
  readonly required: boolean;
  readonly state: 'supported' | 'ignored' | 'not supported';
  /** Why a key is ignored, or what to do instead of using one that is not supported. */
  readonly why: string | undefined;
}

/** Every key that a schema names, in its order. */
export function keyRows(schema: Schema<unknown>, above = ''): readonly KeyRow[] {
  const below = (name: string) => (above === '' ? name : `${above}.${name}`);
  if (schema.keys !== undefined) return Object.entries(schema.keys).flatMap(([name, key]) => rowsOf(key, below(name)));
  const inner = schema.each;
  if (inner === undefined) return [];
  return keyRows(inner, schema.type.startsWith('list') ? `${above}[]` : below('*'));
}

function rowsOf(key: Key, path: string): readonly KeyRow[] {
  if (!isSchema(key)) {
    if (key.state === 'no longer') return [];
    const type = key.state === 'ignored' ? key.schema.type : '';
    return [{ key: path, type, byDefault: undefined, required: false, state: key.state, why: key.why }];
  }
  const inner = keyRows(key, path);
  const { type, byDefault, required } = key;
  const own: KeyRow = { key: path, type, byDefault, required, state: 'supported', why: undefined };
  // A section that is always there is no choice of its own.
  return key.keys !== undefined && inner.length > 0 && !key.isOptional ? inner : [own, ...inner];
}
