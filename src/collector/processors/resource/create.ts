/** The processor `resource`: changes the attributes of resources. */
import type { Batch } from '../../../otlp/batch/batch.ts';
import type { Exporter, ProcessorGiven } from '../../component.ts';
import { compileActions } from '../actions/compile.ts';
import { changeResources } from '../rewrite/change-attributes.ts';
import type { ResourceSettings } from './config.ts';

export function createResource({ attributes }: ResourceSettings, { next }: ProcessorGiven): Exporter {
  const change = changeResources(compileActions(attributes));
  return Object.freeze({ async start() {}, async shutdown() {}, consume: (batch: Batch) => next(change(batch)) });
}
