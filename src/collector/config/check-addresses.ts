/** No two servers of a configuration share an address. Only those that start count. */
import { type Address, addressText, type Findings } from '../../config/schema/index.ts';
import { refuse } from '../../config/schema/refuse.ts';
import type { Given } from '../../config/schema/schema.ts';
import type { Tree } from '../../config/tree.ts';
import type { CheckedComponent, CheckedConfig, Described, Kind } from './config.ts';

interface Server {
  readonly given: Given;
  readonly address: Address;
}

const everywhere: ReadonlySet<string> = new Set(['', '0.0.0.0', '::']);
const kinds: readonly Kind[] = ['extension', 'exporter', 'processor', 'receiver'];

export function checkAddresses<D extends Described>(config: CheckedConfig<D>, tree: Tree, findings: Findings): void {
  const { pipelines, extensions } = config.service;
  const used = new Map<Kind, ReadonlySet<string>>([
    ['extension', new Set(extensions)],
    ['exporter', new Set(pipelines.flatMap(({ exporters }) => exporters))],
    ['processor', new Set(pipelines.flatMap(({ processors }) => processors))],
    ['receiver', new Set(pipelines.flatMap(({ receivers }) => receivers))],
  ]);
  const servers = kinds.flatMap((kind) => {
    const components: ReadonlyMap<string, CheckedComponent> = config[`${kind}s`];
    return [...components.values()].filter(({ id }) => used.get(kind)?.has(id)).flatMap((one) => serversOf(one, `${kind}s`, tree));
  });
  const all = [...ownMetrics(config, tree), ...servers];
  for (const [index, server] of all.entries()) {
    const other = all.slice(0, index).find(({ address }) => meet(address, server.address));
    if (other === undefined) continue;
    const at = `${other.given.tree.at} ${other.given.keys}`;
    refuse(server.given, findings, addressText(server.address), `another server listens there: ${at}`, 'give one of the two another port');
  }
}

function serversOf({ id, factory, settings }: CheckedComponent, section: string, tree: Tree): readonly Server[] {
  const found = factory.listens?.(settings) ?? [];
  return found.map(({ key, address }) => ({ address, given: deepest(tree, [section, id, ...key.split('.')]) }));
}

/** The service's own metrics: `localhost:8888`, unless told otherwise. */
function ownMetrics<D extends Described>({ service }: CheckedConfig<D>, tree: Tree): readonly Server[] {
  const { level, readers } = service.telemetry.metrics;
  const { host, port } = readers?.[0]?.pull.exporter.prometheus ?? { host: 'localhost', port: 8_888 };
  return level === 'none' ? [] : [{ address: { host, port }, given: deepest(tree, ['service', 'telemetry', 'metrics', 'readers']) }];
}

/** The value, or its nearest ancestor where a default counts. */
function deepest(tree: Tree, path: readonly string[]): Given {
  let found = tree;
  for (const key of path) found = (found.kind === 'section' && found.entries.get(key)?.value) || found;
  return { tree: found, keys: path.join('.') };
}

function meet(a: Address, b: Address): boolean {
  if (a.port === 0 || a.port !== b.port) return false;
  const [one, two] = [a.host, b.host].map((host) => (host === 'localhost' ? '127.0.0.1' : host));
  return one === two || everywhere.has(one ?? '') || everywhere.has(two ?? '');
}
