/** Our page says what the real crate's says of the same events: families, types, texts, labels, buckets and values. */
import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { solti, soltiBackend } from '../../instrumentation/solti/index.ts';
import { contract, meterbridge } from '../../src/index.ts';
import { testClock } from '../../src/testing.ts';
import { holdToContract } from '../../src/tools/check/hold/index.ts';
import { scrape } from '../instrumentation/golden.ts';
import { observe, short } from '../tools/check/hold/pages.ts';
import { requirePeer } from './peers.ts';
import { random } from './random.ts';
import { familiesOf, seriesOf } from './series.ts';
import { type Collector, eventsFor, pageOfCrate, type SoltiEvent } from './solti-crate.ts';

const all: readonly Collector[] = ['runner', 'subscriber', 'api', 'discover', 'state', 'build_info'];
const lastSuccess = 'solti_discover_last_success_timestamp_seconds{}';
const someTimeMs = Date.UTC(2026, 0, 1);

/** What ours shows after the same events. */
async function ourPage(collectors: readonly Collector[], events: readonly SoltiEvent[]): Promise<string> {
  const registry = meterbridge(contract('agent', {}), { isolated: true, push: false, clock: testClock(someTimeMs) });
  const buildInfo = collectors.includes('build_info') ? { buildInfo: { version: '1.4.2' } } : {};
  const backend = soltiBackend({ registry, ...buildInfo });
  if (collectors.includes('discover')) backend.discovery();
  for (const { tell } of events) tell(backend);
  return (await scrape(registry, 'text/plain;version=0.0.4')).text;
}

function metadataOf(page: string): readonly string[] {
  return familiesOf(page, 'text')
    .map(({ name, kind, help }) => `${name} ${kind} ${help}`)
    .sort();
}

function samplesOf(page: string): Map<string, number> {
  return new Map([...seriesOf(familiesOf(page, 'text'))].sort(([a], [b]) => (a < b ? -1 : 1)));
}

const cases: readonly (readonly [name: string, collectors: readonly Collector[], happens: boolean])[] = [
  ['everything happens', all, true],
  ['nothing has happened', all, false],
  ['a program without API and discovery', ['runner', 'subscriber', 'state'], true],
];

for (const [name, collectors, happens] of cases) {
  test(`solti-prometheus 0.0.2: ${name}`, async (t: TestContext) => {
    const program = requirePeer(t, 'soltiCrate');
    if (program === undefined) return;
    const chance = random();
    t.diagnostic(`METERBRIDGE_SEED=${chance.seed}`);
    const events = happens ? eventsFor(collectors, 500, chance) : [];
    const before = Date.now() / 1_000;
    const [page, ours] = [pageOfCrate(program, collectors, events), await ourPage(collectors, events)];
    assert.deepEqual(metadataOf(ours), metadataOf(page));
    const [expected, shown] = [samplesOf(page), samplesOf(ours)];
    const times = [expected.get(lastSuccess), shown.get(lastSuccess)];
    if (happens && collectors.includes('discover')) {
      // Each by its own clock.
      const [theirs = 0, own] = times;
      assert.ok(theirs >= before && theirs <= Date.now() / 1_000, String(theirs));
      assert.equal(own, someTimeMs / 1_000);
      for (const samples of [expected, shown]) samples.delete(lastSuccess);
    }
    assert.deepEqual(shown, expected);
  });
}

test('the contract is kept by the page of the crate, whatever collectors a program has', async (t: TestContext) => {
  const program = requirePeer(t, 'soltiCrate');
  if (program === undefined) return;
  for (const [, collectors, happens] of cases) {
    const page = pageOfCrate(program, collectors, happens ? eventsFor(collectors, 100, random()) : []);
    const broken = holdToContract(await observe(page, 'text'), solti, { only: true }).filter(
      ({ severity }) => severity !== 'note',
    );
    assert.deepEqual(broken.map(short), []);
  }
});

test('where ours differs: no gauge falls below 0, and the hundred-and-first path is `other`', async (t: TestContext) => {
  const program = requirePeer(t, 'soltiCrate');
  if (program === undefined) return;
  const requested = (path: string): SoltiEvent => ({
    lines: [`record_request http GET ${path} 404 1`],
    tell: ({ api }) => api.requestCompleted('http', 'GET', path, 404, 1),
  });
  const ended: SoltiEvent = { lines: ['record_in_flight_delta http -1'], tell: ({ api }) => api.requestEnded('http') };
  const events = [ended, ...Array.from({ length: 101 }, (_, at) => requested(`/${at}`))];
  const [theirs, ours] = [samplesOf(pageOfCrate(program, ['api'], events)), samplesOf(await ourPage(['api'], events))];
  const inFlight = 'solti_api_in_flight_requests{transport="http"}';
  assert.deepEqual([theirs.get(inFlight), ours.get(inFlight)], [-1, 0]);
  const last = (path: string) => `solti_api_requests_total{method="GET",path="${path}",status="404",transport="http"}`;
  assert.deepEqual([theirs.get(last('/100')), ours.get(last('/100')), ours.get(last('other'))], [1, undefined, 1]);
});
