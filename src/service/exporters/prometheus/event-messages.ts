/** What received series have to say, as lines of a log. */
import { shown } from '../../../core/errors/shown.ts';
import { stringValueIn } from '../../../formats/otlp/value/any-value-bytes.ts';
import { eachAttribute } from '../../../formats/otlp/value/attribute-list.ts';
import { textIn } from '../../../formats/otlp/value/value-text.ts';
import type { JoinedStream } from '../../received/events.ts';
import type { ReceivedEvent } from '../../received/index.ts';
import { nameOfTarget, nameShown, type Target, targetOf } from '../../received/names/index.ts';

/** Attributes that a line names. */
const mostDifferences = 3;
const mostAttributes = 5;
/** Characters of a value that is not quoted. */
const mostText = 100;

/** One line, with the fix. */
export function wordsOf(event: ReceivedEvent): string {
  if (event.type === 'forgotten')
    return `totals of deltas whose series expired have as much memory as they may: the oldest are forgotten, first of ${nameShown(event.name)}, and begin anew if they are sent again. Raise --max-memory (${event.limit}), unless their senders have ended`;
  const from = nameOfTarget(targetOf(event.resource));
  const name = nameShown(event.name);
  switch (event.type) {
    case 'conflict': {
      const both = differing(targetOf(event.resource), targetOf(event.other));
      return `two resources send ${name} as one series, so the newer value is shown: ${both}. Give each its own service.instance.id, or set resource_to_telemetry_conversion.enabled`;
    }
    case 'joined': {
      const becomes = event.adds ? 'they add up' : 'the newer value is shown';
      return `two streams of ${name} from ${from} become one series, so that ${becomes}: ${bothSpellings(event.streams)}`;
    }
    case 'contested':
      return `two writers send one series of ${name} from ${from}: the newer value is shown. Give each its own service.instance.id`;
    case 'overlap':
      return `deltas of ${name} from ${from} overlap those that were added up, and are not added: two writers send one series. Give each its own service.instance.id`;
    case 'not_a_count':
      return `values of the counter ${name} from ${from} are NaN or negative, and are not shown. Correct what the program records`;
    case 'no_sum':
      return `points of the exponential histogram ${name} from ${from} have no sum, and are not shown: Prometheus has no native histogram without one. Record no negative values in it, or send explicit bounds`;
    case 'resource_limit':
      return `there are ${event.limit} resources and scopes: new ones are rejected until some expire, first ${from}. Send fewer, or raise --max-resources`;
    case 'label_bytes':
      return `labels have ${event.limit} bytes: new series are rejected until some expire, first of ${name} from ${from}. Send fewer or shorter attributes, or raise --max-series`;
    case 'resource_label_bytes':
      return `the labels of ${from} have ${event.limit} bytes: new series are rejected until some expire, first of ${name}. Send fewer or shorter attributes, or raise --max-series-per-resource`;
    case 'memory_limit':
      return `what senders sent takes as much memory as it may: new series are rejected until memory is free, first of ${name} from ${from}. Send fewer, or raise --max-memory (${event.limit})`;
    case 'series_limit':
      return `there are ${event.limit} series: new ones are rejected until some expire, first of ${name} from ${from}. Send fewer, or raise --max-series`;
    case 'resource_series_limit':
      return `${from} has ${event.limit} series: new ones are rejected until some expire, first of ${name}. Send fewer, or raise --max-series-per-resource`;
  }
}

const oneType = 'Give each attribute one type, and leave it out where it is empty';
const oneName = 'Rename all but one of the attributes that become one label';

/** The names of the attributes that have a value: where these differ, names were escaped to one. */
function keysOf({ attributes }: JoinedStream): string {
  const keys: string[] = [];
  eachAttribute(attributes, (key, from, to) => {
    if (textIn(attributes, from, to) !== '') keys.push(key);
  });
  return JSON.stringify(keys.toSorted());
}

/** Two streams, by their attributes as they were sent, and the fix; where these are equal, by their scopes. */
function bothSpellings([one, other]: readonly [JoinedStream, JoinedStream]): string {
  const [first, second] = [spelling(one), spelling(other)];
  if (first !== second) return `${first} and ${second}. ${keysOf(one) === keysOf(other) ? oneType : oneName}`;
  if (one.scope !== other.scope)
    return `${first} of ${one.scope} and of ${other.scope}. Keep scope labels, or name the metrics apart`;
  return `${first} of two metrics. Name them apart`;
}

function spelling({ attributes }: JoinedStream): string {
  const pairs: string[] = [];
  eachAttribute(attributes, (key, from, to) => pairs.push(`${shown(key)}: ${typedText(attributes, from, to)}`));
  const more = pairs.length - mostAttributes;
  return `{${pairs.slice(0, mostAttributes).join(', ')}${more > 0 ? `, and ${more} more` : ''}}`;
}

/** A string is quoted, so that it differs from a number. */
function typedText(bytes: Uint8Array, from: number, to: number): string {
  const text = textIn(bytes, from, to);
  const isBare = text !== '' && text.length <= mostText && stringValueIn(bytes, from, to) === undefined;
  return isBare ? text : shown(text);
}

/** Two resources, and by what they differ. */
function differing(one: Target, other: Target): string {
  return `${nameOfTarget(one)}${differences(one, other)}, and ${nameOfTarget(other)}${differences(other, one)}`;
}

function differences({ others }: Target, from: Target): string {
  const there = new Map(from.others);
  const own = others.filter(([name, value]) => there.get(name) !== value).slice(0, mostDifferences);
  return own.length === 0 ? '' : ` (${own.map(([name, value]) => `${shown(name)}: ${shown(value)}`).join(', ')})`;
}
