/** From the sources that the command line names to a checked configuration, or to all that is wrong with it. */
import { byPosition } from '../../core/config/by-position.ts';
import { type Findings, type Plain, raw, section, wholeDouble, wrong } from '../../core/config/schema/index.ts';
import type { Tree } from '../../core/config/tree.ts';
import { checkAddresses } from './check/check-addresses.ts';
import { checkBatching } from './check/check-batching.ts';
import { checkComponents } from './check/check-components.ts';
import { checkNeeds } from './check/check-needs.ts';
import { checkPipelines } from './check/check-pipelines.ts';
import type { CheckedComponent, CheckedConfig, ComponentKind, Described, ReadConfig, ReadOptions, Sources } from './config.ts';
import { usageOf } from './other-signals.ts';
import { service as serviceSchema } from './service.ts';
import { expand } from './sources/expand.ts';
import { createProvide } from './sources/provide.ts';
import { readSources } from './sources/sources.ts';

const root = section({
  receivers: raw(),
  processors: raw(),
  exporters: raw(),
  connectors: raw(),
  extensions: raw(),
  service: raw(),
});

/** @param components those that there are; a component's settings are whatever its schema reads */
export function readConfig<D extends Described>(
  sources: Sources,
  components: readonly D[],
  options: ReadOptions = {},
): ReadConfig<D> {
  const { metricsOnly = false, env = process.env } = options;
  const findings: Findings = { problems: [], warnings: [] };
  const provide = createProvide(env);
  const sourced = readSources(sources, provide, findings.problems);
  const config = sourced && checked(expand(sourced, provide, findings), components, metricsOnly, findings);
  const problems = byPosition(findings.problems);
  const { warnings } = findings;
  if (config === undefined || problems.length > 0) return { ok: false, problems, warnings };
  return { ok: true, config, warnings, print: (unredacted) => printConfig(config, unredacted) };
}

function checked<D extends Described>(
  tree: Tree,
  components: readonly D[],
  metricsOnly: boolean,
  findings: Findings,
): CheckedConfig<D> | undefined {
  const found = root.read({ tree, keys: '' }, findings);
  if (found === wrong) return undefined;
  const service = serviceSchema.read({ tree: found.service, keys: 'service' }, findings);
  const usedBy = metricsOnly && service !== wrong ? usageOf(service) : undefined;
  const of = <K extends ComponentKind>(kind: K) =>
    checkComponents<D, K>(kind, { tree: found[`${kind}s`], keys: `${kind}s` }, components, usedBy, findings);
  const all = { receivers: of('receiver'), processors: of('processor'), exporters: of('exporter'), extensions: of('extension') };
  const connectors = checkComponents('connector', { tree: found.connectors, keys: 'connectors' }, [], usedBy, findings).defined;
  if (service === wrong) return undefined;
  const { pipelines, extensions } = checkPipelines(service, { ...all, connectors }, { tree, keys: '' }, metricsOnly, findings);
  const config: CheckedConfig<D> = Object.freeze({
    receivers: all.receivers.checked,
    processors: all.processors.checked,
    exporters: all.exporters.checked,
    extensions: all.extensions.checked,
    service: Object.freeze({ extensions, pipelines, telemetry: service.telemetry }),
  });
  checkAddresses(config, tree, findings);
  checkNeeds(config, all.extensions.defined, findings);
  checkBatching(config, findings);
  return config;
}

/** As the user would write it, with the defaults. */
export function printConfig<D extends Described>(config: CheckedConfig<D>, unredacted: boolean): Plain {
  return escaped(print(config, unredacted));
}

function print<D extends Described>(config: CheckedConfig<D>, unredacted: boolean): Plain {
  const one = ({ factory, settings }: CheckedComponent) => factory.schema.print(settings, unredacted) ?? null;
  const all = (of: ReadonlyMap<string, CheckedComponent>) =>
    Object.fromEntries([...of].map(([id, component]) => [id, one(component)]));
  const { receivers, processors, exporters, extensions, service } = config;
  const pipelines = Object.fromEntries(service.pipelines.map(({ id, ...lists }) => [id, lists]));
  const telemetry = serviceSchema.print({ extensions: [], pipelines: new Map(), telemetry: service.telemetry }, unredacted) as {
    telemetry: Plain;
  };
  return {
    receivers: all(receivers),
    ...(processors.size === 0 ? {} : { processors: all(processors) }),
    exporters: all(exporters),
    ...(extensions.size === 0 ? {} : { extensions: all(extensions) }),
    service: { extensions: service.extensions, pipelines, telemetry: telemetry.telemetry },
  };
}

/** `$` as it is written in a value; keys have no references. */
function escaped(plain: Plain): Plain {
  if (typeof plain === 'string') return plain.replaceAll('$', '$$$$');
  if (Array.isArray(plain)) return plain.map(escaped);
  if (typeof plain !== 'object' || plain === null || wholeDouble(plain) !== undefined) return plain;
  return Object.fromEntries(Object.entries(plain).map(([key, value]) => [key, escaped(value)]));
}
