/** The whole document around what the page shows. */
import type { Node } from './node.ts';
import { h } from './node.ts';
import { toHtml } from './to-html.ts';

export interface DocumentOptions {
  readonly title: string;
  readonly stylePath: string;
  /** Absent: the page stays as it was written. */
  readonly scriptPath?: string | undefined;
  readonly body: Node;
}

/** A point in the accent colour, so that a browser asks for no `/favicon.ico`. */
const icon = `data:image/svg+xml,${encodeURIComponent('<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 16 16"><circle cx="8" cy="8" r="7" fill="#0b7285"/><path d="M3 9h3l2-5 2 7 1.500-2H13" fill="none" stroke="#fff" stroke-width="1.500"/></svg>')}`;

export function documentOf({ title, stylePath, scriptPath, body }: DocumentOptions): string {
  const html = h(
    'html',
    { lang: 'en' },
    h(
      'head',
      {},
      h('meta', { charset: 'utf-8' }),
      h('meta', { name: 'viewport', content: 'width=device-width, initial-scale=1' }),
      h('meta', { name: 'color-scheme', content: 'light dark' }),
      h('title', {}, title),
      h('link', { rel: 'icon', href: icon }),
      h('link', { rel: 'stylesheet', href: stylePath }),
      scriptPath !== undefined && h('script', { type: 'module', src: scriptPath }),
    ),
    h('body', {}, body),
  );
  return `<!doctype html>${toHtml(html)}`;
}
