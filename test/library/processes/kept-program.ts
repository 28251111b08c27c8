/** A program of one process, in two versions, whose totals are kept: it records what it is sent. */
import { contract, counter, gauge, histogram, meterbridge, oneOf } from '../../../src/index.ts';

/** The last two arguments: the directory, and the version. */
const [directory, version] = process.argv.slice(-2) as [string, 'old' | 'new'];

/** The new version has other bounds, a label more, and no `mails` any more. */
const shop =
  version === 'old'
    ? contract('shop', {
        orders: counter({ help: 'Orders.', labels: { kind: oneOf('new', 'again') } }),
        open: gauge({ help: 'Open.' }),
        seconds: histogram({ unit: 's', help: 'Seconds.', bounds: [1, 5] }),
        visits: counter({ help: 'Visits.' }),
        mails: counter({ help: 'Mails.' }),
      })
    : contract('shop', {
        orders: counter({ help: 'Orders.', labels: { kind: oneOf('new', 'again') } }),
        open: gauge({ help: 'Open.' }),
        seconds: histogram({ unit: 's', help: 'Seconds.', bounds: [1, 10] }),
        visits: counter({ help: 'Visits.', labels: { from: oneOf('web', 'app') } }),
      });

export interface Told {
  readonly orders: number;
  readonly open: number;
  readonly seconds: number;
  readonly visits: number;
}

const log = (line: string) => void process.send?.({ line });
const bridge = meterbridge(shop, {
  processes: { directory, keep: true },
  scrape: { created: true },
  isolated: true,
  env: {},
  log,
});
const { metrics } = bridge;
process.once('SIGTERM', () => void bridge.close().then(() => process.disconnect()));
process.on('message', (told: Told) => {
  metrics.orders.add(told.orders, { kind: 'new' });
  metrics.open.set(told.open);
  metrics.seconds.record(told.seconds);
  if ('mails' in metrics) {
    metrics.visits.add(told.visits);
    metrics.mails.add(1);
  } else metrics.visits.add(told.visits, { from: 'web' });
  process.send?.('recorded');
});
const { url } = await bridge.listen('127.0.0.1:0');
process.send?.({ url });
