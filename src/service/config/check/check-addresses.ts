/** No two servers of a configuration share an address. Only those that start count. */
import { type Address, addressText, type Findings } from '../../../core/config/schema/index.ts';
import { refuse } from '../../../core/config/schema/refuse.ts';
import type { ReadValue } from '../../../core/config/schema/schema.ts';
import type { Tree } from '../../../core/config/tree.ts';
import type { CheckedComponent, CheckedConfig, ComponentKind, Described } from '../config.ts';
import { ownMetricsAddress } from '../service.ts';
import { addressesConflict } from './addresses-conflict.ts';

interface Server {
  readonly given: ReadValue;
  readonly address: Address;
}

const kinds: readonly ComponentKind[] = ['extension', 'exporter', 'processor', 'receiver'];

export function checkAddresses<D extends Described>(config: CheckedConfig<D>, tree: Tree, findings: Findings): void {
  const { pipelines, extensions } = config.service;
  const used = new Map<ComponentKind, ReadonlySet<string>>([
    ['extension', new Set(extensions)],
    ['exporter', new Set(pipelines.flatMap(({ exporters }) => exporters))],
    ['processor', new Set(pipelines.flatMap(({ processors }) => processors))],
    ['receiver', new Set(pipelines.flatMap(({ receivers }) => receivers))],
  ]);
  const servers = kinds.flatMap((kind) => {
    const components: ReadonlyMap<string, CheckedComponent> = config[`${kind}s`];
    return [...components.values()]
      .filter(({ id }) => used.get(kind)?.has(id))
      .flatMap((one) => serversOf(one, `${kind}s`, tree));
  });
  const all = [...ownMetrics(config, tree), ...servers];
  for (const [index, server] of all.entries()) {
    const other = all.slice(0, index).find(({ address }) => addressesConflict(address, server.address));
    if (other === undefined) continue;
    const at = `${other.given.tree.at} ${other.given.keys}`;
    refuse(
      server.given,
      findings,
      addressText(server.address),
      `another server listens there: ${at}`,
      `give one of the two another ${server.address.path === undefined ? 'port' : 'path'}`,
    );
  }
}

function serversOf({ id, factory, settings }: CheckedComponent, section: string, tree: Tree): readonly Server[] {
  const found = factory.listens?.(settings) ?? [];
  return found.map(({ key, address }) => ({ address, given: deepest(tree, [section, id, ...key.split('.')]) }));
}

function ownMetrics<D extends Described>({ service }: CheckedConfig<D>, tree: Tree): readonly Server[] {
  const address = ownMetricsAddress(service.telemetry);
  return address === undefined ? [] : [{ address, given: deepest(tree, ['service', 'telemetry', 'metrics', 'readers']) }];
}

/** The value, or its nearest ancestor where a default counts. */
function deepest(tree: Tree, path: readonly string[]): ReadValue {
  let found = tree;
  for (const key of path) found = (found.kind === 'section' && found.entries.get(key)?.value) || found;
  return { tree: found, keys: path.join('.') };
}
