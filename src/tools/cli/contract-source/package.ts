/** A contract that a package exports by default. */
// Not by its names: Node.js 18, which is refused with a sentence, has no registerHooks to link.
import module from 'node:module';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Contract } from '../../../core/contract/index.ts';
import { builtInNames, contractFileError, contractOfModule, messageOf } from '../load-contract.ts';

const specifier = /^(?:@[a-z\d~-][\w.~-]*\/)?[a-z\d~-][\w.~-]*(?:\/[\w.~-]+)*$/i;

/** @param at the source as the command line calls it */
export async function contractOfPackage(name: string, at: string): Promise<Contract> {
  const fix = `use ${builtInNames.join(', ')}, a path with its extension, or install the package where you run the command`;
  if (!specifier.test(name))
    throw contractFileError(at, 'no contract', 'this is neither a built-in contract, a file nor a package', fix);
  const otherExport = 'export default contract(…), or name an export of the package that does, as in NAME/contract';
  return await contractOfModule(resolved(name, at, fix), at, otherExport);
}

/** Packages are those of the working directory. */
function resolved(name: string, at: string, fix: string): URL {
  try {
    return importable(name) ?? pathToFileURL(module.createRequire(join(process.cwd(), 'package.json')).resolve(name));
  } catch (error) {
    const [line = ''] = messageOf(error).split('\n');
    throw contractFileError(
      at,
      line,
      'a contract is a built-in one, a .json file, a module, or what a package exports',
      fix,
      error,
    );
  }
}

/** As `import` resolves it, with its conditions; undefined where it does not, which may be a package for `require` alone. */
function importable(name: string): URL | undefined {
  const parentURL = pathToFileURL(join(process.cwd(), 'package.json')).href;
  // The second parameter of import.meta.resolve needs a flag of Node.js.
  const hooks = module.registerHooks({
    resolve: (specifier, context, next) => next(specifier, specifier === name ? { ...context, parentURL } : context),
  });
  try {
    return new URL(import.meta.resolve(name));
  } catch {
    return undefined;
  } finally {
    hooks.deregister();
  }
}
