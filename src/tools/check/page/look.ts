/** A URL, a file or standard input as pages: each format that an endpoint has, or the one of a file. */
import { setTimeout as sleep } from 'node:timers/promises';
import { shown } from '../../../core/errors/shown.ts';
import type { CheckFinding } from '../finding.ts';
import { found } from '../lint/catalogue.ts';
import { type Fetched, fetchPage } from './fetch.ts';
import { defaultMaxBytes, type FetchOptions } from './fetch-options.ts';
import { openFile } from './files.ts';
import { acceptOf, formatOf, formatOfType, type PageFormat, type ScrapeProtocol, scrapeProtocols } from './protocol.ts';
import { type Page, type PageObserver, readPage } from './read-page.ts';
import { isUrl, shownSource } from './shown-source.ts';

/** Between two attempts while an endpoint is awaited. */
const retryMs = 250;

export interface LookOptions extends FetchOptions {
  /**
   * What an endpoint is asked for, in turn; the first one is a file's format. @default all of an endpoint, and what a file is by
   * its bytes
   */
  readonly protocols?: readonly ScrapeProtocol[];
  /** Read for `-`. */
  readonly input: AsyncIterable<Uint8Array>;
  readonly observerOf?: (format: PageFormat) => PageObserver | undefined;
}

/** OTLP/JSON lines, which are no page: the caller reads them. */
export interface Lines {
  read(): AsyncIterable<Uint8Array>;
  close(): Promise<void>;
}

export type Look =
  | { readonly pages: readonly Page[]; readonly lines?: never }
  | { readonly pages?: never; readonly lines: Lines };

/**
 * An endpoint that responds in one format to two requests is read once in it.
 * @throws CHECK_SOURCE when there is nothing to read
 */
export async function lookAt(source: string, options: LookOptions): Promise<Look> {
  if (isUrl(source)) return { pages: await lookAtUrl(new URL(source), options) };
  const { input, maxBytes = defaultMaxBytes, protocols } = options;
  const file = await openFile(source, input, maxBytes);
  const format = protocols?.[0] === undefined ? file.format : formatOf[protocols[0]];
  if (format === 'lines') return { lines: file };
  try {
    const observer = options.observerOf?.(format);
    const name = shownSource(source);
    return {
      pages: [await readPage(file.read(), { source: name, format, maxBytes, ...(observer !== undefined && { observer }) })],
    };
  } finally {
    await file.close();
  }
}

async function lookAtUrl(url: URL, options: LookOptions): Promise<readonly Page[]> {
  const pages: Page[] = [];
  const seen = new Set<PageFormat>();
  const until = performance.now() + (options.waitMs ?? 0);
  for (const protocol of options.protocols ?? scrapeProtocols) {
    const fetched = await fetchUntil(url, acceptOf[protocol], options, pages.length === 0 ? until : 0);
    try {
      const named = formatOfType(fetched.contentType);
      const format = named ?? 'text';
      if (seen.has(format)) continue;
      seen.add(format);
      const source = shownSource(url.href);
      const observer = options.observerOf?.(format);
      const maxBytes = options.maxBytes ?? defaultMaxBytes;
      const page = await readPage(fetched.body, { source, format, maxBytes, ...(observer !== undefined && { observer }) });
      pages.push(named === undefined ? { ...page, findings: [wrongType(source, fetched.contentType), ...page.findings] } : page);
    } finally {
      fetched.close();
    }
  }
  return pages;
}

async function fetchUntil(url: URL, accept: string, options: LookOptions, until: number): Promise<Fetched> {
  for (;;) {
    try {
      return await fetchPage(url, accept, options);
    } catch (error) {
      if (performance.now() + retryMs > until) throw error;
      await sleep(retryMs);
    }
  }
}

function wrongType(source: string, contentType: string | undefined): CheckFinding {
  return found('content-type', { source, got: contentType === undefined ? 'no Content-Type' : shown(contentType, 200) });
}
