/**
 * Rows that the real library brought out: github.com/prometheus/otlptranslator v1.0.0, which the Collector's `prometheus`
 * exporter 0.159.0 requires, called as that exporter calls it. `metrics`: strategy, kind, name, unit, output of
 * MetricNamer.Build; `namespaced`: the same behind a namespace, which comes second; `labels`: strategy, runs of `_`, attribute,
 * output of LabelNamer.Build; `units`: unit, output of UnitNamer.Build. An error is `''`. Half of the rows were chosen, half are
 * random. Left out are names that the library cuts inside a character (invalid UTF-8).
 */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { familyName } from '../../../src/core/naming/family-name.ts';
import type { Kind } from '../../../src/core/naming/kind.ts';
import { labelName, type UnderscoreRuns } from '../../../src/core/naming/label-name.ts';
import type { Strategy } from '../../../src/core/naming/strategy.ts';
import { unitWord } from '../../../src/core/naming/unit-word.ts';

interface Cases {
  metrics: [Strategy, Kind, string, string, string][];
  namespaced: [Strategy, string, Kind, string, string, string][];
  labels: [Strategy, UnderscoreRuns, string, string][];
  units: [string, string][];
}

const cases: Cases = JSON.parse(readFileSync(new URL('otlptranslator.cases.json', import.meta.url), 'utf8'));

for (const [strategy, kind, name, unit, expected] of cases.metrics) {
  test(`otlptranslator: ${strategy}, ${kind} ${JSON.stringify(name)}, unit ${JSON.stringify(unit)}`, () => {
    assert.equal(familyName({ name, unit, kind }, strategy), expected);
  });
}

for (const [strategy, namespace, kind, name, unit, expected] of cases.namespaced) {
  test(`otlptranslator: ${strategy}, namespace ${namespace}, ${kind} ${JSON.stringify(name)}, unit ${JSON.stringify(unit)}`, () => {
    assert.equal(familyName({ name, unit, kind }, strategy, namespace), expected);
  });
}

for (const [strategy, runs, attribute, expected] of cases.labels) {
  test(`otlptranslator: ${strategy}, attribute ${JSON.stringify(attribute)}, ${runs}`, () => {
    assert.equal(labelName(attribute, strategy, runs), expected);
  });
}

for (const [unit, expected] of cases.units) {
  test(`otlptranslator: unit ${JSON.stringify(unit)}`, () => assert.equal(unitWord(unit), expected));
}
