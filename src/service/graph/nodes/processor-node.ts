import type { ProcessorFactory } from '../../component.ts';
import type { CheckedComponent } from '../../config/index.ts';
import { attempting } from '../attempt.ts';
import { make } from './make.ts';
import type { NodeParts } from './node.ts';
import { attemptOf, givenOf, type NodeOptions, partsOf } from './parts.ts';

/** @param isPassed it is not made: all exporters of its pipeline take requests as they come */
export function processorNode(
  checked: CheckedComponent<ProcessorFactory>,
  pipeline: string,
  isPassed: boolean,
  options: NodeOptions,
): NodeParts {
  const { id, factory, settings } = checked;
  const { tally } = options;
  const parts = partsOf('processor', checked, ` (${pipeline})`);
  /** Of all pipelines together, as in the Collector. */
  const filtered = (points: number) => void tally.filters.set(id, (tally.filters.get(id) ?? 0) + points);
  return {
    ...parts,
    text: isPassed ? `${parts.text} passed` : parts.text,
    make(next) {
      const { given: context, facts, gone } = givenOf('processor', `${id} (${pipeline})`, options);
      if (isPassed) return { component: { async start() {}, async shutdown() {} }, facts, consume: next, gone };
      const component = make(factory, context, () => factory.create(settings, { ...context, next, filtered }));
      return { component, facts, consume: attempting(component.consume, attemptOf('processor', id, context)), gone };
    },
  };
}
