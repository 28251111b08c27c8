/** The contracts of the five hosts, held to pages that their recorders serve: kept in every format, and the formats agree. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { compareFormats, holdToContract } from '../../../../src/tools/check/hold/index.ts';
import { daemonNames, daemons } from '../../../conformance/daemons.ts';
import { random } from '../../../conformance/random.ts';
import { errorsOf, formats, observe, scrape, short } from './pages.ts';

for (const name of daemonNames) {
  test(`${name} keeps its contract in every format`, async (t) => {
    const { contract, start } = daemons[name];
    const generator = random();
    t.diagnostic(`METERBRIDGE_SEED=${generator.seed}`);
    const daemon = await start(generator);
    t.after(daemon.close);
    daemon.run(200);
    const observed = await Promise.all(formats.map(async (format) => observe(await scrape(daemon.url, format), format)));
    for (const each of observed) {
      assert.ok(each.families.size >= Object.keys(contract.metrics).length, `${each.families.size} families in ${each.format}`);
      assert.deepEqual(errorsOf(holdToContract(each, contract)), [], each.format);
    }
    assert.deepEqual(compareFormats(observed).map(short), []);
    daemon.lose();
    for (const format of formats) {
      assert.deepEqual(errorsOf(holdToContract(await observe(await scrape(daemon.url, format), format), contract)), [], format);
    }
  });
}
