/** Python's strict OpenMetrics parser accepts every output, and reads the same series from it as our own parser does. */
import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { capped, contract, gauge, info, meterbridge } from '../../src/index.ts';
import { openMetrics, scrape } from './equality.ts';
import { startFixtureDaemon } from './fixture-daemon.ts';
import { requirePeer } from './peers.ts';
import { random } from './random.ts';
import { startRunwispDaemon } from './runwisp-daemon.ts';
import { familiesOf, seriesKey, seriesOf } from './series.ts';
import { parseWithPython } from './strict-openmetrics.ts';

const formats = [
  ['openmetrics', openMetrics],
  ['text', 'text/plain; version=0.0.4'],
] as const;

/** Every character that a format escapes, or that somebody splits lines or labels at. */
const weird = [
  '',
  ' ',
  '"',
  '\\',
  '\n',
  '\\n',
  'a"b\\c\nd',
  '{x="y"} 1',
  '# EOF',
  'le',
  '\t',
  '\r',
  '\u0085\u2028',
  'ä 漢 📚',
  '\\"',
  ',',
  '=',
];
const numbers = [0, 1, 0.1, 1e-9, 2 ** 53, 2 ** 53 + 2, 1e21, 1.7976931348623157e308, 5e-324, -2.5, Number.NaN, Infinity, -Infinity];

const odd = contract('odd', {
  values: gauge({ help: 'Two lines:\nof "help" with \\.', labels: { text: capped({ limit: 100 }) } }),
  moreInfo: info({ help: 'Facts.', labels: { a: capped(), b: capped() } }),
});

async function startOdd() {
  const bridge = meterbridge(odd, { isolated: true, env: {}, log: () => {}, push: false });
  for (const [i, text] of weird.entries()) bridge.metrics.values.set(numbers[i % numbers.length] ?? 0, { text });
  bridge.metrics.moreInfo.set({ a: '"', b: '\\\n' });
  const { url } = await bridge.listen('127.0.0.1:0');
  return { url, close: bridge.close, recorded: weird.length + 1 };
}

async function startFixture() {
  const daemon = await startFixtureDaemon(random());
  daemon.workload.run(200);
  return { ...daemon, recorded: 50 };
}

async function startRunwisp() {
  const daemon = await startRunwispDaemon(random());
  daemon.run(10);
  return { ...daemon, recorded: 21 };
}

/** Before anything is recorded: zero-filled series, and metadata alone. */
async function startEmpty() {
  return { ...(await startFixtureDaemon(random())), recorded: 1 };
}

const starts = { 'weird texts and numbers': startOdd, 'every kind': startFixture, 'nothing recorded': startEmpty, RunWisp: startRunwisp };

for (const [name, start] of Object.entries(starts)) {
  for (const [format, accept] of formats) {
    test(`prometheus-client accepts ${format}: ${name}`, async (t: TestContext) => {
      const python = requirePeer(t, 'parser');
      if (python === undefined) return;
      const daemon = await start();
      t.after(daemon.close);
      const text = await scrape(daemon.url, accept);
      const theirs = parseWithPython(python, text, format).map(({ name, labels, value }) => [
        seriesKey(name, Object.entries(labels)),
        value,
      ]);
      assert.ok(theirs.length >= daemon.recorded, `only ${theirs.length} samples`);
      assert.deepEqual(new Map(theirs as [string, number][]), seriesOf(familiesOf(text, format)));
    });
  }
}
