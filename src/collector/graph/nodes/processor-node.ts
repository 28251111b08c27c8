import type { ProcessorFactory } from '../../component.ts';
import type { CheckedComponent } from '../../config/index.ts';
import { attempting } from '../attempt.ts';
import { make } from './make.ts';
import type { NodeParts } from './node.ts';
import { attemptOf, givenOf, type NodeOptions, partsOf } from './parts.ts';

/** @param exporters the types of those at the end of its pipeline */
export function processorNode(
  checked: CheckedComponent<ProcessorFactory>,
  pipeline: string,
  exporters: readonly string[],
  options: NodeOptions,
): NodeParts {
  const { id, factory, settings } = checked;
  const { tally } = options;
  const parts = partsOf('processor', checked, ` (${pipeline})`);
  /** Of all pipelines together, as in the Collector. */
  const filtered = (points: number) => void tally.filters.set(id, (tally.filters.get(id) ?? 0) + points);
  return {
    ...parts,
    text: `${parts.text} ${exporters}`,
    make(next) {
      const { given: context, facts, gone } = givenOf('processor', `${id} (${pipeline})`, options);
      const component = make(factory, context, () => factory.create(settings, { ...context, next, exporters, filtered }));
      return { component, facts, consume: attempting(component.consume, attemptOf('processor', id, context)), gone };
    },
  };
}
