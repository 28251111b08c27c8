/**
 * Defaults in the tables of options are what the code does: of a contract and of push as resolved, of a scrape as its constants
 * say.
 */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { capped, contract, counter, gauge, histogram, identity } from '../../src/index.ts';
import { DEFAULT_CALLBACK_TIMEOUT_MS } from '../../src/library/bridge/options.ts';
import { resolvePush } from '../../src/library/push/settings/settings.ts';
import { pageText } from './pages.ts';

/** Option → its default, in the tables of a page between these comments. */
function documented(page: string, of: string): ReadonlyMap<string, string> {
  const tables = [
    ...pageText(page).matchAll(new RegExp(`^<!-- options: .*\\b${of}\\b.*\\n([\\s\\S]*?)<!-- end of options -->`, 'gm')),
  ];
  const rows = tables.flatMap(([, table = '']) => [...table.matchAll(/^\| `([\w.]+)` \|(?:[^|\\]|\\.)*\| (.*?) \| /gm)]);
  return new Map(rows.map(([, name = '', byDefault = '']) => [name, byDefault.replaceAll('`', '')]));
}

function constant(file: string, name: string): number {
  const [, product = ''] =
    new RegExp(`const ${name} = ([\\d_ *]+);`).exec(pageText(file)) ?? assert.fail(`${file} has no ${name}`);
  return product.split('*').reduce((all, factor) => all * Number(factor.replaceAll('_', '')), 1);
}

const thousands = (value: number): string => value.toLocaleString('en-US');

const made = contract('shop', {
  orders: counter({ help: 'Orders.', labels: { page: capped(), task: identity() } }),
  total: counter({ observed: true, help: 'Total.' }),
  open: gauge({ help: 'Open.' }),
  wait: histogram({ unit: 's', help: 'Wait.' }),
});
const { orders, open, wait } = made.metrics;
const push = resolvePush({}, {}, { serviceName: 'shop', log: () => {} }) ?? assert.fail();
const scrape = 'src/net/pull/scrape.ts';

const cases: readonly (readonly [page: string, of: string, option: string, actual: unknown])[] = [
  ['docs/contract.md', 'ContractOptions', 'defaultFormat', made.defaultFormat],
  ['docs/contract.md', 'ContractOptions', 'maxAgeMs', thousands(made.maxAgeMs)],
  ['docs/contract.md', 'Declaration', 'observed', orders.observed],
  ['docs/contract.md', 'Declaration', 'omitEmpty', orders.omitEmpty],
  ['docs/contract.md', 'Declaration', 'stability', orders.stability],
  ['docs/contract.md', 'CounterDeclaration', 'exemplars', orders.exemplars],
  ['docs/contract.md', 'CounterDeclaration', 'unknownStart', made.metrics.total.unknownStart],
  ['docs/contract.md', 'HistogramDeclaration', 'bounds', `${(wait.bounds?.[0] ?? 0) * 1_000} ms to ${wait.bounds?.at(-1)} s`],
  ['docs/contract.md', 'HistogramDeclaration', 'minMax', wait.minMax],
  ['docs/contract.md', 'GaugeDeclaration', 'across', open.across],
  [
    'docs/contract.md',
    'BoundOptions',
    'limit',
    `${orders.labels.page.limit} of capped, ${thousands(orders.labels.task.limit)} of identity`,
  ],
  ['docs/contract.md', 'BoundOptions', 'other', orders.labels.page.other],
  ['docs/contract.md', 'BoundOptions', 'maxBytes', orders.labels.page.maxBytes],
  ['docs/contract.md', 'BoundOptions', 'optional', orders.labels.page.optional],
  ['docs/recording.md', 'BridgeOptions', 'callbackTimeoutMs', thousands(DEFAULT_CALLBACK_TIMEOUT_MS)],
  ['docs/scraping.md', 'ScrapeOptions', 'scrape.maxBytes', `${constant(scrape, 'defaultMaxBytes') / 2 ** 20} MiB`],
  ['docs/scraping.md', 'ScrapeOptions', 'scrape.maxRenderings', constant(scrape, 'defaultMaxRenderings')],
  ['docs/scraping.md', 'ScrapeOptions', 'scrape.deadlineMs', thousands(constant(scrape, 'defaultDeadlineMs'))],
  ['docs/pushing.md', 'PushOptions', 'endpoint', `the variables, then ${new URL(push.target().url).origin}`],
  ['docs/pushing.md', 'PushOptions', 'intervalMs', `OTEL_METRIC_EXPORT_INTERVAL, then ${thousands(push.intervalMs)}`],
  ['docs/pushing.md', 'PushOptions', 'timeoutMs', `OTEL_EXPORTER_OTLP_[METRICS_]TIMEOUT, then ${thousands(push.timeoutMs)}`],
  ['docs/pushing.md', 'PushOptions', 'compression', `OTEL_EXPORTER_OTLP_[METRICS_]COMPRESSION, then ${push.compression}`],
  ['docs/pushing.md', 'PushOptions', 'protocol', `OTEL_EXPORTER_OTLP_[METRICS_]PROTOCOL, then ${push.protocol}`],
  ['docs/pushing.md', 'PushOptions', 'exporter', push.exporter],
  [
    'docs/pushing.md',
    'PushOptions',
    'temporality',
    `OTEL_EXPORTER_OTLP_METRICS_TEMPORALITY_PREFERENCE, then ${push.temporality}`,
  ],
];

for (const [page, of, option, actual] of cases)
  test(`${page}: the default of ${option} is what the code does`, () => {
    assert.equal(documented(page, of).get(option), String(actual));
  });
