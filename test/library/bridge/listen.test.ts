/** Opening listeners while a bridge closes, and afterwards. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { contract, counter, type Listener, meterbridge } from '../../../src/index.ts';
import { until } from '../../until.ts';

const demo = contract('demo', { runs: counter({ help: 'Runs.' }) });
const quiet = { isolated: true, env: {}, push: false, log: () => {} } as const;

const refused = {
  name: 'MeterbridgeError',
  code: 'LISTEN_FAILED',
  message: /^metrics_listen: got "127\.0\.0\.1:0"; a listener is opened before its bridge is closed/,
};

for (const thread of [false, true]) {
  const where = thread ? 'in a thread of its own' : 'in the host’s thread';
  const options = { thread, at: 'metrics_listen' };

  test(`${where}: close() while listen() is pending: nothing listens, and listen() says why`, async () => {
    const bridge = meterbridge(demo, quiet);
    const opened: Listener[] = [];
    const opening = bridge.listen('127.0.0.1:0', options).then((listener) => void opened.push(listener));
    const rejected = assert.rejects(opening, refused);
    await bridge.close();
    await rejected;
    assert.deepEqual(opened, []);
    const held = (): string[] => process.getActiveResourcesInfo().filter((type) => type === 'TCPServerWrap' || type === 'Worker');
    await until('nothing is left', () => held().length === 0);
  });

  test(`${where}: listen() after close() is refused`, async () => {
    const bridge = meterbridge(demo, quiet);
    await bridge.close();
    await assert.rejects(bridge.listen('127.0.0.1:0', options), refused);
  });

  test(`${where}: a listener that could not be opened is no reason not to close`, async () => {
    const bridge = meterbridge(demo, quiet);
    await assert.rejects(bridge.listen('nonsense', options), { code: 'LISTEN_ADDRESS_INVALID' });
    await bridge.close();
  });
}
