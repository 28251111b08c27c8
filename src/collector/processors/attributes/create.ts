/** The processor `attributes`: changes the attributes of points. */
import type { Batch } from '../../../otlp/batch/batch.ts';
import type { Exporter, ProcessorGiven } from '../../component.ts';
import { compileActions } from '../actions/compile.ts';
import { matchNames } from '../match/match.ts';
import { changePlaces, changePoints } from '../rewrite/change-attributes.ts';
import { nameTest } from '../rewrite/name-test.ts';
import type { AttributesSettings } from './config.ts';

export function createAttributes({ include, exclude, actions }: AttributesSettings, { next, apart }: ProcessorGiven): Exporter {
  const included = include && matchNames(include.match_type, include.metric_names);
  const excluded = exclude && matchNames(exclude.match_type, exclude.metric_names);
  const isNamed = nameTest((name) => included?.(name) !== false && excluded?.(name) !== true);
  const change = changePoints(compileActions(actions), isNamed);
  const changeApart = apart ? changePlaces(compileActions(actions), isNamed) : undefined;
  return Object.freeze({
    async start() {},
    async shutdown() {},
    consume: (batch: Batch) => next(changeApart?.(batch) ?? change(batch)),
  });
}
