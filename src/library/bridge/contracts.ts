/** The contracts of a bridge, each registered once. */
import { difference } from '../../core/contract/equal.ts';
import type { Contract } from '../../core/contract/metric.ts';
import {
  checkViewsBeside,
  type Registered,
  type RegisterOptions,
  registerContract,
  replaceContract,
  type ViewOptions,
} from '../recording/index.ts';
import { conflict } from './registry.ts';
import { replacedLine } from './reload.ts';

export interface Contracts {
  /**
   * Returns the existing registration for an equal contract. Another contract replaces it in a hot reload. @throws
   * CONTRACT_CONFLICT otherwise; OPTION_INVALID where a view selects one of its instruments
   */
  register(contract: Contract): Registered;
  get(name: string): Registered | undefined;
  /** In the order in which they were registered. */
  all(): readonly Registered[];
  /** Removes all series. Callbacks stay attached. */
  reset(): void;
  /** Stops recording, also for contracts registered later. */
  close(): void;
  readonly isClosed: () => boolean;
}

export interface ContractsOptions extends RegisterOptions {
  readonly views: readonly ViewOptions[];
}

export function createContracts(options: ContractsOptions): Contracts {
  const contracts = new Map<string, Registered>();
  let closed = false;

  function replaced(former: Registered, contract: Contract, found: string): Registered {
    if (options.handOver === undefined)
      throw conflict(contract.name, found, 'a contract of this name is registered with other contents');
    const { registered, ended } = replaceContract(former, contract, options);
    options.handOver(replacedLine(contract, found, ended));
    return registered;
  }

  return Object.freeze<Contracts>({
    register(contract) {
      const former = contracts.get(contract.name);
      const found = former && difference(former.contract, contract);
      if (former !== undefined && found === undefined) return former;
      checkViewsBeside(contract, options.views);
      const registered = former === undefined ? registerContract(contract, options) : replaced(former, contract, found as string);
      contracts.set(contract.name, registered);
      if (closed) registered.close();
      return registered;
    },
    get: (name) => contracts.get(name),
    all: () => [...contracts.values()],
    reset() {
      for (const registered of contracts.values()) registered.reset();
    },
    close() {
      closed = true;
      for (const registered of contracts.values()) registered.close();
    },
    isClosed: () => closed,
  });
}
