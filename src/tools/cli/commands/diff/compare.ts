/** Loads two contracts, compares them, and decides what is allowed. */
import type { Contract } from '../../../../core/contract/index.ts';
import { readText } from '../../../../core/node/read-text.ts';
import { readAccepted } from '../../../check/accepted/read-accepted.ts';
import { type Allowed, allowedIn, decide } from '../../../check/diff/allowed.ts';
import { diffContracts, noHints } from '../../../check/diff/diff-contracts.ts';
import { observedContract } from '../../../check/diff/observed-contract.ts';
import { readHints } from '../../../check/diff/read-hints.ts';
import type { DiffReport } from '../../../check/diff/report/diff-report.ts';
import type { Observed } from '../../../check/observed.ts';
import { lookAt } from '../../../check/page/look.ts';
import { isUnreadable } from '../../../check/page/read-page.ts';
import { isUrl, shownSource } from '../../../check/page/shown-source.ts';
import { contractFrom } from '../../contract-source/contract-source.ts';
import { usageError } from '../../usage-error.ts';
import { version } from '../../version.ts';
import type { DiffArguments } from './arguments.ts';

/** More than anyone writes by hand. */
const mostFileBytes = 4 * 1024 * 1024;

export async function compare(given: DiffArguments): Promise<DiffReport> {
  const { old, next, renames, allow, allowFile } = given;
  const hints = renames === undefined ? noHints : readHints(renames, contents('--renames', renames));
  const entries: readonly Allowed[] = [
    ...allow.map((id) => ({ id, at: '--allow' })),
    ...(allowFile === undefined ? [] : allowedIn(readAccepted('--allow-file', allowFile, 'allow'))),
  ];
  const { contracts, notCompared } = await loaded(given);
  const diff = diffContracts(...contracts, hints);
  const today = new Date().toISOString().slice(0, 'YYYY-MM-DD'.length);
  const decision = decide(diff.changes, entries, today);
  return { old: shownSource(old), next: shownSource(next), diff, decision, notCompared, version: version() };
}

interface Loaded {
  readonly contracts: readonly [Contract, Contract];
  readonly notCompared: readonly string[];
}

/** An endpoint is what its page shows; the rest is taken from the contract that it is compared with. */
async function loaded(given: DiffArguments): Promise<Loaded> {
  const { old, next } = given;
  if (isUrl(old) && isUrl(next)) {
    const [before, after] = [await observedAt(old, given), await observedAt(next, given)];
    const base = observedContract(before, empty).contract;
    const { contract, absent } = observedContract(after, base);
    return { contracts: [base, contract], notCompared: [...unseen, ...absentText(absent, next)] };
  }
  if (!isUrl(old) && !isUrl(next)) return { contracts: [await contractFrom(old), await contractFrom(next)], notCompared: [] };
  const [url, name] = isUrl(old) ? [old, next] : [next, old];
  const declared = await contractFrom(name);
  const { contract, absent } = observedContract(await observedAt(url, given), declared);
  const contracts = isUrl(old) ? ([contract, declared] as const) : ([declared, contract] as const);
  return { contracts, notCompared: [...unseen, ...absentText(absent, url)] };
}

const empty: Contract = { name: 'endpoint', metrics: {}, defaultFormat: 'text', maxAgeMs: 60_000, accepts: {} };

const unseen: readonly string[] = [
  'A page does not show limits of labels, closed or open sets, omission, starts, exemplars, exponential resolution, who records, deprecation, stability and age.',
];

function absentText(absent: readonly string[], url: string): readonly string[] {
  if (absent.length === 0) return [];
  return [
    `${shownSource(url)} shows no ${absent.join(', ')}; a series that does not start at 0 may be absent without being removed.`,
  ];
}

/** Of the formats that the endpoint has, the first one whose page is well-formed. */
async function observedAt(url: string, { fetch, protocols }: DiffArguments): Promise<Observed> {
  const options = { ...fetch, input: process.stdin, ...(protocols !== undefined && { protocols }) };
  const { pages = [] } = await lookAt(url, options);
  const wrong = pages.map(({ findings }) => findings.find(isUnreadable));
  const page = pages.find((_, at) => wrong[at] === undefined);
  if (page !== undefined) return page.observed;
  const [first] = wrong;
  const got = first === undefined ? 'no page' : `${first.got} in line ${first.line ?? 1}`;
  throw usageError(shownSource(url), got, first?.rule ?? 'an endpoint has a page', `run meterbridge check ${shownSource(url)}`);
}

function contents(option: string, path: string): string {
  const read = readText(path, mostFileBytes);
  if (!read.ok) throw usageError(`${option} ${path}`, read.got, read.rule, read.fix);
  return read.text;
}
