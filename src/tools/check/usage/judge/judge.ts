/** What breaks in one expression, and the edits that put it right, for each of the languages that files have. */
import type { ContractDiff, Mapping } from '../../diff/change.ts';
import { type Breakage, metricNames, parseExpression, type Reason, rewriteExpression } from '../../promql/index.ts';
import type { UsedExpression } from '../read/use.ts';
import type { Edit } from '../source/text.ts';

export interface Judged {
  /** Why the text cannot be read, and where in it. */
  readonly error?: { readonly offset: number; readonly message: string };
  readonly breakages: readonly Breakage[];
  /** Why it cannot be rewritten; none: the edits make it right. */
  readonly reasons: readonly string[];
  /** What the rewritten expression may find otherwise. */
  readonly notes?: readonly string[];
  /** Of the text. */
  readonly edits: readonly Edit[];
  /** Metrics that it selects by name. */
  readonly names: readonly string[];
}

const unaffected: Judged = { breakages: [], reasons: [], edits: [], names: [] };

/** @throws DEPENDENCY_MISSING when the grammar of PromQL is not installed */
export function judge(used: UsedExpression, diff: ContractDiff): Judged {
  switch (used.language) {
    case 'promql':
      return judgePromql(used.promql, used, diff);
    case 'selector':
    case 'series':
      return judgeSelector(used, diff);
    case 'names':
      return judgeNames(used.promql, diff);
    case 'result':
      return judgeResult(used, diff);
  }
}

/** The mapping of a series, also of a histogram's or summary's parts. */
export function mappingOf({ mappings }: ContractDiff, name: string): Mapping | undefined {
  return mappings.get(name) ?? mappings.get(name.replace(/_(?:bucket|sum|count)$/, ''));
}

function judgePromql(text: string, { opaque }: UsedExpression, diff: ContractDiff): Judged {
  const parsed = parseExpression(text);
  if (parsed.error !== undefined) return { ...unaffected, error: parsed.error };
  const names = metricNames(parsed.expression);
  const rewriting = rewriteExpression(text, diff, opaque);
  switch (rewriting.kind) {
    case 'unreadable':
      return { ...unaffected, error: rewriting.error };
    case 'unchanged':
      return { ...unaffected, names };
    case 'rewritten': {
      const notes = distinct(rewriting.notes.map(({ message }) => message));
      return { breakages: rewriting.breakages, edits: rewriting.edits, reasons: [], names, notes };
    }
    case 'not-rewritable':
      return {
        breakages: rewriting.breakages,
        edits: [],
        reasons: distinct(rewriting.reasons.map(({ message }) => message)),
        names,
      };
  }
}

const distinct = (texts: readonly string[]) => [...new Set(texts)];

/**
 * A selector alone: which series it finds is all that counts. `group` reads every series and none of their values, so of its
 * rewriting the edits within the selector are taken, and not what would be put around it.
 */
function judgeSelector(used: UsedExpression, diff: ContractDiff): Judged {
  const before = 'group(';
  const text = `${before}${used.promql})`;
  const shift = before.length;
  const opaque = used.opaque.map(({ from, to }) => ({ from: from + shift, to: to + shift }));
  const parsed = parseExpression(text);
  if (parsed.error !== undefined) {
    return {
      ...unaffected,
      error: { ...parsed.error, offset: Math.min(Math.max(0, parsed.error.offset - shift), used.promql.length) },
    };
  }
  const names = metricNames(parsed.expression);
  const rewriting = rewriteExpression(text, diff, opaque);
  if (rewriting.kind === 'unchanged' || rewriting.kind === 'unreadable') return { ...unaffected, names };
  const breakages = rewriting.breakages
    .filter(isWithin)
    .map((breakage) => ({ ...breakage, from: breakage.from - shift, to: breakage.to - shift }));
  const own = rewriting.kind === 'not-rewritable' ? rewriting.reasons.filter((reason) => isAboutSelecting(reason, text)) : [];
  const edits =
    rewriting.kind === 'rewritten' ? rewriting.edits.filter(({ from, to }) => to > from) : replacements(text, diff, opaque);
  const shifted = edits.map((edit) => ({ ...edit, from: edit.from - shift, to: edit.to - shift }));
  const reasons = own.map(({ message }) => message);
  if (used.language === 'series') reasons.push(...seriesReasons(names, shifted, diff));
  if (reasons.length === 0 && shifted.length === 0) return { ...unaffected, names };
  return { breakages, names, reasons: distinct(reasons), edits: reasons.length > 0 ? [] : shifted };
}

