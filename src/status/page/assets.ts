/**
 * The page's style and modules, as the sources have them: types are removed from a module when it is asked for. In the published
 * package
 * `build/page-assets.ts` puts the bundled ones in the place of this module.
 */
import { readFileSync } from 'node:fs';
import { stripTypeScriptTypes } from 'node:module';

export interface Asset {
  readonly type: string;
  readonly body: Uint8Array;
}

export const stylePath = '/assets/page.css';
export const scriptPath = '/assets/browser/main.ts';

/** In this order, as one. */
const styles = ['base', 'top', 'graph', 'tables', 'details', 'narrow'];

/** What browsers load: nothing else of the source is served. */
const modules = /^\/assets\/((?:browser|model|view)\/(?:[a-z]+\/)?[a-z-]+\.ts)$/;

export function assetOf(path: string): Asset | undefined {
  if (path === stylePath) return { type: 'text/css; charset=utf-8', body: encoder.encode(styles.map(styleOf).join('\n')) };
  const module = modules.exec(path)?.[1];
  const source = module === undefined ? undefined : textOf(new URL(`../${module}`, import.meta.url));
  if (source === undefined) return undefined;
  return { type: 'text/javascript; charset=utf-8', body: encoder.encode(stripTypeScriptTypes(source)) };
}

const encoder = new TextEncoder();
const styleOf = (name: string) => readFileSync(new URL(`./style/${name}.css`, import.meta.url), 'utf8');

function textOf(file: URL): string | undefined {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return undefined;
  }
}
