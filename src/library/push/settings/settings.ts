/** Reads push options and `OTEL_*` variables once into complete settings, and reports all problems together. */

import { optionProblems } from '../../../core/errors/check-options.ts';
import { MeterbridgeError, type Problem, problemText } from '../../../core/errors/error.ts';
import { shown } from '../../../core/errors/shown.ts';
import { maxDelayMs } from '../../../core/node/within.ts';
import type { Histograms } from '../../../core/store/index.ts';
import { checkExporterPackages } from '../sdk/packages.ts';
import { resolveEndpoint, showUrl } from './endpoint.ts';
import { type Environment, firstDelay, firstText, isTrue, otlpNames, text, type Warn } from './environment.ts';
import { resolveHeaders } from './headers.ts';
import { resolveHistograms } from './histograms.ts';
import { type Exporter, type Protocol, resolveExporter, resolveProtocol } from './protocol.ts';
import { type ResourceAttributes, resolveResource } from './resource.ts';
import { resolveTemporality, type Temporality } from './temporality.ts';
import { resolveTls, type Tls } from './tls.ts';

export interface PushOptions {
  /** Base URL of the Collector; `/v1/metrics` is appended. Default: the variables, then `http://localhost:4318`. */
  readonly endpoint?: string;
  /** URL for metrics alone, used as it is. Overrides `endpoint`. Default: `OTEL_EXPORTER_OTLP_METRICS_ENDPOINT`. */
  readonly metricsEndpoint?: string;
  /**
   * Added to the headers of the variables; never shown in a log, not even where a server echoes them. Default: those of
   * `OTEL_EXPORTER_OTLP_[METRICS_]HEADERS`.
   */
  readonly headers?: Readonly<Record<string, string>>;
  /** Time between two pushes. Default `OTEL_METRIC_EXPORT_INTERVAL`, then 60,000. */
  readonly intervalMs?: number;
  /**
   * Time for one push with its retries; at most the interval, so that pushes never overlap. Default
   * `OTEL_EXPORTER_OTLP_[METRICS_]TIMEOUT`, then 10,000.
   */
  readonly timeoutMs?: number;
  /** Compression of the request's body. Default `OTEL_EXPORTER_OTLP_[METRICS_]COMPRESSION`, then `none`. */
  readonly compression?: 'none' | 'gzip';
  /**
   * `grpc` is an error; the SDK's exporter supports `http/json` only. Default `OTEL_EXPORTER_OTLP_[METRICS_]PROTOCOL`, then
   * `http/protobuf`.
   */
  readonly protocol?: Protocol;
  /** Meterbridge's own exporter, or the stock one of OpenTelemetry's SDK. Default `meterbridge`. */
  readonly exporter?: Exporter;
  /**
   * Temporality of sums and histograms. `delta`: counters and histograms carry the change since the last push that arrived;
   * `lowmemory`: only recorded ones do, observed ones stay cumulative. The SDK's exporter supports `cumulative` only. Default
   * `OTEL_EXPORTER_OTLP_METRICS_TEMPORALITY_PREFERENCE`, then `cumulative`.
   */
  readonly temporality?: Temporality;
  /**
   * Which buckets of a histogram that has both (`bounds` and `exponential` in the contract): its exponential ones, or those of
   * its bounds. Default
   * `OTEL_EXPORTER_OTLP_METRICS_DEFAULT_HISTOGRAM_AGGREGATION`, then `exponential`.
   */
  readonly histograms?: 'exponential' | 'explicit';
  /**
   * Resource attributes; values are strings. They override those of the variable. Default: those of `OTEL_RESOURCE_ATTRIBUTES`.
   */
  readonly resource?: Readonly<Record<string, string>>;
  /** `service.name`. Default `OTEL_SERVICE_NAME`, then the contract's name. */
  readonly serviceName?: string;
  /**
   * Of the processes that `processes` of the bridge joins: `each` pushes its own series, under a `service.instance.id` of its
   * own; `one`: the oldest pushes the sum of all, under one that they share. `one` is cumulative, and takes Meterbridge's own
   * exporter. Default `each`.
   */
  readonly processes?: 'each' | 'one';
}

