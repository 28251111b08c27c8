/** The page as the server gives it. */
import type { StatusSource } from '../status-source.ts';

export async function renderPage(path: string, _query: URLSearchParams, source: StatusSource): Promise<string> {
  return `<!doctype html><meta charset="utf-8"><title>${source.status().name} ${path}</title>`;
}

export function assetOf(_path: string): { readonly type: string; readonly body: Uint8Array } | undefined {
  return undefined;
}
