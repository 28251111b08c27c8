/** The rules of the options of `runtimeMetrics`. */
import { choice } from '../../core/errors/option-rules.ts';

export const runtimeRules = { names: choice('semconv', 'prom-client') };
