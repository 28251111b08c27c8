/**
 * Why points and requests are refused or dropped: what happened, and what to do. A reason that is not here is shown by its
 * message alone.
 */
import type { Refusal } from '../../status/model/index.ts';
import { refusalClause } from '../received/index.ts';

export interface Reason {
  /** Absent: the sender was told if there was a verdict. */
  readonly what?: Refusal['what'];
  /** @param limit the number of `limit`; undefined: it is not known */
  readonly happened: (limit: number | undefined) => string;
  readonly fix: string;
  /** The limit that was reached. Absent: none was. */
  readonly limit?: NamedLimit;
}

export type NamedLimit = 'maxSeries' | 'maxSeriesPerResource' | 'maxResources' | 'maxFamilies' | 'maxMemory';

const own = 'give each writer its own service.instance.id';
const correct = 'correct the program, or the contract';
const message = 'see the message';

const said = (text: string) => () => text;
const limited = (text: string) => (limit: number | undefined) => (limit === undefined ? text : `${text} (${limit})`);
/** In the words that its sender gets. */
const ofSeries = (reason: Parameters<typeof refusalClause>[0]) => (limit: number | undefined) => refusalClause(reason, limit);

const reasons: Readonly<Record<string, Reason>> = {
  // Of series.
  series_limit: { happened: ofSeries('series_limit'), limit: 'maxSeries', fix: 'send fewer series, or raise --max-series' },
  resource_series_limit: {
    happened: ofSeries('resource_series_limit'),
    limit: 'maxSeriesPerResource',
    fix: 'send fewer series, or raise --max-series-per-resource',
  },
  resource_limit: { happened: ofSeries('resource_limit'), limit: 'maxResources', fix: 'send fewer, or raise --max-resources' },
  family_limit: {
    happened: limited('there were as many names as there may be'),
    limit: 'maxFamilies',
    fix: 'send fewer metrics, or raise --max-families',
  },
  label_bytes: { happened: ofSeries('label_bytes'), fix: 'send fewer or shorter attributes' },
  resource_label_bytes: { happened: ofSeries('resource_label_bytes'), fix: 'send fewer or shorter attributes' },
  memory_limit: { happened: ofSeries('memory_limit'), limit: 'maxMemory', fix: 'send fewer series, or raise --max-memory' },
  no_room: { happened: ofSeries('no_room'), fix: 'send fewer series' },
  older: { happened: said('points were older than the newest one of their series'), fix: own },
  overlap: { happened: said('deltas began before the last one of their series had ended'), fix: own },
  temporality_unspecified: {
    what: 'dropped',
    happened: said('sums or histograms were neither cumulative nor delta'),
    fix: 'set the aggregation temporality',
  },
  delta_not_monotonic: {
    what: 'dropped',
    happened: said('deltas belonged to a sum that may fall'),
    fix: 'send it as cumulative',
  },
  not_a_count: {
    what: 'dropped',
    happened: said('values that only grow were below 0, or no numbers'),
    fix: 'correct the value that the program records',
  },
  no_sum: {
    what: 'dropped',
    happened: said('exponential histograms had no sum'),
    fix: 'record no negative values in them, or send them with explicit bounds',
  },
  type_conflict: {
    what: 'dropped',
    happened: said('a metric of another type had the name'),
    fix: 'rename one of the two metrics',
  },
  name_conflict: { what: 'dropped', happened: said('another metric had the name'), fix: 'rename one of the two metrics' },
  no_name: { what: 'dropped', happened: said('metrics had no name'), fix: 'name them' },
  // Of a contract.
  unknown_name: { happened: said('the contract does not declare the metric'), fix: 'declare it, or do not send it' },
  wrong_type: { happened: said('a metric had another type than the contract declares'), fix: correct },
  wrong_unit: { happened: said('a metric had another unit than the contract declares'), fix: correct },
  wrong_bounds: { happened: said('a histogram had other bounds than the contract declares'), fix: correct },
  value_outside: { happened: said('a label had a value that the contract does not declare'), fix: correct },
  // Of points and batches.
  invalid_points: {
    what: 'refused',
    happened: said('points were not valid OTLP, or beyond a limit of this service'),
    fix: message,
  },
  queue_full: {
    what: 'refused',
    happened: said('the sending queue was full'),
    fix: 'see why it is not sent, or raise sending_queue.queue_size',
  },
  storage_full: {
    what: 'refused',
    happened: said('the storage of the sending queue was full'),
    fix: 'see why it is not sent, or raise max_size of the storage',
  },
  no_memory: {
    what: 'refused',
    happened: said('there was no memory for another batch that waits'),
    fix: 'see why it is not sent, or raise --max-memory',
  },
  not_kept: { what: 'refused', happened: said('what was accepted could not be kept on disk'), fix: message },
  failed_points: { what: 'failed', happened: said('the component failed at a batch'), fix: message },
  not_sent: {
    what: 'failed',
    happened: said('points were rejected by the next receiver, or could not be sent in time'),
    fix: message,
  },
  deltas_not_sent: { what: 'failed', happened: said('deltas could not be sent in time'), fix: message },
  rejected_points: {
    what: 'failed',
    happened: said('the next receiver accepted a request, and rejected points of it'),
    fix: message,
  },
  damaged: { what: 'failed', happened: said('a request that waited on disk was damaged'), fix: message },
  not_written: { what: 'failed', happened: said('data could not be written'), fix: message },
  // Of requests.
  unreadable: {
    what: 'refused',
    happened: said('requests were not OTLP as protobuf or JSON'),
    fix: 'see the message, and the sender’s protocol',
  },
  too_slow: {
    what: 'refused',
    happened: said('requests did not arrive in time'),
    fix: 'see the network between the sender and this service',
  },
  not_found: {
    what: 'refused',
    happened: said('requests were for another path than that of metrics'),
    fix: 'correct the endpoint of the sender',
  },
  too_large: {
    what: 'refused',
    happened: said('requests had more bytes than one may have'),
    fix: 'send smaller requests, or raise max_request_body_size',
  },
  unsupported: { what: 'refused', happened: said('requests used what this receiver does not support'), fix: message },
  crowded_out: {
    what: 'refused',
    happened: said('there was no room for another request'),
    fix: 'send less often, or with fewer connections',
  },
  missing_credentials: { what: 'refused', happened: said('requests had no credentials'), fix: 'configure them in the sender' },
  wrong_credentials: {
    what: 'refused',
    happened: said('requests had credentials that are not valid here'),
    fix: 'correct them in the sender',
  },
  too_many_credentials: {
    what: 'refused',
    happened: said('as many credentials were being checked as may be at a time'),
    fix: 'send it again',
  },
  no_authenticator: {
    what: 'refused',
    happened: said('the extension that checks credentials did not work'),
    fix: 'see its line in the log',
  },
  too_many_connections: {
    what: 'refused',
    happened: said('there were as many connections as there may be'),
    fix: 'raise the limit of open files, or find out who connects',
  },
  too_many_calls: {
    what: 'refused',
    happened: said('there were as many open calls as there may be'),
    fix: 'send each message whole, over fewer connections',
  },
  too_many_resets: {
    what: 'refused',
    happened: said('clients cancelled calls so fast that their connections ended'),
    fix: 'give calls more time, or find out who connects',
  },
  other_host: {
    what: 'refused',
    happened: said('requests were for a name that is not one of this server'),
    fix: 'add the name with --allowed-host',
  },
};

/** What an exporter means by words that a receiver uses of its requests. */
const reasonsOfExporters: Readonly<Record<string, Reason>> = {
  too_large: { what: 'failed', happened: said('a batch was larger than a file may be'), fix: 'raise rotation.max_megabytes' },
  too_slow: { what: 'refused', happened: said('data came faster than it could be written'), fix: message },
};

/** Kinds whose number is one of points. */
const ofPoints: ReadonlySet<string> = new Set([
  ...['queue_full', 'storage_full', 'no_memory', 'failed_points', 'not_sent', 'deltas_not_sent', 'rejected_points', 'damaged'],
]);

/** @param by the key of the node that refuses */
export function reasonOf(reason: string, by: string): Reason | undefined {
  if (by.startsWith('exporter ') && Object.hasOwn(reasonsOfExporters, reason)) return reasonsOfExporters[reason];
  return Object.hasOwn(reasons, reason) ? reasons[reason] : undefined;
}

export function unitOf(kind: string, by: string): Refusal['unit'] {
  return ofPoints.has(kind) || (kind === 'too_large' && by.startsWith('exporter ')) ? 'points' : 'requests';
}
