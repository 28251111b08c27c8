/** `service.telemetry.resource`: what the service's own metrics say of the service. */
import {
  type Findings,
  type Infer,
  list,
  type Plain,
  type Schema,
  section,
  text,
  wrong,
} from '../../core/config/schema/index.ts';
import { got, placeOf, refuse } from '../../core/config/schema/refuse.ts';
import { textOf } from '../../core/config/schema/scalars.ts';
import type { ReadValue, Wrong } from '../../core/config/schema/schema.ts';
import { valueSchema } from '../../core/config/schema/value.ts';
import { kindOf } from '../../core/config/tree.ts';

export interface OwnResource {
  /** Replaces a default, or is added to them. Undefined: removes the default. */
  readonly attributes: ReadonlyMap<string, string | number | boolean | undefined>;
  /** Written as `attributes: [{name, value}]`, and not as keys. */
  readonly listed: boolean;
}

const scalar = valueSchema<string | number | boolean>({
  type: 'string, number or flag',
  zero: '',
  rule: 'it is a string, a number or a flag',
  example: 'write it in quotes',
  read: ({ tree }) => (tree.kind === 'scalar' && !(tree.value instanceof Date) ? tree.value : undefined),
  print: (value) => value,
});
const listed = list(section({ name: text({ example: 'write service.name' }), value: scalar }));

const asList = 'write attributes: [{name: service.name, value: NAME}]';

const ignored: ReadonlyMap<string, string> = new Map([
  ['schema_url', 'what is pushed names no schema'],
  ['detectors', 'nothing is detected'],
  ['detection/development', 'nothing is detected'],
]);

export function ownResource(): Schema<OwnResource> {
  return Object.freeze({
    type: 'map of string, or attributes: [{name, value}]',
    required: false,
    byDefault: {},
    absent: () => none,
    read,
    print,
  });
}

const none: OwnResource = Object.freeze({ attributes: new Map(), listed: false });

function read(given: ReadValue, findings: Findings): OwnResource | Wrong {
  const { tree, keys } = given;
  if (tree.kind === 'nothing') return tree.broken ? wrong : none;
  if (tree.kind !== 'section') return refuse(given, findings, kindOf(tree), 'it has keys below it', 'write service.name: NAME');
  const attributes = new Map<string, string | number | boolean | undefined>();
  for (const [name, { at, value }] of tree.entries) {
    const key = `${keys}.${name}`;
    const why = ignored.get(name);
    if (name === 'attributes') continue;
    if (why !== undefined) findings.warnings.push(`${placeOf(at, key)}: this key is ignored here; ${why}`);
    else if (name === 'attributes_list')
      refuse({ tree: value, keys: key }, findings, kindOf(value), 'it is written as attributes', asList);
    else attributes.set(name, inline({ tree: value, keys: key }, findings));
  }
  const entry = tree.entries.get('attributes');
  if (entry === undefined || entry.value.kind === 'nothing') return Object.freeze({ attributes, listed: false });
  if (attributes.size > 0) {
    const rule = 'attributes have one form';
    return refuse(
      { tree: entry.value, keys: `${keys}.attributes` },
      findings,
      `${[...attributes.keys()][0]} beside it`,
      rule,
      asList,
    );
  }
  const items = listed.read({ tree: entry.value, keys: `${keys}.attributes` }, findings);
  return items === wrong ? wrong : Object.freeze({ attributes: mapOf(items), listed: true });
}

function mapOf(items: Infer<typeof listed>): ReadonlyMap<string, string | number | boolean> {
  return new Map(items.map(({ name, value }) => [name, value]));
}

/** A null takes a default out. */
function inline(given: ReadValue, findings: Findings): string | undefined {
  const { tree } = given;
  if (tree.kind === 'nothing') return undefined;
  const value = textOf(tree);
  if (value !== undefined) return value;
  refuse(given, findings, got(tree), 'it is a string, or null, which takes a default out', 'write it in quotes');
  return undefined;
}

function print({ attributes, listed: inList }: OwnResource): Plain {
  if (!inList) return Object.fromEntries([...attributes].map(([name, value]) => [name, value ?? null]));
  return { attributes: [...attributes].map(([name, value]) => ({ name, value: value ?? null })) };
}
