/**
 * Label values as programs have them. Values such as `route-7` differ in their last character alone, which makes whatever looks
 * at that character look good.
 */
import { generator } from './random.ts';

export interface LabelSet {
  /** With the number of series at its end, e.g. `routes-100`. */
  readonly name: string;
  readonly what: string;
  /** Every value of the first label occurs with every value of the second. */
  readonly labels: readonly [LabelValues, LabelValues];
  /** Few values of the second label are recorded often, as Zipf's law has it. Default: all equally often. */
  readonly zipf?: boolean;
  /** Each string is made anew from a buffer, as those of a request are. Default: the same strings, as constants in source are. */
  readonly fresh?: boolean;
}

interface LabelValues {
  readonly name: string;
  readonly values: readonly (string | number)[];
}

const methods = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE'];
const codes = [200, 201, 204, 301, 304, 400, 401, 404, 500, 503];
const statuses = codes.map(String);
const resources = ['orders', 'users', 'invoices', 'items'];
const templates = ['/api/@', '/api/@/:id', '/api/@/:id/items', '/api/@/:id/items/:item', '/api/@/:id/items/v2'];
const routes = resources.flatMap((resource) => templates.map((template) => template.replace('@', resource)));
const outcomes = ['succeeded', 'failed', 'timed_out', 'cancelled', 'skipped'];
const devices = Array.from({ length: 10 }, (_, at) => `/dev/nvme${at >> 1}n1p${1 + (at & 1)}`);

function numbered(count: number, name: (at: number) => string): string[] {
  return Array.from({ length: count }, (_, at) => name(at));
}

function hex(digits: number, random: () => number): string {
  return Array.from({ length: digits }, () => Math.floor(random() * 16).toString(16)).join('');
}

function tenants(count: number): string[] {
  const random = generator(1_000);
  return numbered(count, () => `tenant-${hex(8, random)}`);
}

function uuids(count: number): string[] {
  const random = generator(2_000);
  return numbered(count, () => `${hex(8, random)}-${hex(4, random)}-4${hex(3, random)}-a${hex(3, random)}-${hex(12, random)}`);
}

function tasks(count: number): string[] {
  return numbered(count, (at) => `warehouse/nightly/customer-${1_000 + at * 7}/export-to-object-storage`);
}

function hosts(count: number): string[] {
  return numbered(count, (at) => `worker-${String(at).padStart(3, '0')}.eu-central-1.example.net`);
}

/** As V8 keeps a string that stands in source: whole, and once. One put together here would be a tree of its parts. */
function literal<V extends string | number>(value: V): V {
  return typeof value === 'string' ? (Object.keys({ [value]: 0 })[0] as V) : value;
}

const label = (name: string, values: readonly (string | number)[]): LabelValues => ({ name, values: values.map(literal) });

const routed = [label('method', methods), label('route', routes)] as const;
const bigTenants = [label('status', statuses), label('tenant', tenants(100))] as const;
const manyUuids = [label('status', statuses), label('job', uuids(100))] as const;

const constant: readonly LabelSet[] = [
  { name: 'routes-100', what: '5 methods × 20 route templates', labels: routed },
  {
    name: 'codes-100',
    what: '10 status codes, which are numbers, × 10 route templates',
    labels: [label('status', codes), label('route', routes.slice(0, 10))],
  },
  {
    name: 'tenants-10',
    what: '2 statuses × 5 tenants',
    labels: [label('status', statuses.slice(0, 2)), label('tenant', tenants(5))],
  },
  { name: 'tenants-1000', what: '10 statuses × 100 tenants', labels: bigTenants, zipf: true },
  {
    name: 'tasks-100',
    what: '5 outcomes × 20 task names with long common beginnings and ends',
    labels: [label('outcome', outcomes), label('task', tasks(20))],
  },
  { name: 'hosts-1000', what: '100 hosts × 10 devices', labels: [label('host', hosts(100)), label('device', devices)] },
  { name: 'uuids-1000', what: '10 statuses × 100 UUIDs', labels: manyUuids },
  {
    name: 'uuids-5000',
    what: '10 statuses × 500 UUIDs',
    labels: [label('status', statuses), label('job', uuids(500))],
    zipf: true,
  },
];

/** The same strings fresh from a request. */
const fresh = constant
  .filter(({ name }) => ['routes-100', 'tenants-1000', 'tasks-100', 'uuids-1000'].includes(name))
  .map((set): LabelSet => ({ ...set, name: `${set.name}-fresh`, fresh: true }));

export const labelSets: readonly LabelSet[] = [...constant, ...fresh].map((set) => {
  const how = [set.zipf === true ? 'Zipf' : 'uniform', ...(set.fresh === true ? ['each string sliced from a buffer'] : [])];
  return { ...set, what: `${set.what}, ${how.join(', ')}` };
});

export function labelSet(name: string): LabelSet {
  const found = labelSets.find((set) => set.name === name);
  if (found === undefined) throw new Error(`no label set ${name}`);
  return found;
}
