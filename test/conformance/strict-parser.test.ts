/** Python's strict OpenMetrics parser accepts every output, and reads the same series from it as our own parser does. */
import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { capped, contract, gauge, info, meterbridge } from '../../src/index.ts';
import { type DaemonName, daemonNames, daemons } from './daemons.ts';
import { openMetrics, scrape } from './equality.ts';
import { requirePeer } from './peers.ts';
import { random } from './random.ts';
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
  'x\ry\r',
  '\u0085\u2028',
  'ä 漢 📚',
  '\\"',
  ',',
  '=',
];
const numbers = [
  0,
  1,
  0.1,
  1e-9,
  2 ** 53,
  2 ** 53 + 2,
  1e21,
  1.7976931348623157e308,
  5e-324,
  -2.5,
  Number.NaN,
  Infinity,
  -Infinity,
];

const odd = contract('odd', {
  values: gauge({ help: 'Two lines:\nof "help" with \\.\r', labels: { text: capped({ limit: 100 }) } }),
  moreInfo: info({ help: 'Facts.', labels: { a: capped(), b: capped() } }),
});

async function startOdd() {
  const bridge = meterbridge(odd, { isolated: true, env: {}, log: () => {}, push: false });
  for (const [i, text] of weird.entries()) bridge.metrics.values.set(numbers[i % numbers.length] ?? 0, { text });
  bridge.metrics.moreInfo.set({ a: '"', b: '\\\n' });
  const { url } = await bridge.listen('127.0.0.1:0');
  return { url, close: bridge.close, recorded: weird.length + 1 };
}

/** How many samples there are at least. */
const least: Readonly<Record<DaemonName, number>> = {
  'every kind': 50,
  crewshipd: 83,
  'restic-manager': 355,
  RunWisp: 21,
  solti: 427,
  wasmrun: 17,
};

async function startPlayed(name: DaemonName) {
  const daemon = await daemons[name].start(random());
  daemon.run(200);
  return { ...daemon, recorded: least[name] };
}

/** Of text 0.0.4, prometheus-client appends `_total` to every counter that lacks it: these two are the wasmrun agent's own. */
const renamed: ReadonlyMap<string, string> = new Map(
  ['sum', 'count'].map((part) => [`wasmrun_agent_exec_duration_ms_${part}_total`, `wasmrun_agent_exec_duration_ms_${part}`]),
);

const starts = {
  'weird texts and numbers': startOdd,
  // Zero-filled series, and metadata alone.
  'nothing recorded': async () => ({ ...(await daemons['every kind'].start(random())), recorded: 1 }),
  ...Object.fromEntries(daemonNames.map((name) => [name, () => startPlayed(name)])),
};

for (const [name, start] of Object.entries(starts)) {
  for (const [format, accept] of formats) {
    test(`prometheus-client accepts ${format}: ${name}`, async (t: TestContext) => {
      const python = requirePeer(t, 'parser');
      if (python === undefined) return;
      const daemon = await start();
      t.after(daemon.close);
      const text = await scrape(daemon.url, accept);
      const theirs = parseWithPython(python, text, format).map(({ name, labels, value }) => [
        seriesKey(renamed.get(name) ?? name, Object.entries(labels)),
        value,
      ]);
      assert.ok(theirs.length >= daemon.recorded, `only ${theirs.length} samples`);
      assert.deepEqual(new Map(theirs as [string, number][]), seriesOf(familiesOf(text, format)));
    });
  }
}
