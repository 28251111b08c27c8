/** The filter of exemplars, from the environment ("SDK environment variables", "Exemplar"). */
import { nearest } from '../../core/errors/nearest.ts';
import { shown } from '../../core/errors/shown.ts';
import type { ExemplarFilter } from '../recording/index.ts';

const variable = 'OTEL_METRICS_EXEMPLAR_FILTER';
const known: readonly ExemplarFilter[] = ['always_on', 'always_off', 'trace_based'];

/**
 * Undefined: it is not set. A value that is none of them is logged and ignored, as the specification requires of enumerations.
 */
export function exemplarFilterOf(
  env: Readonly<Record<string, string | undefined>>,
  log: (line: string) => void,
): ExemplarFilter | undefined {
  const given = env[variable]?.trim() ?? '';
  if (given === '') return undefined;
  const found = known.find((one) => one === given.toLowerCase());
  if (found === undefined) {
    const meant = nearest(given.toLowerCase(), known);
    const fix = meant === undefined ? 'Fix: write one of these' : `Fix: write ${meant}`;
    log(
      `${variable}: got ${shown(given, 60)}; known are ${known.join(', ')}. It is ignored, and trace_based holds. ${fix}, or leave it out.`,
    );
  }
  return found;
}
