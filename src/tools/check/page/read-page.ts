/** An exposition's bytes, read once: what it exposes, and what the parser finds fault with. */

import { shown } from '../../../core/errors/shown.ts';
import {
  createExpositionReader,
  type FamilyInfo,
  type Finding,
  type ParsedSample,
  type ReadSummary,
} from '../../../formats/exposition/index.ts';
import { dropsSample, findings } from '../../../formats/exposition/parse/findings.ts';
import type { CheckFinding } from '../finding.ts';
import { found } from '../lint/catalogue.ts';
import type { Observed } from '../observed.ts';
import type { PageFormat } from './protocol.ts';
import { sourceError } from './source-error.ts';
import { createSummary } from './summary.ts';

export interface Page {
  readonly observed: Observed;
  /**
   * The parser's: `error` where Prometheus rejects the page or drops a sample, `warning` where only the specification forbids
   * what it takes.
   */
  readonly findings: readonly CheckFinding[];
}

/** Sees the samples as they are read. */
export interface PageObserver {
  sample(sample: ParsedSample, family: FamilyInfo, line: number): void;
  family?(family: FamilyInfo): void;
}

export interface ReadPageOptions {
  /** As messages call it. */
  readonly source: string;
  readonly format: PageFormat;
  readonly maxBytes: number;
  readonly observer?: PageObserver;
}

/** @throws CHECK_SOURCE for more than `maxBytes`, and what `bytes` throws */
export async function readPage(
  bytes: AsyncIterable<Uint8Array>,
  { source, format, maxBytes, observer }: ReadPageOptions,
): Promise<Page> {
  const summary = createSummary(source, format);
  const reader = createExpositionReader({
    format,
    mode: 'lenient',
    onSample(sample, family, line) {
      summary.sample(sample, family, line);
      observer?.sample(sample, family, line);
    },
    onFamily(family) {
      summary.family(family);
      observer?.family?.(family);
    },
  });
  let length = 0;
  for await (const chunk of bytes) {
    length += chunk.length;
    if (length > maxBytes) {
      throw sourceError(
        source,
        `more than ${maxBytes} bytes`,
        'a page has at most as many bytes as --max-bytes says',
        'raise it',
      );
    }
    reader.write(chunk);
  }
  const read = reader.end();
  return { observed: summary.end(read.samples, length), findings: checkFindings(read, source, format) };
}

/** Prometheus stores a counter that OpenMetrics names wrongly under its sample's name, by which a contract may accept it. */
function ofFamily(finding: CheckFinding): CheckFinding {
  return finding.id === 'counter-name' ? { ...finding, family: finding.got } : finding;
}

function checkFindings(read: ReadSummary, source: string, format: PageFormat): readonly CheckFinding[] {
  const list = read.findings.map((finding) => ofFamily(checkFinding(finding, source, format)));
  if (read.found <= read.findings.length) return list;
  // The first ones are listed. One that Prometheus rejects may be among the rest.
  const isHidden = (!read.ok || read.dropped > 0) && !read.findings.some(({ id, rejected }) => rejected || dropsSample(id));
  return [
    ...list,
    {
      ...found('more-findings', {
        source,
        got: `${read.found - read.findings.length} more${isHidden ? `, for which Prometheus ${read.ok ? 'drops samples' : 'rejects the page'}` : ''}`,
      }),
      severity: isHidden ? 'error' : 'note',
    },
  ];
}

function checkFinding({ id, line, column, got, rule, fix, rejected }: Finding, source: string, format: PageFormat): CheckFinding {
  const common = {
    id,
    severity: rejected || dropsSample(id) ? 'error' : 'warning',
    source,
    rule,
    fix,
    link: findings[id].link,
  } as const;
  // Protobuf has no lines: they are its messages, and the columns its bytes.
  if (format === 'protobuf') return { ...common, got: `${shortened(got)} (message ${line}, byte ${column})` };
  return { ...common, line, column, got: shortened(got) };
}

/** Whether the page cannot be read for it. Where Prometheus drops a sample of a repeated series, everything else is there. */
export function isUnreadable({ id, severity }: CheckFinding): boolean {
  return severity === 'error' && !dropsSample(id);
}

/** Foreign text, which may be as long as a line. */
function shortened(got: string): string {
  return got.length > 200 ? shown(got, 200) : got;
}
