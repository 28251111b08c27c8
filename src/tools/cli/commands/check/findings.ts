/** What is found in a source, besides what an exception accepts. */
import { setTimeout as sleep } from 'node:timers/promises';
import type { Contract } from '../../../../core/contract/index.ts';
import type { CheckFinding } from '../../../check/finding.ts';
import { compareFormats, countersOf, holdToContract } from '../../../check/hold/index.ts';
import { lint } from '../../../check/lint/lint.ts';
import { createTwice, type Twice } from '../../../check/lint/twice.ts';
import type { Observed } from '../../../check/observed.ts';
import { defaultMaxBytes } from '../../../check/page/fetch-options.ts';
import { type LookOptions, lookAt } from '../../../check/page/look.ts';
import type { PageFormat } from '../../../check/page/protocol.ts';
import type { Page } from '../../../check/page/read-page.ts';
import { shownSource } from '../../../check/page/shown-source.ts';
import { listenForOtlp } from '../../listen-for-otlp.ts';
import { untilInterrupted } from '../../until-interrupted.ts';
import type { CheckArguments } from './arguments.ts';
import { lookAtBoth } from './both.ts';
import { linesOf } from './lines.ts';

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
export async function checkSource(
  args: CheckArguments,
  contract: Contract | undefined,
  { input, say }: Around,
): Promise<Checked> {
  const { source, both, protocols, twiceMs } = args;
  if (source === undefined) {
    const listening = (where: string): void => say(`Listening: ${where}`);
    const came = await untilInterrupted((signal) => listenForOtlp({ ...args.listen, signal, listening, warn: say }));
    return checkRead([came], args, contract);
  }
  const options: LookOptions = { ...args.fetch, input, ...(protocols !== undefined && { protocols }) };
  if (both !== undefined) {
    const { read, compared } = await lookAtBoth(source, both, args.fetch.maxBytes ?? defaultMaxBytes, options);
    return checkRead(read, args, contract, compared);
  }
  const twice = new Map<PageFormat, Twice>();
  const twiceOf = (format: PageFormat): Twice => {
    const known = twice.get(format) ?? createTwice(shownSource(source), format);
    twice.set(format, known);
    return known;
  };
  const look = await lookAt(
    source,
    twiceMs === undefined ? options : { ...options, observerOf: (format) => twiceOf(format).first },
  );
  const read = look.pages ?? [await linesOf(shownSource(source), look.lines)];
  const compared: CheckFinding[] = [];
  if (twiceMs !== undefined) {
    await sleep(twiceMs);
    await lookAt(source, {
      ...options,
      waitMs: 0,
      observerOf: (format) => (twice.has(format) ? twiceOf(format).second : undefined),
    });
    compared.push(...[...twice.values()].flatMap((each) => each.findings()));
  }
  return checkRead(read, args, contract, compared);
}

/** @param more findings of the same source */
function checkRead(
  read: readonly Page[],
  { limits, only, strictHelp }: CheckArguments,
  contract: Contract | undefined,
  more: readonly CheckFinding[] = [],
): Checked {
  const observed = read.map((page) => page.observed);
  const held = contract === undefined ? [] : observed.flatMap((each) => holdToContract(each, contract, { only, strictHelp }));
  const shown = [...read.flatMap((page) => page.findings), ...observed.flatMap((each) => lint(each, limits))];
  const all = [...shown.filter((finding) => !isAccepted(finding, contract)), ...held, ...more];
  return { observed, findings: [...onceEach(all), ...compareFormats(observed.filter(({ format }) => format !== 'otlp'))] };
}

/** What two counters break that are a summary of the contract. */
const ofCounters: readonly string[] = ['sum-suffix', 'count-suffix', 'counter-without-total'];

/** A contract says itself which conventions its names break. */
function isAccepted({ id, family }: CheckFinding, contract: Contract | undefined): boolean {
  if (family === undefined || contract === undefined) return false;
  const summary = countersOf(contract).find((series) => family === `${series}_sum` || family === `${series}_count`);
  if (summary !== undefined && ofCounters.includes(id)) return true;
  return contract.accepts[summary ?? family]?.includes(id) === true;
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
