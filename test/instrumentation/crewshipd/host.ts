/** A crewshipd of which only the metrics are there, with a clock that stands. */
import type { TestContext } from 'node:test';
import { type CrewshipdProbes, crewshipd, crewshipdRecorder } from '../../../instrumentation/crewshipd/index.ts';
import { testBridge, testClock } from '../../../src/testing.ts';
import { scrape as scrapeOf } from '../golden.ts';
import { now, probes } from './probes.ts';

export function host(t: TestContext, changes: Partial<CrewshipdProbes> = {}) {
  const clock = testClock(now);
  const { bridge, log } = testBridge(crewshipd('crew-1'), { clock });
  t.after(bridge.close);
  const detach = crewshipdRecorder(bridge, probes({ clock, ...changes }));
  const scrape = (accept?: string) => scrapeOf(bridge, accept);
  /** Samples whose name begins with `crewshipd_` and this, without the label `hostname`. */
  async function samples(prefix: string): Promise<string[]> {
    const { text } = await scrape();
    return text
      .split('\n')
      .filter((line) => line.startsWith(`crewshipd_${prefix}`))
      .map((line) => line.replace(/hostname="crew-1",?/, '').replace('{}', ''));
  }
  return { bridge, clock, detach, log, samples, scrape };
}
