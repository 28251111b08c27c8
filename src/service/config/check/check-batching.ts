/** An exporter that puts together what it is sent does so in one way. Only exporters of pipelines count. */
import type { Findings } from '../../../core/config/schema/index.ts';
import { batchingFor } from '../batching.ts';
import type { CheckedConfig, Described } from '../config.ts';

export function checkBatching<D extends Described>(config: CheckedConfig<D>, { warnings }: Findings): void {
  for (const { id, at, factory, settings } of config.exporters.values()) {
    if (factory.needs?.(settings).some(({ offer }) => offer === 'storage') !== true) continue;
    const [first, ...others] = batchingFor(config, id);
    const other = others.find(([, batching]) => JSON.stringify(batching) !== JSON.stringify(first?.[1]));
    if (first === undefined || other === undefined) continue;
    warnings.push(
      `${at}: its pipelines put requests together by ${first[0]} and by ${other[0]}, and it has one queue, which does all of it by ${first[0]}; write the same keys in both, or an exporter for each`,
    );
  }
}
