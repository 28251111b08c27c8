/**
 * Grafana's dashboards: the classic schema with panels, rows and library panels, the export form with `__inputs`, schema v2 with
 * `elements`, and the alerts of its provisioning. A dashboard is read by what every version has: an object with `expr` is a
 * query, wherever it is.
 */
import { entriesAt, get, listAt, type MapNode, type Node, type ScalarNode, textAt, wordAt } from '../source/node.ts';
import { partOf, type Text } from '../source/text.ts';
import { type Language, type UsedExpression, type Uses, withoutVariables } from './use.ts';
import { masked } from './variables.ts';

/** Objects in each other. */
const mostNested = 200;

/** Datasources whose queries are not PromQL. */
const others =
  /loki|influx|elastic|opensearch|graphite|tempo|jaeger|zipkin|cloudwatch|stackdriver|mysql|postgres|mssql|clickhouse|pyroscope|testdata/i;

interface Place {
  /** `dashboard API, panel "Errors"`. */
  readonly name: string;
  readonly kind: 'panel' | 'variable' | 'annotation' | 'alert';
  /** The queries of the panel, for what refers to their labels. */
  readonly panel: UsedExpression[];
  /** Whether its datasource is known to be another one. */
  readonly other: boolean;
  readonly nested: number;
}

/** Whether it reads the document. */
export function readDashboard(document: Node, uses: Uses): boolean {
  const root = get(document, 'dashboard')?.kind === 'map' ? get(document, 'dashboard') : document;
  const spec = get(root, 'elements') === undefined && get(root, 'spec', 'elements') !== undefined ? get(root, 'spec') : root;
  const classic =
    get(spec, 'panels')?.kind === 'list' || get(spec, 'rows')?.kind === 'list' || get(spec, 'templating')?.kind === 'map';
  const library = get(spec, 'model')?.kind === 'map' && get(spec, 'model', 'targets') !== undefined;
  if (!classic && !library && get(spec, 'elements')?.kind !== 'map' && get(spec, 'spec', 'panels')?.kind !== 'list') return false;
  uses.dashboards++;
  const title = wordAt(spec, 'title') ?? wordAt(spec, 'spec', 'title') ?? wordAt(spec, 'name') ?? wordAt(spec, 'uid') ?? '';
  walk(spec, { name: `dashboard ${title}`, kind: 'panel', panel: [], other: false, nested: 0 }, uses);
  return true;
}

/** Alerts of Grafana's own, in its provisioning files. */
export function readGrafanaAlerts(document: Node, uses: Uses): boolean {
  const groups = listAt(document, 'groups').filter((group) =>
    listAt(group, 'rules').some((rule) => get(rule, 'data')?.kind === 'list'),
  );
  for (const group of groups) {
    for (const rule of listAt(group, 'rules')) {
      const name = `group ${wordAt(group, 'name')}, alert ${wordAt(rule, 'title') ?? wordAt(rule, 'uid')}`;
      walk(get(rule, 'data'), { name, kind: 'alert', panel: [], other: false, nested: 0 }, uses);
    }
  }
  return groups.length > 0;
}

/** Folders of dashboards that a provisioning file names. */
export function readProviders(document: Node, uses: Uses): boolean {
  const providers = listAt(document, 'providers');
  for (const provider of providers) {
    const path = wordAt(provider, 'options', 'path');
    if (path !== undefined) uses.follows.push(path);
  }
  return providers.length > 0;
}

function walk(node: Node | undefined, place: Place, uses: Uses): void {
  if (node === undefined || node.kind === 'scalar' || place.nested > mostNested) return;
  const inner = { ...place, nested: place.nested + 1 };
  if (node.kind === 'list') {
    for (const item of node.items) walk(item, inner, uses);
    return;
  }
  const here = within(node, inner);
  readQuery(node, here, uses);
  for (const { key, value } of node.entries) {
    const name = key.text.text;
    if (name === 'templating' || name === 'variables') walkNamed(value, { ...here, kind: 'variable' }, uses);
    else if (name === 'annotations') walkNamed(value, { ...here, kind: 'annotation' }, uses);
    else if (!isAboutFields(name)) walk(value, here, uses);
  }
  // After the panel's queries, which these refer to.
  for (const { key, value } of node.entries) if (isAboutFields(key.text.text)) readFields(value, here, uses);
}

const isAboutFields = (key: string) => key === 'transformations' || key === 'fieldConfig';

/** The place within an object: a panel has a title and queries of its own. */
function within(node: MapNode, place: Place): Place {
  const other = isOther(node) ?? place.other;
  const isPanel = get(node, 'targets') !== undefined || (get(node, 'type') !== undefined && get(node, 'gridPos') !== undefined);
  const isElement = wordAt(node, 'kind') === 'Panel' && get(node, 'spec') !== undefined;
  if (!isPanel && !isElement) return { ...place, other };
  const title = wordAt(node, 'title') ?? wordAt(node, 'spec', 'title') ?? wordAt(node, 'id') ?? '';
  return { ...place, other, panel: [], name: `${place.name}, panel "${title}"` };
}

