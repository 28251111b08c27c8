/** What is said of metrics whose exposed names meet. */
import { shown } from '../../../core/errors/shown.ts';
import { isBareName, type Kind } from '../../../core/naming/index.ts';

/** A metric that wants a name. */
interface Producer {
  readonly name: string;
  readonly kind: Kind;
  readonly from: string;
  readonly scope: string;
}

/** An exposed name as a message has it: in quotes where it is not an ordinary one. */
export function nameShown(name: string): string {
  return isBareName(name) ? name : shown(name);
}

/** Both producers, as a message names them: their resources, or where these are the same, their scopes. */
function difference(one: Producer, other: Producer): readonly [string, string] {
  const named = ({ from, scope }: Producer) =>
    one.from === other.from && one.scope !== other.scope ? `${scope} of ${from}` : from;
  return [named(one), named(other)];
}

/** `wanted` is not shown. `conflicting`: the name that `owner` has, too. */
export function notShownMessage(owner: Producer, wanted: Producer, conflicting: string, isType: boolean): string {
  const { name, kind } = owner;
  const [theirs, first] = difference(wanted, owner);
  const given = nameShown(name);
  const why = isType
    ? `${given} is a ${kind} already`
    : `the ${kind} ${given} has ${conflicting === name ? 'that name' : nameShown(conflicting)} already`;
  return `the ${wanted.kind} ${shown(wanted.name)} from ${theirs} is not shown: ${why}, from ${first}. Rename one of the two metrics`;
}

/**
 * Who operates both has seldom written either, and a view of an SDK sets a name and a description, but no unit (Metrics SDK,
 * "Stream configuration").
 */
const unlikeAdvice = {
  description: "Nothing has to be done; a view in a sender's SDK can set the description",
  unit: "Nothing has to be done if both measure in one unit; if not, rename one of the two by a view in its sender's SDK",
} as const;

export function unlikeMessage(owner: Producer, wanted: Producer, what: keyof typeof unlikeAdvice): string {
  const [theirs, first] = difference(wanted, owner);
  const message = `${nameShown(wanted.name)} from ${theirs} has another ${what} than from ${first}`;
  return `${message}; that of the first is shown, with all points of both. ${unlikeAdvice[what]}`;
}
