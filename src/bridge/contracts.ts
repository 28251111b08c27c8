/** The contracts of a bridge, each registered once. */
import type { Contract } from '../contract/metric.ts';
import { type Registered, registerContract } from '../recording/index.ts';
import { refuseDifference } from './registry.ts';

export interface Contracts {
  /** Returns the existing registration for an equal contract. @throws CONTRACT_CONFLICT */
  register(contract: Contract): Registered;
  get(name: string): Registered | undefined;
  /** Removes all series. Callbacks stay attached. */
  reset(): void;
  /** Stops recording, also for contracts registered later. */
  close(): void;
  readonly isClosed: () => boolean;
}

export function createContracts(options: Parameters<typeof registerContract>[1]): Contracts {
  const contracts = new Map<string, Registered>();
  let closed = false;
  return Object.freeze<Contracts>({
    register(contract) {
      const existing = contracts.get(contract.name);
      if (existing !== undefined) {
        refuseDifference(existing.contract, contract);
        return existing;
      }
      const registered = registerContract(contract, options);
      contracts.set(contract.name, registered);
      if (closed) registered.close();
      return registered;
    },
    get: (name) => contracts.get(name),
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