const isWithin = ({ part }: Breakage) => part !== 'result' && part !== 'function' && part !== 'unit';

/** Not that what is found is grouped otherwise than before. */
function isAboutSelecting({ id, from, to }: Reason, text: string): boolean {
  return (
    !(id === 'label-removed' || id === 'not-additive' || id === 'bounds-changed') ||
    to - from < text.trimEnd().length - 'group()'.length
  );
}

/** When only what is around the selector cannot be put right, its own edits are those of its name. */
function replacements(text: string, diff: ContractDiff, opaque: readonly { from: number; to: number }[]): readonly Edit[] {
  const found = /^group\(\s*([a-zA-Z_:][\w:]*)/.exec(text);
  const name = found?.[1] ?? '';
  const mapping = mappingOf(diff, name);
  if (found === null || mapping?.to === undefined || mapping.from.series === mapping.to.series) return [];
  const from = found[0].length - name.length;
  if (opaque.some((range) => range.from < found[0].length)) return [];
  return [{ from, to: found[0].length, text: mapping.to.series + name.slice(mapping.from.series.length) }];
}

/** A series of a test is one series with values: it can have another name and other labels, and nothing else. */
function seriesReasons(names: readonly string[], edits: readonly Edit[], diff: ContractDiff): readonly string[] {
  const reasons: string[] = [];
  if (edits.some(({ text }) => /^[!=]~$/.test(text))) reasons.push('one series of the test became several');
  for (const name of names) {
    const mapping = mappingOf(diff, name);
    if (mapping?.to !== undefined && mapping.factor !== 1 && !/_(?:bucket|count)$/.test(name)) {
      reasons.push(`${name} is in another unit, and the values of the test are in the old one`);
    }
    if (mapping !== undefined && [...mapping.labels.values()].includes(undefined))
      reasons.push(`${name} is without labels that the test may give it`);
  }
  return reasons;
}

/** `metrics(pattern)`: only a literal with `.*` in it is understood; it has to be in the name, in this order. */
function judgeNames(pattern: string, { mappings }: ContractDiff): Judged {
  const parts = pattern.replace(/^\^|\$$/g, '').split('.*');
  if (!parts.every((part) => /^[\w:]*$/.test(part))) return unaffected;
  const finds = (name: string) => {
    let at = 0;
    for (const part of parts) {
      const found = name.indexOf(part, at);
      if (found < 0) return false;
      at = found + part.length;
    }
    return true;
  };
  const lost = [...mappings.values()].filter(({ from, to }) => finds(from.series) && (to === undefined || !finds(to.series)));
  if (lost.length === 0) return unaffected;
  const series = lost.map(({ from }) => from.series);
  const message = `the pattern finds ${series.join(', ')}, which has another name or is removed`;
  return {
    ...unaffected,
    breakages: [{ part: 'metric', impact: 'risky', from: 0, to: pattern.length, series, message }],
    reasons: ['a pattern of names is not rewritten'],
  };
}

/** The rewritten expression has the old labels and values in its result; a name that is seen there is the new one. */
function judgeResult({ promql, of }: UsedExpression, diff: ContractDiff): Judged {
  const found = /^\s*([a-zA-Z_:][\w:]*)/.exec(promql);
  const name = found?.[1];
  const mapping = name === undefined ? undefined : mappingOf(diff, name);
  if (
    found === null ||
    name === undefined ||
    mapping === undefined ||
    of === undefined ||
    mapping.to?.series === mapping.from.series
  )
    return unaffected;
  const from = found[0].length - name.length;
  const message = mapping.to === undefined ? `${name} is removed` : `${name} has another name`;
  const breakages: Breakage[] = [
    { part: 'metric', impact: 'breaking', from, to: from + name.length, series: [mapping.from.series], message },
  ];
  const expression = judge(of, diff);
  if (mapping.to === undefined || expression.reasons.length > 0)
    return { ...unaffected, breakages, reasons: ['its expression cannot be rewritten'] };
  if (expression.edits.some((edit) => edit.from === edit.to && edit.text !== '')) {
    return { ...unaffected, breakages, reasons: ['the rewritten expression may have no name in its result'] };
  }
  return {
    ...unaffected,
    breakages,
    edits: [{ from, to: from + name.length, text: mapping.to.series + name.slice(mapping.from.series.length) }],
  };
}
