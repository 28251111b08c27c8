/** What solti shows in each version that is known. `solti` is 0.0.2: the version that is recorded here. */
import type { Contract } from '../../src/index.ts';
import { solti } from './contract.ts';

/** Loaded when somebody asks: a program that records has no use for the others. */
export const versions = Object.freeze({
  '0.0.2': (): Contract => solti,
  '0.0.8': async (): Promise<Contract> => (await import('./contract-0.0.8.ts')).default,
});
