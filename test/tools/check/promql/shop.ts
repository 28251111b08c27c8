/** A daemon before and after a change of nearly everything that a contract says. */
import { capped, contract, counter, gauge, histogram, info, oneOf, upDownCounter } from '../../../../src/core/contract/index.ts';
import { diffOf } from './diff.ts';

const help = 'A metric of the shop.';
const region = oneOf('eu', 'us');
const bounds = [5, 50, 500, 2_500];

const old = contract('shop', {
  /** Stays as it is. */
  visits: counter({ help, labels: { region, code: oneOf('200', '404', '500') } }),
  /** Another name. */
  orders: counter({ help, labels: { region } }),
  /** A label of another name, and one of its values, too. */
  payments: counter({ help, labels: { method: oneOf('card', 'invoice', 'cash'), region } }),
  /** A split value. */
  refunds: counter({ help, labels: { status: oneOf('ok', 'error', 'late'), region } }),
  /** Milliseconds become seconds. */
  latency: histogram({ help, unit: 'ms', bounds, labels: { region } }),
  delay: gauge({ help, unit: 'ms', labels: { region } }),
  /** A removed label. */
  parcels: counter({ help, labels: { carrier: oneOf('post', 'bike'), region } }),
  /** All of it. */
  works: counter({ help, unit: 'ms', labels: { kind: oneOf('pack', 'send', 'print'), crew: capped({ limit: 10 }), region } }),
  /** Gauges of another name; their values add up. */
  stock: upDownCounter({ help, labels: { shelf: oneOf('top', 'low'), region } }),
  build: info({ help, labels: { version: capped({ limit: 4 }) } }),
  /** Another type. */
  seen: counter({ help, series: 'shop_seen', verbatim: true, labels: { region } }),
  gone: gauge({ help, labels: { region } }),
});

const now = contract('shop', {
  visits: counter({ help, labels: { region, code: oneOf('200', '404', '500') } }),
  orders: counter({ help, series: 'shop_purchases_total', labels: { region } }),
  payments: counter({ help, labels: { means: oneOf('card', 'bill', 'cash'), region } }),
  refunds: counter({ help, labels: { status: oneOf('ok', 'timeout', 'refused', 'late'), region } }),
  latency: histogram({ help, unit: 's', bounds: bounds.map((bound) => bound / 1_000), labels: { region } }),
  delay: gauge({ help, unit: 's', labels: { region } }),
  parcels: counter({ help, labels: { region } }),
  works: counter({
    help,
    unit: 's',
    series: 'shop_labour_seconds_total',
    labels: { task: oneOf('pack', 'ship', 'etch', 'ink'), region },
  }),
  stock: upDownCounter({ help, series: 'shop_shelf_stock', labels: { board: oneOf('top', 'left', 'right'), region } }),
  build: info({ help, labels: { version: capped({ limit: 4 }), commit: capped({ limit: 4 }) } }),
  seen: gauge({ help, series: 'shop_seen', verbatim: true, labels: { region } }),
});

export const shop = {
  old,
  now,
  diff: diffOf({
    old,
    now,
    became: {
      payments: { to: 'payments', labels: { method: 'means' }, values: { method: { invoice: ['bill'] } } },
      refunds: { to: 'refunds', values: { status: { error: ['timeout', 'refused'] } } },
      latency: { to: 'latency', factor: 0.001 },
      delay: { to: 'delay', factor: 0.001 },
      parcels: { to: 'parcels', labels: { carrier: undefined } },
      works: {
        to: 'works',
        labels: { kind: 'task', crew: undefined },
        values: { kind: { send: ['ship'], print: ['etch', 'ink'] } },
        factor: 0.001,
      },
      stock: { to: 'stock', labels: { shelf: 'board' }, values: { shelf: { low: ['left', 'right'] } } },
      gone: { to: undefined },
    },
  }),
} as const;
