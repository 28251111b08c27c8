/**
 * The status page's style and script as strings in the published code: in a bundle of an application there are no files beside
 * it. Takes the place of
 * `src/status/page/assets.ts`, which serves the sources.
 */
import { resolve } from 'node:path';
import { type Plugin, rolldown } from 'rolldown';
import * as sources from '../src/status/page/assets.ts';

const replaced = resolve('src/status/page/assets.ts');
const [stylePath, scriptPath] = ['/assets/page.css', '/assets/page.js'];

export function pageAssets(): Plugin {
  return {
    name: 'page-assets',
    async load(id) {
      return id === replaced ? { code: await code(), moduleType: 'js' } : undefined;
    },
  };
}

async function code(): Promise<string> {
  const texts = { style: new TextDecoder().decode(sources.assetOf(sources.stylePath)?.body), script: await script() };
  return `
const encoder = new TextEncoder();
const assets = new Map([
  ['${stylePath}', { type: 'text/css; charset=utf-8', body: encoder.encode(${literalOf(texts.style)}) }],
  ['${scriptPath}', { type: 'text/javascript; charset=utf-8', body: encoder.encode(${literalOf(texts.script)}) }],
]);
export const stylePath = '${stylePath}';
export const scriptPath = '${scriptPath}';
export const assetOf = (path) => assets.get(path);
`;
}

/** A line for each line: an error in the code around it prints its line. */
function literalOf(text: string): string {
  return `[\n${text
    .split('\n')
    .map((line) => JSON.stringify(line))
    .join(',\n')}\n].join('\\n')`;
}

/** One file for browsers. What is published is readable, the page's script too. */
async function script(): Promise<string> {
  const bundle = await rolldown({ input: 'src/status/browser/main.ts', platform: 'browser', logLevel: 'warn' });
  const { output } = await bundle.generate({
    format: 'esm',
    minify: false,
    comments: { annotation: false, jsdoc: false, legal: true },
  });
  if (output.length !== 1) throw new Error(`the page's script is ${output.length} files; write it without import()`);
  return output[0].code;
}