/** Complete and frozen. Only `target()` returns secrets, so that printing the settings shows none. */
export interface PushSettings {
  /** The URL in the form for a log. */
  readonly shown: string;
  readonly intervalMs: number;
  /** For one push with its retries; never above the interval. */
  readonly timeoutMs: number;
  readonly compression: 'none' | 'gzip';
  readonly protocol: Protocol;
  readonly exporter: Exporter;
  readonly temporality: Temporality;
  /** Of histograms that have both. */
  readonly histograms: Histograms;
  /** Without `telemetry.sdk.*`, which the exporter adds. */
  readonly resource: ResourceAttributes;
  /** One process pushes the sum of all. */
  readonly forAll: boolean;
  target(): Target;
}

export interface PushContext {
  /** `service.name` where neither options nor variables set one: the contract's name. */
  readonly serviceName: string;
  /** The exporter where the options do not choose one. Default `meterbridge`. */
  readonly exporter?: Exporter;
  /** `service.instance.id` of all processes of the program together. Absent: the bridge shows its own process alone. */
  readonly sharedInstance?: string | undefined;
  /** Receives a log line for values that are unusual but usable, and for contradictions. */
  readonly log: (line: string) => void;
}

export interface Target {
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly tls: Tls;
}

/** Defaults of the OpenTelemetry specification, in milliseconds. */
const defaultIntervalMs = 60_000;
const defaultExportTimeoutMs = 30_000;
const defaultTimeoutMs = 10_000;
const knownExporters = ['otlp', 'prometheus', 'console', 'none'];
export const knownOptions: ReadonlySet<string> = new Set([
  'endpoint',
  'metricsEndpoint',
  'headers',
  'intervalMs',
  'timeoutMs',
  'compression',
  'protocol',
  'exporter',
  'temporality',
  'histograms',
  'resource',
  'serviceName',
  'processes',
]);

/**
 * Undefined when nothing turns push on: no option, no `OTEL_EXPORTER_OTLP_ENDPOINT`, no `OTEL_EXPORTER_OTLP_METRICS_ENDPOINT`,
 * and no
 * `otlp` in `OTEL_METRICS_EXPORTER`. `OTEL_SDK_DISABLED=true` and `OTEL_METRICS_EXPORTER=none` override the options; so does a
 * variable's URL with an undecodable user or password. Unusual values are logged.
 *
 * @param env Usually `process.env`; the SDK's exporter also reads header variables from there.
 * @throws PUSH_CONFIG_INVALID with all problems, if one is in an option; those of variables alone are a log line, and push is
 * off. DEPENDENCY_MISSING if the SDK's exporter is not installed
 */
export function resolvePush(
  options: PushOptions | false | undefined,
  env: Environment,
  context: PushContext,
): PushSettings | undefined {
  const { serviceName, log: warn } = context;
  if (options === false || !turnedOn(options, env, warn)) return undefined;
  const problems: Problem[] = [];
  const given = options ?? {};
  problems.push(...optionProblems(given, 'push', [...knownOptions]));
  if (text(env, 'OTEL_CONFIG_FILE') !== undefined) {
    warn('OTEL_CONFIG_FILE: configuration files are not read; options and the other OTEL_* variables stay in force.');
  }
  const exporter = resolveExporter(given.exporter, context.exporter, problems);
  const protocol = resolveProtocol(given, exporter, env, problems, warn);
  const temporality = resolveTemporality(given.temporality, exporter, env, problems, warn);
  const histograms = resolveHistograms(given.histograms, env, problems, warn);
  const url = resolveEndpoint(given, env, problems, warn);
  const headers = resolveHeaders(given.headers, env, problems, warn);
  const tls = resolveTls(env, problems);
  const forAll = given.processes === 'one';
  problems.push(...processesProblems(given.processes, context.sharedInstance, exporter, temporality));
  const resource = resolveResource(
    given,
    env,
    { serviceName, instance: forAll ? context.sharedInstance : undefined },
    problems,
    warn,
  );
  const intervalMs =
    delayOption('intervalMs', given.intervalMs, problems) ??
    firstDelay(env, ['OTEL_METRIC_EXPORT_INTERVAL'], defaultIntervalMs, warn);
  const exportTimeoutMs = firstDelay(env, ['OTEL_METRIC_EXPORT_TIMEOUT'], defaultExportTimeoutMs, warn);
  const wanted =
    delayOption('timeoutMs', given.timeoutMs, problems) ?? firstDelay(env, otlpNames('TIMEOUT'), defaultTimeoutMs, warn);
  const compression = resolveCompression(given.compression, env, problems, warn);
  if (problems.some(({ at }) => at === 'push' || at.startsWith('push.')))
    throw new MeterbridgeError('PUSH_CONFIG_INVALID', problems);
  if (problems.length > 0) {
    // The variables may be meant for another SDK of the process.
    warn(`push is off: ${problems.map(problemText).join(' ')}`);
    return undefined;
  }
  if (url === undefined) return undefined;
  if (exporter === 'sdk') checkExporterPackages();
  // A push and its retries end before the next one begins.
  const timeoutMs = Math.min(wanted, exportTimeoutMs, intervalMs);
  const target: Target = Object.freeze({ url: url.href, headers, tls });
  const shown = showUrl(url);
  return Object.freeze({
    shown,
    intervalMs,
    timeoutMs,
    compression,
    protocol,
    exporter,
    temporality,
    histograms,
    resource,
    forAll,
    target: () => target,
  });
}

