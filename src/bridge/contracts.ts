/** The contracts of a bridge: each is registered once, whoever asks. */
import type { Contract } from '../contract/metric.ts';
import { type Registered, registerContract } from '../recording/index.ts';
import { refuseDifference } from './registry.ts';

export interface Contracts {
  /** An equal contract again gives what is registered. @throws CONTRACT_CONFLICT */
  register(contract: Contract): Registered;
  get(name: string): Registered | undefined;
  /** Everything recorded is gone; callbacks stay attached. */
  reset(): void;
  /** Nothing is recorded any more, nor with what is registered later. */
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
