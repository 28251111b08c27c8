import { nearest } from '../../errors/nearest.ts';
import { shown } from '../../errors/shown.ts';
import { kindOf, type SectionEntry } from '../tree.ts';
import { below, placeOf, refuse } from './refuse.ts';
import {
  type Findings,
  type Key,
  type Keys,
  type NoLonger,
  type NotSupported,
  type Plain,
  type ReadValue,
  type Schema,
  type WithoutEffect,
  type Wrong,
  wrong,
} from './schema.ts';

/** The settings of a section: its keys as the file spells them, without those that are ignored or not supported. */
export type Settings<K extends Keys> = {
  readonly [N in keyof K as K[N] extends WithoutEffect | NotSupported | NoLonger ? never : N]: K[N] extends Schema<infer T>
    ? T
    : never;
};

/** For rules that concern several keys. */
export interface Checker {
  /**
   * @param path the key that breaks the rule, joined with dots, or a list where a key may have dots; empty for the section itself
   */
  refuse(path: string | readonly string[], got: string, rule: string, fix: string): void;
  warn(path: string | readonly string[], message: string): void;
  /** Whether the file has this key, with a value. */
  has(key: string): boolean;
  /** Whether the section has no keys at all. */
  readonly empty: boolean;
  /** The same for a section below this one. */
  below(key: string): Checker;
}

/**
 * A section of known keys. `check` holds its settings to further rules; it is not run where a required key is wrong, and sees the
 * default where another one is.
 * @param printed the settings that `print` writes, where some may not be written beside others; default: all
 */
export function section<const K extends Keys>(
  keys: K,
  check?: (settings: Settings<K>, on: Checker) => void,
  printed: (settings: Settings<K>) => object = (settings) => settings,
): Schema<Settings<K>> {
  const names = present(keys);
  const schemas = names.flatMap((name) => (isSchema(keys[name]) ? [[name, keys[name]] as const] : []));

  function read(given: ReadValue, findings: Findings): Settings<K> | Wrong {
    const entries = entriesOf(given, findings, names);
    if (entries === wrong) return wrong;
    for (const [name, entry] of entries) unknown(keys, name, entry, given, findings);
    const settings: Record<string, unknown> = {};
    let complete = true;
    for (const [name, schema] of schemas) {
      const value = settingOf(schema, entries.get(name), { ...given, keys: below(given, name) }, findings);
      if (value === wrong) complete = false;
      settings[name] = value;
    }
    if (!complete) return wrong;
    check?.(settings as Settings<K>, checkerOf(given, findings));
    return Object.freeze(settings) as Settings<K>;
  }

  function print(value: Settings<K>, unredacted: boolean): Plain {
    const settings = printed(value) as Readonly<Record<string, unknown>>;
    const written = schemas.filter(([name]) => Object.hasOwn(settings, name));
    const all = written.map(([name, schema]) => [name, schema.print(settings[name], unredacted)] as const);
    return Object.fromEntries(all.filter((entry): entry is [string, Plain] => entry[1] !== undefined));
  }

  return Object.freeze({
    type: 'section',
    required: schemas.some(([, schema]) => schema.required),
    byDefault: undefined,
    keys,
    read,
    absent: (given: ReadValue, findings: Findings) => read({ ...given, tree: { kind: 'nothing', at: given.tree.at } }, findings),
    print,
  });
}

/** The names of keys that there are. */
function present(keys: Keys): readonly string[] {
  return Object.keys(keys).filter((name) => isSchema(keys[name]) || keys[name]?.state !== 'no longer');
}

export function isSchema(key: Key | undefined): key is Schema<unknown> {
  return key !== undefined && !('state' in key);
}

const noEntries: ReadonlyMap<string, SectionEntry> = new Map();

function entriesOf(given: ReadValue, findings: Findings, names: readonly string[]): ReadonlyMap<string, SectionEntry> | Wrong {
  if (given.tree.kind === 'nothing') return given.tree.broken ? wrong : noEntries;
  if (given.tree.kind === 'section') return given.tree.entries;
  return refuse(
    given,
    findings,
    kindOf(given.tree),
    'it has keys below it',
    names.length === 0 ? 'leave it empty' : `use ${names.join(', ')}`,
  );
}

/** The value of one key. A wrong value counts as absent, so that the rest can be checked. */
function settingOf(schema: Schema<unknown>, entry: SectionEntry | undefined, given: ReadValue, findings: Findings): unknown {
  if (entry === undefined) return schema.absent(given, findings);
  const value = schema.read({ ...given, tree: entry.value }, findings);
  return value === wrong ? schema.absent(given, { problems: [], warnings: [] }) : value;
}

/** Reports a key that is ignored, is not supported, or does not exist. */
function unknown(keys: Keys, name: string, { at, value }: SectionEntry, given: ReadValue, findings: Findings): void {
  const key = Object.hasOwn(keys, name) ? keys[name] : undefined;
  if (isSchema(key)) return;
  const path = below(given, name);
  const location: ReadValue = { tree: { kind: 'nothing', at }, keys: path };
  if (key === undefined) {
    const names = present(keys);
    const near = nearest(name, names);
    const fix = near === undefined ? `use ${names.join(', ')}` : `write ${near}`;
    refuse(location, findings, shown(name), 'there is no such key', names.length === 0 ? 'leave it out' : fix);
  } else if (key.state === 'ignored') {
    key.schema.read({ tree: value, keys: path }, findings);
    findings.warnings.push(`${placeOf(at, path)}: this key is ignored here; ${key.why}`);
  } else if (key.state === 'no longer') {
    refuse(location, findings, shown(name), 'the Collector has this key no longer', key.why);
  } else if (value.kind !== 'nothing') {
    refuse(location, findings, shown(name), 'the Collector has this key, meterbridge serve has not', key.why);
  }
}

/** For rules that are not part of a schema. */
export function checkerOf(given: ReadValue, findings: Findings): Checker {
  function placed(path: string | readonly string[]): ReadValue {
    let { tree } = given;
    const keys = typeof path === 'string' ? path.split('.').filter((key) => key !== '') : path;
    for (const key of keys) tree = (tree.kind === 'section' && tree.entries.get(key)?.value) || tree;
    return { tree, keys: [given.keys, ...keys].filter((key) => key !== '').join('.') };
  }
  const { tree } = given;
  return {
    refuse: (path, value, rule, fix) => void refuse(placed(path), findings, value, rule, fix),
    warn(path, message) {
      const { tree, keys } = placed(path);
      findings.warnings.push(`${placeOf(tree.at, keys)}: ${message}`);
    },
    has: (key) => tree.kind === 'section' && (tree.entries.get(key)?.value.kind ?? 'nothing') !== 'nothing',
    empty: tree.kind !== 'section' || tree.entries.size === 0,
    below(key) {
      const entry = tree.kind === 'section' ? tree.entries.get(key) : undefined;
      return checkerOf({ tree: entry?.value ?? { kind: 'nothing', at: tree.at }, keys: below(given, key) }, findings);
    },
  };
}