/** The increase since the last push is what one process knows; the next one that pushes does not. */
function processesProblems(given: unknown, shared: string | undefined, exporter: Exporter, temporality: Temporality): Problem[] {
  const location = { at: 'push.processes', got: shown(given) };
  if (given === undefined || given === 'each') return [];
  if (given !== 'one') return [{ ...location, rule: "it must be 'each' or 'one'", fix: 'correct it, or leave it out' }];
  if (shared === undefined)
    return [{ ...location, rule: 'the bridge knows the other processes', fix: "set options.processes: 'all', too" }];
  if (exporter === 'sdk')
    return [{ ...location, rule: "the SDK's exporter pushes one process", fix: "leave out exporter: 'sdk'" }];
  if (temporality === 'cumulative') return [];
  return [
    { ...location, rule: 'the sum of all processes is pushed as cumulative totals', fix: "set push.temporality: 'cumulative'" },
  ];
}

function turnedOn(options: PushOptions | undefined, env: Environment, warn: Warn): boolean {
  const off = (because: string) => {
    if (options !== undefined) warn(`${because}: nothing is pushed, although the push option asks for it.`);
    return false;
  };
  if (isTrue(env, 'OTEL_SDK_DISABLED')) return off('OTEL_SDK_DISABLED is true');
  const listed = text(env, 'OTEL_METRICS_EXPORTER')
    ?.split(',')
    .map((name) => name.trim())
    .filter((name) => name !== '');
  for (const name of listed ?? []) {
    if (knownExporters.includes(name)) continue;
    warn(`OTEL_METRICS_EXPORTER: got ${JSON.stringify(name)}; known are ${knownExporters.join(', ')}. It is ignored.`);
  }
  if (listed?.includes('console')) warn('OTEL_METRICS_EXPORTER: console is not offered; read /metrics instead. It is ignored.');
  if (listed?.includes('none')) return off('OTEL_METRICS_EXPORTER holds none');
  if (options !== undefined || listed?.includes('otlp')) return true;
  return (listed === undefined || listed.length === 0) && firstText(env, otlpNames('ENDPOINT')) !== undefined;
}

function delayOption(name: string, value: unknown, problems: Problem[]): number | undefined {
  if (value === undefined) return undefined;
  if (typeof value === 'number' && value > 0 && value <= maxDelayMs) return value;
  const got = shown(value);
  const rule = `it must be a number of milliseconds above 0 and at most ${maxDelayMs}`;
  problems.push({ at: `push.${name}`, got, rule, fix: 'correct it, or leave it out for the default' });
  return undefined;
}

function resolveCompression(option: unknown, env: Environment, problems: Problem[], warn: Warn): 'none' | 'gzip' {
  if (option === 'none' || option === 'gzip') return option;
  if (option !== undefined) {
    const got = shown(option);
    problems.push({ at: 'push.compression', got, rule: "it must be 'none' or 'gzip'", fix: "write 'gzip', or leave it out" });
  }
  for (const at of otlpNames('COMPRESSION')) {
    const value = text(env, at);
    if (value === 'none' || value === 'gzip') return value;
    if (value !== undefined) warn(`${at}: got ${JSON.stringify(value)}; it must be none or gzip. It is ignored.`);
  }
  return 'none';
}
