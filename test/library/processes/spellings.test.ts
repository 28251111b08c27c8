/**
 * Processes that were first to record different spellings of one set of attributes: Prometheus keeps labels as text, and an empty
 * one as none ("Data model").
 */
import { test } from 'node:test';
import { isDeepStrictEqual } from 'node:util';
import { until } from '../../until.ts';
import { directoryOf } from './bridges.ts';

const skip = process.platform === 'win32';

test("each process's spelling adds up in one series", { skip }, async (t) => {
  const directory = directoryOf(t);
  const [one, other] = [await directory.join({}), await directory.join({})];
  const hits = [one, other].map(({ bridge }) => bridge.meterProvider.getMeter('lib').createCounter('lib.hits'));
  hits[0]?.add(1, { k: 1 });
  hits[1]?.add(10, { k: '1' });
  hits[0]?.add(2, { a: 'x' });
  hits[1]?.add(20, { a: 'x', b: '' });
  const scope = 'otel_scope_name="lib",otel_scope_version=""';
  const expected = { [`lib_hits_total{k="1",${scope}}`]: 11, [`lib_hits_total{a="x",${scope}}`]: 22 };
  await until('at one series for both spellings', async () => {
    const shown = Object.entries(await one.scrape()).filter(([name]) => name.startsWith('lib_hits'));
    return isDeepStrictEqual(Object.fromEntries(shown), expected);
  });
});
