/** A contract by what the command line calls it: a built-in host, a file, a package, or a file at a revision of git. */
import { extname } from 'node:path';
import type { Contract } from '../../../core/contract/index.ts';
import { contractOfHost, versionHelp } from '../hosts.ts';
import { builtInNames, loadContract } from '../load-contract.ts';
import { contractAtRevision } from './git.ts';
import { contractOfPackage } from './package.ts';

export const contractSourceHelp = `  NAME               a built-in host's contract; ${versionHelp}
  FILE               .json, or a .js, .mjs, .ts or .mts module whose default export is a contract
  PACKAGE            such as name, name/export or @scope/name, installed in the working directory; pkg:NAME where a host has that name
  git:REV:FILE       a file as it was at a revision; FILE begins at the repository's root, or with ./ at the working directory
`;

/**
 * Modules, packages and revisions are run as programs are: name only what you trust.
 * @throws MeterbridgeError `CONTRACT_FILE` when there is none, `CONTRACT_INVALID` when it breaks rules, `CLI_USAGE` for a name
 * that is none
 */
export async function contractFrom(name: string): Promise<Contract> {
  if (name.startsWith('git:')) return await contractAtRevision(name);
  if (name.startsWith('pkg:')) return await contractOfPackage(name.slice('pkg:'.length), name);
  const isPackage =
    extname(name) === '' && !/^[./]/.test(name) && !builtInNames.includes(name) && (await contractOfHost(name)) === undefined;
  return isPackage ? await contractOfPackage(name, name) : await loadContract(name);
}
