/**
 * A program with two listeners of a bridge, one in this thread and one in a worker. Run with few descriptors; says its URLs, and
 * then what the bridge logs.
 */
import { contract, counter, meterbridge } from '../../../src/index.ts';

const shop = contract('shop', { orders: counter({ help: 'Orders.' }) });
const bridge = meterbridge(shop, { push: false, env: {}, log: (line) => console.log(line) });
const here = await bridge.listen('127.0.0.1:0');
const there = await bridge.listen('127.0.0.1:0', { thread: true });
console.log(`ready ${here.url} ${there.url}`);
