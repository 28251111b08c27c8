/** Names with secret values, as a map or as a list of `{name, value}`: the Collector accepts both for headers. */
import { kindOf } from '../tree.ts';
import { map } from './collections.ts';
import { refuse } from './refuse.ts';
import { secret, text } from './scalars.ts';
import { type Findings, type ReadValue, type Schema, type Wrong, wrong } from './schema.ts';
import { section } from './section.ts';

const pair = section({ name: text({ example: 'write X-Scope-OrgID' }), value: secret({ default: '' }) });
const pairs = map(secret());

/**
 * A name may occur once in a list. The default is an empty map.
 * @param check the rule that a name or its value breaks, as "it …"
 */
export function secretPairs(
  check: (name: string, value: string) => string | undefined = () => undefined,
): Schema<ReadonlyMap<string, string>> {
  function hold(name: string, value: string, at: ReadValue, findings: Findings): void {
    const rule = check(name, value);
    if (rule !== undefined) refuse(at, findings, '[redacted]', rule, 'take the other characters out');
  }

  function readList({ tree, keys }: ReadValue, findings: Findings): ReadonlyMap<string, string> {
    const found = new Map<string, string>();
    for (const [index, item] of (tree.kind === 'list' ? tree.items : []).entries()) {
      const at: ReadValue = { tree: item, keys: `${keys}[${index}]` };
      const read = pair.read(at, findings);
      if (read === wrong) continue;
      if (found.has(read.name))
        refuse(at, findings, JSON.stringify(read.name), 'each name occurs once in the list', 'take one of the two out');
      else hold(read.name, read.value, { ...at, keys: `${at.keys}.${read.name}` }, findings);
      found.set(read.name, read.value);
    }
    return found;
  }

  function read(given: ReadValue, findings: Findings): ReadonlyMap<string, string> | Wrong {
    const { tree, keys } = given;
    if (tree.kind === 'list') return readList(given, findings);
    if (tree.kind === 'scalar')
      return refuse(
        given,
        findings,
        kindOf(tree),
        'it is a map, or a list of names and values',
        'write KEY: VALUE, or [{name: KEY, value: VALUE}]',
      );
    const found = pairs.read(given, findings);
    if (found !== wrong) for (const [name, value] of found) hold(name, value, { ...given, keys: `${keys}.${name}` }, findings);
    return found;
  }

  return Object.freeze({ ...pairs, type: 'map of secret, or list of {name, value}', read });
}
