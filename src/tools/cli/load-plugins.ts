/** `--plugin`: a module whose `components` the service has beside its own. */
import { createRequire } from 'node:module';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { MeterbridgeError } from '../../core/errors/error.ts';
import type { Factory } from '../../service/component.ts';

/** @param names packages, or paths, which begin with `.` or `/` */
export async function componentsWith(names: readonly string[] = []): Promise<readonly Factory[]> {
  const { withPlugins } = await import('../../service/plugin/with-plugins.ts');
  return withPlugins(
    await Promise.all(names.map(async (name) => ({ at: `--plugin ${name}`, components: await componentsOf(name) }))),
  );
}

async function componentsOf(name: string): Promise<unknown> {
  try {
    return ((await import(found(name))) as { readonly components?: unknown }).components;
  } catch (error) {
    const got = error instanceof Error ? error.message : String(error);
    const rule = 'a plugin is a module that can be imported';
    const fix = 'install the package where you run the command, or write a path that begins with ./';
    throw new MeterbridgeError('OPTION_INVALID', [{ at: `--plugin ${name}`, got, rule, fix }], { cause: error });
  }
}

/** What `import` takes: packages are those of the working directory, or else Meterbridge's neighbours. */
function found(name: string): string {
  if (/^[./]/.test(name)) return pathToFileURL(resolve(name)).href;
  try {
    return pathToFileURL(createRequire(join(process.cwd(), 'package.json')).resolve(name)).href;
  } catch {
    return name;
  }
}
