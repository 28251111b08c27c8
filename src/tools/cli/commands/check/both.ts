/** `check --both`: what is pulled, and what was pushed. */
import type { CheckFinding } from '../../../check/finding.ts';
import { compareBoth, createPageValues } from '../../../check/hold/index.ts';
import { openFile } from '../../../check/page/files.ts';
import { type LookOptions, lookAt } from '../../../check/page/look.ts';
import type { PageFormat } from '../../../check/page/protocol.ts';
import type { Page } from '../../../check/page/read-page.ts';
import { shownSource } from '../../../check/page/shown-source.ts';
import { sourceError } from '../../../check/page/source-error.ts';
import { linesOf } from './lines.ts';

export interface Both {
  readonly read: readonly Page[];
  readonly compared: readonly CheckFinding[];
}

/**
 * Compares the first of the page's formats that is text or OpenMetrics: protobuf has no sample a bucket of native histograms.
 * @throws CHECK_SOURCE if the page is none, or the lines are none, or the page has more samples than are compared
 */
export async function lookAtBoth(page: string, lines: string, maxBytes: number, options: LookOptions): Promise<Both> {
  const values = createPageValues();
  let compared: PageFormat | undefined;
  const observerOf = (format: PageFormat) => {
    if (compared !== undefined || format === 'protobuf') return undefined;
    compared = format;
    return values;
  };
  const { pages, lines: noPage } = await lookAt(page, { ...options, observerOf });
  await noPage?.close();
  const pulled = pages?.find(({ observed }) => observed.format === compared);
  if (pages === undefined || pulled === undefined) {
    throw sourceError(
      shownSource(page),
      pages === undefined ? 'OTLP/JSON lines' : 'protobuf alone',
      'what is pulled is text 0.0.4 or OpenMetrics',
      'name the endpoint first, then the lines',
    );
  }
  if (values.refused > 0) {
    const rule = 'as many samples are compared as fit into memory';
    throw sourceError(
      shownSource(page),
      `${values.refused} samples more than ${values.values.size}`,
      rule,
      'compare a part of the page',
    );
  }
  const pushed = await pushedLines(lines, maxBytes, options.input);
  return {
    read: [...pages, pushed],
    compared: compareBoth({ observed: pulled.observed, values: values.values }, pushed),
  };
}

async function pushedLines(path: string, maxBytes: number, input: AsyncIterable<Uint8Array>) {
  const file = await openFile(path, input, maxBytes);
  const name = shownSource(path);
  if (file.format === 'lines') return await linesOf(name, file);
  await file.close();
  const fix = "give a file of a Collector's exporter `file`, or of ours";
  throw sourceError(name, `no OTLP/JSON: ${file.format}`, 'what was pushed is OTLP/JSON lines', fix);
}
