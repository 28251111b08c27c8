/** A process of the tests: records what it is sent, and answers as a worker of a cluster would. */
import { contract, counter, gauge, histogram, info, meterbridge, oneOf } from '../../../src/index.ts';

const shop = contract('shop', {
  orders: counter({ unit: '{order}', help: 'Orders.', labels: { kind: oneOf('new', 'again') } }),
  open: gauge({ help: 'Open.' }),
  seconds: histogram({ unit: 's', help: 'Seconds.', bounds: [1, 5] }),
  buildInfo: info({ help: 'Build.', labels: { version: oneOf('1') } }),
});
const bridge = meterbridge(shop, { processes: process.argv[2] as string, isolated: true, env: {}, log: () => {} });

type Message =
  | 'listen'
  | 'close'
  | 'exit'
  | { readonly orders: number }
  | { readonly open: number }
  | { readonly seconds: number };

process.on('message', async (message: Message) => {
  if (message === 'listen') process.send?.((await bridge.listen('127.0.0.1:0')).url);
  else if (message === 'close') {
    await bridge.close();
    process.send?.('closed');
    process.disconnect();
  } else if (message === 'exit') process.exit(0);
  else {
    if ('orders' in message) bridge.metrics.orders.add(message.orders, { kind: 'new' });
    if ('open' in message) bridge.metrics.open.set(message.open);
    if ('seconds' in message) bridge.metrics.seconds.record(message.seconds);
    bridge.metrics.buildInfo.set({ version: '1' });
    process.send?.('recorded');
  }
});