/** Undefined: the object names no datasource, or one that may be Prometheus. */
function isOther(node: MapNode): boolean | undefined {
  const name =
    wordAt(node, 'datasource', 'type') ??
    wordAt(node, 'datasource') ??
    (get(node, 'spec') === undefined ? undefined : wordAt(node, 'group'));
  if (name === undefined || name === '-- Mixed --') return undefined;
  return others.test(name) && !/prom/i.test(name);
}

function walkNamed(node: Node, place: Place, uses: Uses): void {
  const items = node.kind === 'list' ? node.items : listAt(node, 'list');
  for (const item of items) {
    const name = wordAt(item, 'name') ?? wordAt(item, 'spec', 'name');
    walk(item, { ...place, name: `${place.name}, ${place.kind} ${name}`, panel: [] }, uses);
  }
}

function readQuery(node: MapNode, place: Place, uses: Uses): void {
  if (place.other) return;
  const text = textAt(node, 'expr');
  if (text !== undefined && text.text.trim() !== '') {
    const query = wordAt(node, 'refId');
    const name = query === undefined ? place.name : `${place.name}, query ${query}`;
    const used: UsedExpression = { kind: place.kind, language: 'promql', place: name, text, ...masked(text.text) };
    uses.expressions.push(used);
    place.panel.push(used);
    const legend = textAt(node, 'legendFormat') ?? textAt(node, 'titleFormat');
    if (legend !== undefined) readLegend(legend, name, used, uses);
  }
  for (const { key, value } of node.entries) {
    const named = key.text.text === 'query' || key.text.text === 'definition';
    if (named && value.kind === 'scalar' && typeof value.value === 'string') readVariable(value, place, uses);
  }
}

function readLegend(legend: Text, place: string, used: UsedExpression, uses: Uses): void {
  for (const found of legend.text.matchAll(/\{\{\s*([A-Za-z_]\w*)\s*\}\}/g)) {
    const name = found[1] ?? '';
    const from = found.index + found[0].indexOf(name);
    uses.labels.push({ kind: 'legend', place, name: partOf(legend, from, from + name.length), of: [used] });
  }
}

/** `label_values(series{…}, label)`, `query_result(…)`, `metrics(…)`: the functions that Grafana itself adds for variables. */
function readVariable({ text }: ScalarNode, place: Place, uses: Uses): void {
  const call = /^\s*(label_values|query_result|metrics)\s*\(/.exec(text.text);
  const end = text.text.lastIndexOf(')');
  if (call === null || end < 0) return;
  const from = call[0].length;
  if (call[1] === 'metrics') {
    const names = partOf(text, from, end);
    uses.expressions.push({ kind: 'variable', language: 'names', place: place.name, ...withoutVariables(names) });
  } else if (call[1] === 'query_result') add(partOf(text, from, end), place, uses, 'promql');
  else readLabelValues(text, from, end, { place, uses });
}

function readLabelValues(text: Text, from: number, end: number, { place, uses }: { place: Place; uses: Uses }): void {
  const comma = text.text.slice(0, end).lastIndexOf(',');
  const label = /^\s*([A-Za-z_]\w*)\s*$/.exec(text.text.slice(Math.max(comma + 1, from), end));
  const hasSeries = comma >= from && label !== null;
  const used = hasSeries ? add(partOf(text, from, comma), place, uses, 'selector') : undefined;
  if (label === null) return;
  const at = text.text.indexOf(label[1] ?? '', hasSeries ? comma + 1 : from);
  const name = partOf(text, at, at + (label[1] ?? '').length);
  uses.labels.push({ kind: 'variable', place: place.name, name, ...(used === undefined ? {} : { of: [used] }) });
}

function add(text: Text, place: Place, uses: Uses, language: Language): UsedExpression {
  const used: UsedExpression = { kind: place.kind, language, place: place.name, text, ...masked(text.text) };
  uses.expressions.push(used);
  return used;
}

/** Names of fields in overrides and transformations, which are labels in a table. */
function readFields(node: Node, place: Place, uses: Uses): void {
  if (place.panel.length === 0 || place.other) return;
  const use = (name: ScalarNode) => {
    if (/^[A-Za-z_]\w*$/.test(name.text.text))
      uses.labels.push({ kind: 'field', place: place.name, name: name.text, of: place.panel });
  };
  const left: Node[] = [node];
  for (let at = left.pop(); at !== undefined; at = left.pop()) {
    if (at.kind === 'list') left.push(...at.items);
    else if (at.kind === 'map') {
      const isMatcher = wordAt(at, 'id') === 'byName';
      const options = get(at, 'options');
      if (isMatcher && options?.kind === 'scalar' && options.value !== null) use(options);
      for (const key of ['excludeByName', 'renameByName', 'indexByName', 'includeByName', 'fields'])
        for (const entry of entriesAt(at, key)) use(entry.key);
      for (const { value } of at.entries) left.push(value);
    }
  }
}
