/** Why points and requests are refused or dropped: the rule, and what to do. A reason that is not here is shown by its message alone. */
import type { Refusal } from '../../status/model/index.ts';

export interface Reason {
  /** Absent: the sender was told if there was a verdict. */
  readonly what?: Refusal['what'];
  readonly rule: string;
  readonly fix: string;
}

const own = 'give each writer its own service.instance.id';
const credentials = 'a request carries the credentials that auth of this server asks for';

const reasons: Readonly<Record<string, Reason>> = {
  // Of series.
  series_limit: { rule: 'an exporter keeps so many series at most', fix: 'send fewer series, or raise --max-series' },
  resource_series_limit: { rule: 'one resource has so many series at most', fix: 'send fewer series, or raise --max-series-per-resource' },
  resource_limit: { rule: 'an exporter keeps so many resources and scopes at most', fix: 'send fewer, or raise --max-resources' },
  family_limit: { rule: 'an exporter exposes so many names at most', fix: 'send fewer metrics, or raise --max-families' },
  label_bytes: { rule: 'the labels of all series have so many bytes at most', fix: 'send fewer or shorter attributes' },
  resource_label_bytes: { rule: 'the labels of one resource have so many bytes at most', fix: 'send fewer or shorter attributes' },
  memory_limit: { rule: 'what senders sent takes so much memory at most', fix: 'send fewer series, or raise --max-memory' },
  no_room: { rule: 'there is memory for a new series', fix: 'send fewer series' },
  older: { rule: 'a point is not older than the newest one of its series', fix: own },
  overlap: { rule: 'a delta begins where the last one ended', fix: own },
  temporality_unspecified: { what: 'dropped', rule: 'a sum or histogram is cumulative or delta', fix: 'set the aggregation temporality' },
  delta_not_monotonic: { what: 'dropped', rule: 'a delta belongs to a sum that only grows', fix: 'send it as cumulative' },
  not_a_count: {
    what: 'dropped',
    rule: 'a value that only grows is a number of 0 or more',
    fix: 'correct the value that the program records',
  },
  type_conflict: { what: 'dropped', rule: 'a name has one type', fix: 'rename one of the two metrics' },
  name_conflict: { what: 'dropped', rule: 'a name belongs to one metric', fix: 'rename one of the two metrics' },
  no_name: { what: 'dropped', rule: 'a metric has a name', fix: 'name it' },
  // Of a contract.
  unknown_name: { rule: 'the contract declares the metric', fix: 'declare it, or do not send it' },
  wrong_type: { rule: 'a metric has the type that the contract declares', fix: 'correct the program, or the contract' },
  wrong_unit: { rule: 'a metric has the unit that the contract declares', fix: 'correct the program, or the contract' },
  wrong_bounds: { rule: 'a histogram has the bounds that the contract declares', fix: 'correct the program, or the contract' },
  value_outside: { rule: 'a label has one of the values that the contract declares', fix: 'correct the program, or the contract' },
  // Of points and batches.
  invalid_points: { what: 'refused', rule: 'a point is valid OTLP within the limits of this service', fix: 'see the message' },
  queue_full: {
    what: 'refused',
    rule: 'the sending queue has free capacity',
    fix: 'see why it is not sent, or raise sending_queue.queue_size',
  },
  no_memory: { what: 'refused', rule: 'there is memory for a batch that waits', fix: 'see why it is not sent, or raise --max-memory' },
  failed_points: { what: 'failed', rule: 'a component handles every batch', fix: 'see the message' },
  not_sent: { what: 'failed', rule: 'the next receiver accepts what is sent to it', fix: 'see the message' },
  deltas_not_sent: { what: 'failed', rule: 'deltas are sent in time', fix: 'see the message' },
  not_written: { what: 'failed', rule: 'the file can be written', fix: 'see the message' },
  not_taken: { what: 'failed', rule: 'what comes behind a batch processor accepts it', fix: 'see the message' },
  // Of requests.
  unreadable: { what: 'refused', rule: 'a request is OTLP as protobuf or JSON', fix: 'see the message, and the sender’s protocol' },
  too_slow: { what: 'refused', rule: 'a request arrives in time', fix: 'see the network between the sender and this service' },
  not_found: { what: 'refused', rule: 'requests are for the path of metrics', fix: 'correct the endpoint of the sender' },
  too_large: { what: 'refused', rule: 'a request has so many bytes at most', fix: 'send smaller requests, or raise max_request_body_size' },
  unsupported: { what: 'refused', rule: 'a request uses what this receiver supports', fix: 'see the message' },
  crowded_out: { what: 'refused', rule: 'there is room for another request', fix: 'send less often, or with fewer connections' },
  missing_credentials: { what: 'refused', rule: credentials, fix: 'configure them in the sender' },
  wrong_credentials: { what: 'refused', rule: credentials, fix: 'correct them in the sender' },
  too_many_credentials: { what: 'refused', rule: 'so many credentials are checked at a time at most', fix: 'send it again' },
  no_authenticator: { what: 'refused', rule: 'the extension that checks credentials works', fix: 'see its line in the log' },
  too_many_connections: {
    what: 'refused',
    rule: 'there are so many connections at most',
    fix: 'raise the limit of open files, or find out who connects',
  },
  other_host: { what: 'refused', rule: 'a request is for a name of this server', fix: 'add the name with --allowed-host' },
};

/** Kinds whose number is one of points. */
const ofPoints: ReadonlySet<string> = new Set(['queue_full', 'no_memory', 'failed_points', 'not_sent', 'deltas_not_sent', 'not_taken']);

export function reasonOf(reason: string): Reason | undefined {
  return Object.hasOwn(reasons, reason) ? reasons[reason] : undefined;
}

export function unitOf(kind: string): Refusal['unit'] {
  return ofPoints.has(kind) ? 'points' : 'requests';
}
