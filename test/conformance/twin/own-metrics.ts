/** The metrics that both programs show of themselves, where they count what their exporters and filters do. */

import { parseExposition } from '../../../src/formats/exposition/parse/parse.ts';
import type { ParsedFamily, ParsedSample } from '../../../src/formats/exposition/parse/parsed.ts';
import { askBoth, type Both, type Side, type Twin } from './twin.ts';

/** At the port of `prometheus/plain`, which no pipeline uses then; names as a Collector without any `readers` shows them. */
export const ownMetricsYaml = `yaml:service: {telemetry: {metrics: {level: normal, readers: [{pull: {exporter: {prometheus: {
  host: 127.0.0.1, port: "\${env:PLAIN_PORT}", without_type_suffix: true, without_units: true, without_scope_info: true}}}}]}}}`;

/** Of the Collector alone: `otlp_http`'s own labels, which say again what the configuration does. */
const labelsThere = ['server_address', 'server_port', 'url_path'];
/** Of the Collector alone. */
const familiesThere = ['otelcol_exporter_in_flight_requests'];

export interface ExporterMetrics {
  /** By name. */
  readonly kinds: Readonly<Record<string, string>>;
  /** Value by `NAME EXPORTER`; a counter of 0 is left out, since the Collector's has no series before it has counted. */
  readonly values: Readonly<Record<string, number>>;
}

/** What is compared of both, once nothing is under way but for the exporters in `waiting`. Undefined: not yet. */
export async function exporterMetrics(twin: Twin, waiting: readonly string[] = []): Promise<Both<ExporterMetrics> | undefined> {
  const both = await askBoth(twin, read);
  const rests = ({ values }: ExporterMetrics): boolean =>
    Object.entries(values).every(([key, value]) => {
      const [name, id = ''] = key.split(' ');
      return name !== 'otelcol_exporter_queue_size' || value === 0 || waiting.includes(id);
    });
  return rests(both.collector) && rests(both.service) ? both : undefined;
}

export interface FilterMetrics {
  /** Undefined: there is no sample. */
  readonly kind: string | undefined;
  /** Value by `filter=ID`. */
  readonly values: Readonly<Record<string, number>>;
}

/** Points that each filter has dropped. */
export async function filterMetrics(side: Side): Promise<FilterMetrics> {
  const isTheirs = ({ name, samples }: ParsedFamily) =>
    name === 'otelcol_processor_filter_datapoints_filtered' && samples.length > 0;
  const family = (await pageOf(side)).find(isTheirs);
  const values =
    family?.samples.map(({ labels, value }) => [labels.map((label) => label.join('=')).join(), value] as const) ?? [];
  return { kind: family?.kind, values: Object.fromEntries(values) };
}

async function pageOf(side: Side): Promise<readonly ParsedFamily[]> {
  const parsed = parseExposition(await side.page('plain', 'text'), 'text');
  if (!parsed.ok) throw new Error(`${side.name}: ${JSON.stringify(parsed.problems)}`);
  return parsed.families;
}

async function read(side: Side): Promise<ExporterMetrics> {
  const families = (await pageOf(side)).filter(({ name }) => name.startsWith('otelcol_exporter_') && !isThere(side, name));
  const samples = families.flatMap((family) => family.samples.filter(({ value }) => family.kind !== 'counter' || value !== 0));
  return {
    kinds: Object.fromEntries(families.map(({ name, kind }) => [name, kind])),
    values: Object.fromEntries(samples.map((sample) => [keyOf(sample, side), sample.value])),
  };
}

const isThere = (side: Side, name: string): boolean => side.name === 'collector' && familiesThere.includes(name);

function keyOf({ name, labels }: ParsedSample, side: Side): string {
  const all = [...labels].filter(([label]) => side.name === 'service' || !labelsThere.includes(label));
  const others = all.filter(([label]) => label !== 'exporter').map(([label, value]) => ` ${label}=${value}`);
  return `${name} ${all.find(([label]) => label === 'exporter')?.[1]}${others.join('')}`;
}
