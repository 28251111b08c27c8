/** A page in JSON: read, held against the schema of docs/formats.md, and as samples named as in text. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { sample } from './protobuf-samples.ts';

type JsonNumber = number | 'NaN' | '+Inf' | '-Inf';

export interface JsonMetric {
  readonly labels: Readonly<Record<string, string>>;
  readonly value?: JsonNumber;
  readonly buckets?: readonly { readonly le: JsonNumber; readonly count: JsonNumber; readonly exemplar?: object }[];
  readonly quantiles?: readonly { readonly quantile: number; readonly value: JsonNumber }[];
  readonly sum?: JsonNumber;
  readonly count?: JsonNumber;
  readonly exemplar?: object;
  readonly created?: number;
  readonly timestamp?: number;
}

export interface JsonFamily {
  readonly name: string;
  readonly type: string;
  readonly unit?: string;
  readonly help?: string;
  readonly metrics: readonly JsonMetric[];
}

const page = readFileSync(new URL('../../../docs/formats.md', import.meta.url), 'utf8');
const blocks = [...page.matchAll(/```json\n(.*?)```/gs)].map(
  ([, text]) => JSON.parse(text as string) as Readonly<Record<string, unknown>>,
);
const schema = blocks.find((block) => '$schema' in block);
assert.ok(schema !== undefined, 'docs/formats.md has the schema');
const matches = new Ajv2020({ strict: true, strictTypes: false, strictRequired: false }).compile(schema);
/** What the page shows ahead of the schema. */
export const example: unknown = blocks.find((block) => 'families' in block);

export function assertValid(value: unknown): asserts value is { readonly families: readonly JsonFamily[] } {
  assert.ok(matches(value), JSON.stringify(matches.errors));
}

export function isValid(value: unknown): boolean {
  return matches(value);
}

/** Strict UTF-8 (RFC 8259, section 8.1). */
export function readJsonPage(body: Uint8Array): readonly JsonFamily[] {
  const read: unknown = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(body));
  assertValid(read);
  return read.families;
}

export function numberOf(value: JsonNumber): number {
  return typeof value === 'number' ? value : Number(value.replace('Inf', 'Infinity'));
}

export function jsonSamples(families: readonly JsonFamily[]): readonly string[] {
  return families.flatMap(({ name, metrics }) => metrics.flatMap((metric) => ofMetric(name, metric)));
}

function ofMetric(name: string, { labels: own, value, buckets = [], quantiles = [], sum, count }: JsonMetric): readonly string[] {
  const labels = Object.entries(own);
  if (value !== undefined) return [sample(name, labels, numberOf(value))];
  assert.ok(sum !== undefined && count !== undefined);
  return [
    ...buckets.map((one) => sample(`${name}_bucket`, [...labels, ['le', String(one.le)]], numberOf(one.count))),
    ...quantiles.map((one) => sample(name, [...labels, ['quantile', String(one.quantile)]], numberOf(one.value))),
    sample(`${name}_sum`, labels, numberOf(sum)),
    sample(`${name}_count`, labels, numberOf(count)),
  ];
}
