/** The options of `httpServerMetrics` and their checks. */
import { MeterbridgeError } from '../../core/errors/error.ts';
import { callback, choice, flag, listOf, must, type OptionRule, object } from '../../core/errors/option-rules.ts';

const fix = "write e.g. ['/health', '/internal/*'], or a function of the request";
const paths = listOf(
  must((value) => typeof value === 'string' && /^[/*]/.test(value), 'a path begins with /', fix),
  fix,
);
export const httpRules = {
  names: choice('semconv', 'fastify-metrics'),
  skip: (value: unknown, place: string) => (typeof value === 'function' ? [] : paths(value, place)),
  healthChecks: flag,
  unmatched: flag,
  labels: object,
  values: callback,
} satisfies Record<string, OptionRule>;

/** @throws OPTION_INVALID for one without the other */
export function checkOwnLabels(labels: unknown, values: unknown): void {
  if ((labels === undefined) === (values === undefined)) return;
  const [key, got] = values === undefined ? ['values', 'labels alone'] : ['labels', 'values alone'];
  const rule = 'labels of your own are declared, and a function returns their values';
  throw new MeterbridgeError('OPTION_INVALID', [{ at: `httpServerMetrics.${key}`, got, rule, fix: 'give both, or neither' }]);
}
