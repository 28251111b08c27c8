/** `promtool check metrics` has nothing to say of what is served as text 0.0.4, but for the exceptions listed here. */
import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { type Daemon, scrape } from './equality.ts';
import { startFixtureDaemon } from './fixture-daemon.ts';
import { requirePeer } from './peers.ts';
import { checkMetrics } from './promtool.ts';
import { random } from './random.ts';
import { startRunwispDaemon } from './runwisp-daemon.ts';

/** Findings that are accepted, each with the reason. */
const exceptions: Readonly<Record<string, readonly string[]>> = { fixture: [], RunWisp: [] };

interface Played extends Daemon {
  close(): Promise<void>;
}

const daemons: Readonly<Record<string, () => Promise<Played>>> = {
  async fixture() {
    const daemon = await startFixtureDaemon(random());
    daemon.workload.run(100);
    return daemon;
  },
  async RunWisp() {
    const daemon = await startRunwispDaemon(random());
    daemon.run(10);
    return daemon;
  },
};

for (const [name, start] of Object.entries(daemons)) {
  test(`promtool check metrics: ${name}`, async (t: TestContext) => {
    const binary = requirePeer(t, 'promtool');
    if (binary === undefined) return;
    const daemon = await start();
    t.after(daemon.close);
    assert.deepEqual(checkMetrics(binary, await scrape(daemon.url, 'text/plain;version=0.0.4')), exceptions[name]);
  });
}
