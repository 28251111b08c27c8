/** Prometheus' own grammar of its language, for editors. It is optional and loads with the first expression. */
import { checkInstalled, loadPackage } from '../../../../core/node/optional-packages.ts';

const grammar = '@prometheus-io/lezer-promql';
const packages = [grammar, '@lezer/common', '@lezer/highlight', '@lezer/lr', 're2js'];

export type Parser = typeof import('@prometheus-io/lezer-promql')['parser'];
let loaded: Parser | undefined;

/** @throws DEPENDENCY_MISSING naming the packages that are not installed */
export function promqlParser(): Parser {
  if (loaded === undefined) {
    checkInstalled('an expression of PromQL', packages);
    // Strict: an error ends the parser at once, instead of a search for something that may have been meant.
    loaded = loadPackage<typeof import('@prometheus-io/lezer-promql')>(grammar).parser.configure({ strict: true });
  }
  return loaded;
}
