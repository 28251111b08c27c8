/** Pipelines and extensions: what they name is there, and there is enough of it. */
import type { Findings, Reference } from '../../../core/config/schema/index.ts';
import { placeOf, refuse } from '../../../core/config/schema/refuse.ts';
import type { ReadValue } from '../../../core/config/schema/schema.ts';
import type { Tree } from '../../../core/config/tree.ts';
import { nearest } from '../../../core/errors/nearest.ts';
import type { CheckedPipeline, ComponentKind, Described } from '../config.ts';
import { signalOf } from '../other-signals.ts';
import type { Service } from '../service.ts';
import type { Components } from './check-components.ts';

type Defined<D extends Described> = { readonly [K in ComponentKind as `${K}s`]: Components<D, K> } & {
  /** Ids below `connectors` that have a problem or a warning. Undefined: they could not be read. */
  readonly connectors: ReadonlySet<string> | undefined;
};

export function checkPipelines<D extends Described>(
  { pipelines, extensions }: Service,
  components: Defined<D>,
  root: ReadValue,
  metricsOnly: boolean,
  findings: Findings,
): { readonly pipelines: readonly CheckedPipeline[]; readonly extensions: readonly string[] } {
  const known = (kind: ComponentKind, references: readonly Reference[]) => {
    const connects = (id: string) => (kind === 'receiver' || kind === 'exporter') && components.connectors?.has(id) !== false;
    const unheard = references.filter(({ id }) => !connects(id));
    reportUndefined(kind, unheard, components[`${kind}s`].defined, findings);
    return references.map(({ id }) => id);
  };
  for (const kind of ['receiver', 'exporter'] as const) {
    if (components[`${kind}s`].defined?.size !== 0) continue;
    refuse(placed(root, [`${kind}s`]), findings, 'nothing', `there is at least one ${kind}`, `add ${kind}s:`);
  }
  const taken: CheckedPipeline[] = [];
  if (pipelines.size === 0)
    refuse(
      placed(root, ['service', 'pipelines']),
      findings,
      'nothing',
      'there is at least one pipeline',
      'add service: {pipelines: {metrics: …}}',
    );
  for (const [id, { receivers, processors, exporters }] of pipelines) {
    const here = placed(root, ['service', 'pipelines', id]);
    if (!isOfMetrics(id, here, metricsOnly, findings)) continue;
    if (receivers.length === 0)
      refuse(placed(here, ['receivers']), findings, 'nothing', 'a pipeline has at least one receiver', 'add receivers: [otlp]');
    if (exporters.length === 0)
      refuse(placed(here, ['exporters']), findings, 'nothing', 'a pipeline has at least one exporter', 'add exporters: [debug]');
    onceEach(processors, findings);
    taken.push({
      id,
      receivers: known('receiver', receivers),
      processors: known('processor', processors),
      exporters: known('exporter', exporters),
    });
  }
  if (taken.length === 0 && pipelines.size > 0 && metricsOnly) {
    refuse(placed(root, ['service', 'pipelines']), findings, 'no pipeline of metrics', 'there is at least one', 'add metrics:');
  }
  return { pipelines: taken, extensions: known('extension', extensions) };
}

function isOfMetrics(id: string, here: ReadValue, metricsOnly: boolean, findings: Findings): boolean {
  const signal = signalOf(id);
  if (signal === 'metrics') return true;
  if (signal === undefined) {
    refuse(here, findings, JSON.stringify(id), 'a pipeline is metrics or metrics/NAME', 'write metrics');
  } else if (metricsOnly) {
    findings.warnings.push(`${placeOf(here.tree.at, here.keys)}: only metrics are received here; the pipeline is left out`);
  } else {
    refuse(
      here,
      findings,
      JSON.stringify(id),
      'only metrics are received here',
      'remove the pipeline, or leave all others out with --metrics-only',
    );
  }
  return false;
}

function reportUndefined(
  kind: ComponentKind,
  references: readonly Reference[],
  ids: ReadonlySet<string> | undefined,
  findings: Findings,
): void {
  for (const { id, at } of references) {
    if (ids === undefined || ids.has(id)) continue;
    const near = nearest(id, ids);
    const fix = near === undefined ? `define it below ${kind}s, or take it out` : `write ${near}`;
    findings.problems.push({ at, got: JSON.stringify(id), rule: `there is no such ${kind} below ${kind}s`, fix });
  }
}

function onceEach(processors: readonly Reference[], findings: Findings): void {
  const seen = new Set<string>();
  for (const { id, at } of processors) {
    if (seen.has(id))
      findings.problems.push({
        at,
        got: JSON.stringify(id),
        rule: 'a pipeline has a processor once',
        fix: 'keep one of the two',
      });
    seen.add(id);
  }
}

/** The location of a key, or of the section in which it is missing. */
function placed({ tree, keys }: ReadValue, path: readonly string[]): ReadValue {
  let found: Tree = tree;
  for (const [index, key] of path.entries()) {
    const entry = found.kind === 'section' ? found.entries.get(key) : undefined;
    if (entry === undefined) break;
    found = index === path.length - 1 ? { kind: 'nothing', at: entry.at } : entry.value;
  }
  return { tree: found, keys: [keys, ...path].filter((key) => key !== '').join('.') };
}
