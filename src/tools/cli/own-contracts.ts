/** The contracts of what Meterbridge itself shows: beside an application's own metrics, and of its service. */
import type { Contract } from '../../core/contract/index.ts';
import { familyName, type Strategy } from '../../core/naming/index.ts';

export interface OwnContract {
  readonly contract: Contract;
  /** In words. */
  readonly title: string;
  /** What its instruments begin with. Default: the contract's name. */
  readonly prefixes?: readonly string[];
}

/** Each is imported when it is needed. */
const own: Readonly<Record<string, () => Promise<OwnContract>>> = {
  async http() {
    const { semconvNames } = await import('../../library/http-metrics/semconv-names.ts');
    return { contract: semconvNames({}), title: 'HTTP server metrics' };
  },
  async meterbridge() {
    const { selfContract, threadContract } = await import('../../core/self/contract.ts');
    // One page shows both, if the listener has a thread of its own.
    const metrics = { ...selfContract.metrics, listenerValuesAge: threadContract.metrics.valuesAge };
    return {
      contract: Object.freeze({ ...selfContract, metrics: Object.freeze(metrics) }),
      title: 'Meterbridge in an application',
    };
  },
  async runtime() {
    const { semconvNames } = await import('../../library/runtime-metrics/semconv-names.ts');
    return { contract: semconvNames, title: 'Node.js runtime metrics' };
  },
  async serve() {
    const { otelcolContract, seriesContract } = await import('../../core/self/service-contract.ts');
    const metrics = { ...exposedAs('UnderscoreEscapingWithoutSuffixes', otelcolContract, seriesContract) };
    const contract = Object.freeze({ ...otelcolContract, name: 'meterbridge_serve', metrics: Object.freeze(metrics) });
    return { contract, title: 'meterbridge serve', prefixes: [otelcolContract.name, seriesContract.name] };
  },
};

/** Ascending. */
export const ownNames: readonly string[] = Object.freeze(Object.keys(own));

/** Undefined when it is none of them. */
export async function ownContract(name: string): Promise<OwnContract | undefined> {
  return Object.hasOwn(own, name) ? await own[name]?.() : undefined;
}

/** The metrics of contracts under the names that a strategy gives them, each by its name. */
function exposedAs(strategy: Strategy, ...contracts: readonly Contract[]): Contract['metrics'] {
  const metrics = contracts.flatMap((contract) => Object.values(contract.metrics));
  const renamed = metrics.map((metric) => ({
    ...metric,
    series: familyName({ name: metric.instrument, unit: metric.unit, kind: metric.kind }, strategy),
  }));
  return Object.fromEntries(renamed.map((metric) => [metric.series, Object.freeze(metric)]));
}
