/**
 * A contract that is drafted from a page is kept by that page, in each format and language: the five hosts, and a contract with
 * every kind.
 */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fromJson, toJson } from '../../../../src/core/contract/index.ts';
import { holdToContract } from '../../../../src/tools/check/hold/index.ts';
import { infer } from '../../../../src/tools/check/infer/infer.ts';
import { writeJson } from '../../../../src/tools/check/infer/write-json.ts';
import { writeTypeScript } from '../../../../src/tools/check/infer/write-typescript.ts';
import { daemonNames, daemons } from '../../../conformance/daemons.ts';
import { random } from '../../../conformance/random.ts';
import { formats, observe, scrape, short } from '../hold/pages.ts';
import { importDraft } from './import-draft.ts';

for (const name of daemonNames) {
  test(`${name}: what its page drafts, its page keeps`, async (t) => {
    const generator = random();
    t.diagnostic(`METERBRIDGE_SEED=${generator.seed}`);
    const daemon = await daemons[name].start(generator);
    t.after(daemon.close);
    daemon.run(200);
    for (const format of formats) {
      const observed = await observe(await scrape(daemon.url, format), format);
      const withSeries = [...observed.families.values()].filter(({ series }) => series > 0);
      for (const language of ['ts', 'json'] as const) {
        const inferred = infer(observed, { language });
        const { contract, left } = inferred;
        const broken = holdToContract(observed, contract, { only: true }).filter(({ severity }) => severity !== 'note');
        assert.deepEqual(broken.map(short), [], `${format} ${language}`);
        const reasons = new Set(
          [...left].map(([series, reason]) => (observed.families.get(series)?.series === 0 ? '' : `${series}: ${reason}`)),
        );
        reasons.delete('');
        assert.deepEqual([...reasons], [], `${format} ${language}`);
        assert.equal(Object.keys(contract.metrics).length, withSeries.length, `${format} ${language}`);
        const read =
          language === 'json'
            ? fromJson(JSON.parse(writeJson(inferred)))
            : (await importDraft(t, writeTypeScript(inferred, { source: format }))).contract;
        assert.deepEqual(toJson(read), { ...toJson(contract), accepts: inferred.accepts }, `${format} ${language}`);
      }
    }
  });
}
