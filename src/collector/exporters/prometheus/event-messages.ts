/** What received series have to say, as lines of a log. */
import { shown } from '../../../errors/shown.ts';
import type { ReceivedEvent } from '../../../received/index.ts';
import { nameOfTarget, nameShown, type Target, targetOf } from '../../../received/names/index.ts';

/** Attributes that a line names. */
const mostDifferences = 3;

/** One line, with the fix. */
export function wordsOf(event: ReceivedEvent): string {
  const from = nameOfTarget(targetOf(event.resource));
  const name = nameShown(event.name);
  switch (event.type) {
    case 'conflict': {
      const both = differing(targetOf(event.resource), targetOf(event.other));
      return `two resources send ${name} as one series, so the newer value is shown: ${both}. Give each its own service.instance.id, or set resource_to_telemetry_conversion.enabled`;
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

/** Two resources, and by what they differ. */
function differing(one: Target, other: Target): string {
  return `${nameOfTarget(one)}${differences(one, other)}, and ${nameOfTarget(other)}${differences(other, one)}`;
}

function differences({ others }: Target, from: Target): string {
  const there = new Map(from.others);
  const own = others.filter(([name, value]) => there.get(name) !== value).slice(0, mostDifferences);
  return own.length === 0 ? '' : ` (${own.map(([name, value]) => `${shown(name)}: ${shown(value)}`).join(', ')})`;
}
