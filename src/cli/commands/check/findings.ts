/** What is found in a source, besides what an exception accepts. */
import { setTimeout as sleep } from 'node:timers/promises';
import type { CheckFinding } from '../../../check/finding.ts';
import { compareFormats, holdToContract } from '../../../check/hold/index.ts';
import { readLines } from '../../../check/lines/read-lines.ts';
import { lint } from '../../../check/lint/lint.ts';
import { createTwice, type Twice } from '../../../check/lint/twice.ts';
import type { Observed } from '../../../check/observed.ts';
import { type LookOptions, lookAt } from '../../../check/page/look.ts';
import type { PageFormat } from '../../../check/page/protocol.ts';
import type { Page } from '../../../check/page/read-page.ts';
import { shownSource } from '../../../check/page/shown-source.ts';
import type { Contract } from '../../../contract/index.ts';
import { listenForOtlp } from '../../listen-for-otlp.ts';
import type { CheckArguments } from './arguments.ts';

export interface Checked {
  readonly observed: readonly Observed[];
  readonly findings: readonly CheckFinding[];
}

interface Around {
  /** Read for `-`. */
  readonly input: AsyncIterable<Uint8Array>;
  /** For people, beside the report. */
  readonly say: (line: string) => void;
}

/** @throws CHECK_SOURCE */
export async function checkSource(args: CheckArguments, contract: Contract | undefined, { input, say }: Around): Promise<Checked> {
  const { source, protocols, twiceMs } = args;
  if (source === undefined) return checkRead([await listenForOtlp({ ...args.listen, listening: say, warn: say })], args, contract);
  const options: LookOptions = { ...args.fetch, input, ...(protocols !== undefined && { protocols }) };
  const twice = new Map<PageFormat, Twice>();
  const twiceOf = (format: PageFormat): Twice => {
    const known = twice.get(format) ?? createTwice(shownSource(source), format);
    twice.set(format, known);
    return known;
  };
  const look = await lookAt(source, twiceMs === undefined ? options : { ...options, observerOf: (format) => twiceOf(format).first });
  const read = look.pages ?? [await linesOf(shownSource(source), look.lines)];
  const compared: CheckFinding[] = [];
  if (twiceMs !== undefined) {
    await sleep(twiceMs);
    await lookAt(source, { ...options, waitMs: 0, observerOf: (format) => (twice.has(format) ? twiceOf(format).second : undefined) });
    compared.push(...[...twice.values()].flatMap((each) => each.findings()));
  }
  return checkRead(read, args, contract, compared);
}

/** @param more findings of the same source */
function checkRead(
  read: readonly Page[],
  { limits, only }: CheckArguments,
  contract: Contract | undefined,
  more: readonly CheckFinding[] = [],
): Checked {
  const observed = read.map((page) => page.observed);
  const held = contract === undefined ? [] : observed.flatMap((each) => holdToContract(each, contract, { only }));
  const all = [...read.flatMap((page) => page.findings), ...observed.flatMap((each) => lint(each, limits)), ...held, ...more];
  return { observed, findings: [...onceEach(all), ...compareFormats(observed)] };
}

async function linesOf(name: string, lines: { read(): AsyncIterable<Uint8Array>; close(): Promise<void> }) {
  try {
    return await readLines({ name, bytes: lines.read() });
  } finally {
    await lines.close();
  }
}

/** What several formats of an endpoint have in common is said once. */
function onceEach(findings: readonly CheckFinding[]): readonly CheckFinding[] {
  const said = new Set<string>();
  return findings.filter(({ id, family, label, contract, line, column, got }) => {
    // Lines differ between formats. Without a family, the place is all that tells two findings apart.
    const key = JSON.stringify([id, family, label, contract, got, family === undefined ? [line, column] : undefined]);
    const isNew = !said.has(key);
    said.add(key);
    return isNew;
  });
}
