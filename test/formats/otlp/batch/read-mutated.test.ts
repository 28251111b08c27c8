/** Requests with bytes changed, cut off, doubled and left out: read or refused, as decoders do that know nothing of ours. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readBatch } from '../../../../src/formats/otlp/batch/batch.ts';
import { jsonToProtobuf } from '../../../../src/formats/otlp/json/to-protobuf.ts';
import { MalformedRequest } from '../../../../src/formats/otlp/wire/malformed.ts';
import { random } from '../../../conformance/random.ts';
import { full } from '../../../full.ts';
import { decodeGenerated, request } from '../generated.ts';
import { mutate } from '../mutate.ts';
import { pointNode, wholeBatch } from '../whole-batch.ts';
import { Choices, writeRandom } from '../wire-forms.ts';

const cases = Number(process.env.METERBRIDGE_MUTANTS ?? (full ? 20_000 : 4_000));
const seed = Number(process.env.METERBRIDGE_SEED ?? 1);
const originals = 500;
/** What an attempt gives, or the refusal; any other error passes through. */
function attempt<T>(run: () => T): T | MalformedRequest {
  try {
    return run();
  } catch (error) {
    if (!(error instanceof MalformedRequest)) throw error;
    assert.match(error.message, /^[\w.[\]]+ \(byte \d+\): ./);
    return error;
  }
}

/** Why another decoder refuses it; undefined when it does not. */
function refusal(run: () => unknown): string | undefined {
  try {
    run();
    return undefined;
  } catch (error) {
    return String(error);
  }
}

/**
 * What we refuse and protobufjs takes: a known field of another wire type as an unknown one, ids of any length, and in unknown
 * fields varints of more bytes than protobuf allows.
 */
const stricter = /wire type|want (8|16), or none|deep|within ten bytes/;

test('mutated protobuf is read as a generated decoder reads it, or refused with a place', () => {
  const chance = random(seed);
  const all = Array.from({ length: originals }, () =>
    writeRandom(request, new Choices(Uint8Array.from({ length: 250 }, () => chance.between(0, 255)))),
  );
  let refused = 0;
  for (let count = 0; count < cases; count++) {
    const bytes = mutate(chance.pick(all), chance);
    const batch = attempt(() => readBatch(bytes));
    const theirs = refusal(() => request.decode(bytes));
    const hex = Buffer.from(bytes).toString('hex');
    if (batch instanceof MalformedRequest) {
      refused++;
      if (theirs === undefined) assert.match(batch.message, stricter, hex);
      continue;
    }
    // Wrong text is no reason to refuse all the rest.
    if (theirs !== undefined) assert.match(theirs, /utf-?8/i, hex);
    wholeBatch(batch, (point, type) => pointNode(batch, point, type));
    if (theirs === undefined) assert.equal(batch.points + batch.rejected, pointsOf(bytes), hex);
  }
  assert.ok(refused > cases / 10 && refused < cases * 0.9, `${refused} of ${cases} refused: the mutations say nothing`);
});

function pointsOf(bytes: Uint8Array): number {
  let points = 0;
  for (const { scopeMetrics } of decodeGenerated(bytes).resourceMetrics) {
    for (const { metrics } of scopeMetrics) {
      for (const { gauge, sum, histogram, exponentialHistogram, summary } of metrics) {
        points += (gauge ?? sum ?? histogram ?? exponentialHistogram ?? summary)?.dataPoints.length ?? 0;
      }
    }
  }
  return points;
}

/** As OTLP writes it: bytes in base64, ids in hexadecimal, what is no number as strings. */
function jsonForm(value: unknown, key = ''): unknown {
  if (value instanceof Uint8Array) return Buffer.from(value).toString(/Id$/.test(key) ? 'hex' : 'base64');
  if (typeof value === 'bigint' || (typeof value === 'number' && !Number.isFinite(value))) return String(value);
  if (Array.isArray(value)) return value.map((one) => jsonForm(one));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([inner, one]) => [inner, jsonForm(one, inner)]));
}

test('mutated JSON becomes protobuf that can be read, or is refused with a place', () => {
  const chance = random(seed);
  const all = Array.from({ length: originals }, () => {
    const bytes = writeRandom(request, new Choices(Uint8Array.from({ length: 200 }, () => chance.between(0, 255))));
    return Buffer.from(JSON.stringify(jsonForm(decodeGenerated(bytes))));
  });
  for (const one of all) readBatch(jsonToProtobuf(one));
  let refused = 0;
  for (let count = 0; count < cases; count++) {
    const text = mutate(chance.pick(all), chance);
    const bytes = attempt(() => jsonToProtobuf(text));
    const theirs = refusal(() => JSON.parse(new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(text)));
    if (bytes instanceof MalformedRequest) refused++;
    else {
      assert.equal(theirs, undefined, text.toString());
      readBatch(bytes);
    }
  }
  assert.ok(refused > cases / 10 && refused < cases * 0.9, `${refused} of ${cases} refused: the mutations say nothing`);
});
