/** What the list of differences says of each program is what it shows, and what users read. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { describe, test } from 'node:test';
import { isDeepStrictEqual } from 'node:util';
import { until } from '../../until.ts';
import type { Outcome } from './differences/difference.ts';
import { differences, listed } from './differences.ts';
import { linesOf, onlyOf } from './page.ts';
import { sendToBoth } from './send.ts';
import { askBoth, type ExporterName, type Format, startTwin } from './twin.ts';

test('the Collector and the service differ as the list says', async (t) => {
  const twin = await startTwin(t);
  if (twin === undefined) return;
  for (const [index, { heading, page, traffic, outcomes, says }] of differences.entries()) {
    const p = `t${index}t`;
    const plain = (line: string) => line.replaceAll(`${p}_`, '').replaceAll(p, 'me');
    const me = { 'service.name': 'svc', 'service.instance.id': p };
    const [name, format] = page.split(' ') as [ExporterName, Format];
    const keeps = (line: string) => line.includes(`${p}_`) || line.includes(`="${p}"`);
    const isListed = (only: Outcome) => outcomes.some((outcome) => isDeepStrictEqual(outcome, only));

    await t.test(`${heading} (${page})`, async () => {
      await sendToBoth(twin, traffic(p, me));
      const only = onlyOf(await askBoth(twin, async (side) => linesOf(await side.page(name, format), format, keeps).map(plain)));
      if (!isListed(only)) assert.deepEqual(only, outcomes[0]);
      if (says !== undefined) await until(`said ${says}`, () => says.test(plain(twin.service.stderr())));
      // One that is no difference has no place in the list.
      else assert.ok(outcomes.some(({ collector, service }) => collector.length + service.length > 0));
    });
  }
});

describe('docs/collector-differences.md', () => {
  const text = readFileSync(new URL('../../../docs/collector-differences.md', import.meta.url), 'utf8');
  const sections = new Map(
    text
      // The debug exporter's text has tests of its own.
      .replace(/^## Debug text$.*/ms, '')
      .split(/^### /m)
      .slice(1)
      .map((section) => {
        const [heading = '', ...lines] = section.split('\n');
        return [heading, lines.join(' ').replaceAll(/\s+/g, ' ')];
      }),
  );

  test('has a section for each difference of the list, and no other', () => {
    assert.deepEqual([...sections.keys()].sort(), [...new Set(listed.map(({ heading }) => heading))].sort());
  });

  for (const { heading, norm } of new Map(
    listed.filter(({ norm }) => norm !== 'ours').map((one) => [one.heading + one.norm, one]),
  ).values())
    test(`${heading}: quotes the norm`, () => {
      assert.ok(sections.get(heading)?.includes(norm), `${norm} is not in ${sections.get(heading)}`);
    });
});
