/**
 * Daemons push to the service, and the service sends on to Prometheus 3's own receiver of OTLP: there are the series that each
 * daemon serves, and no others, with equal values.
 */
import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { type DaemonCase, type DaemonName, daemonNames, daemons } from './daemons.ts';
import { assertNothingLeftOut, scrape } from './equality.ts';
import { inReverse } from './in-reverse.ts';
import { requirePeer } from './peers.ts';
import { type Prometheus, runPrometheus } from './prometheus.ts';
import { random } from './random.ts';
import { compare, familiesOf, type SeriesMap, seriesKey, seriesOf } from './series.ts';
import { startService } from './service.ts';

const rounds = 2;
const steps = 200;

/** Not every metric of the first is its contract's. */
const prefixes: Partial<Record<DaemonName, string>> = { 'every kind': 'fixture|library' };

/** What Prometheus has at some time. */
async function stored(prometheus: Prometheus, prefix: string, atMs: number): Promise<SeriesMap> {
  const samples = await prometheus.query(`{__name__=~"(${prefix})_.+"}`, atMs / 1_000);
  return new Map(
    samples.map(({ labels: { __name__: name = '', ...labels }, value }) => [
      seriesKey(name, Object.entries(labels)),
      numberOf(value),
    ]),
  );
}

const numberOf = (text: string) => Number(text.replace('Inf', 'Infinity'));

test('daemon → service → Prometheus 3: the series and values that each daemon serves', async (t: TestContext) => {
  const binary = requirePeer(t, 'prometheus3');
  if (binary === undefined) return;
  const atEnd = inReverse(t);
  const generator = random();
  t.diagnostic(`METERBRIDGE_SEED=${generator.seed}`);
  const prometheus = await runPrometheus(t, binary, { scrape_configs: [] }, { args: ['--web.enable-otlp-receiver'] });
  atEnd(prometheus.stop);
  const service = await startService(t, {
    otlp_http: { endpoint: `${prometheus.url}/api/v1/otlp`, sending_queue: { wait_for_result: true } },
  });
  atEnd(service.stop);

  for (const name of daemonNames) {
    await t.test(name, async (t) => {
      const { contract, start }: DaemonCase = daemons[name];
      const daemon = await start(generator, service.endpoint);
      t.after(daemon.close);
      const equal = async (when: string) => {
        daemon.advance();
        const pulled = seriesOf(familiesOf(await scrape(daemon.url, 'text/plain'), 'text'));
        await daemon.push();
        const { compared, ...differing } = compare(
          pulled,
          await stored(prometheus, prefixes[name] ?? contract.name, daemon.now()),
          Object.is,
        );
        assert.deepEqual(differing, { differingSeries: [], differingValues: [] }, when);
        t.diagnostic(`${when}: ${compared} series compared; 0 differ`);
        return pulled;
      };
      for (let round = 1; round <= rounds; round++) {
        daemon.run(steps);
        const pulled = await equal(`round ${round}`);
        assertNothingLeftOut(contract, pulled);
        for (const [key, value] of daemon.truth()) assert.equal(pulled.get(key), value, key);
      }
      daemon.lose();
      await equal('after series have gone');
      daemon.run(steps);
      await equal('after series have come back');
    });
  }
});
