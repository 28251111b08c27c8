/** Two engines' readings of one case, held against each other: series by series, and then byte by byte. */
import { comparable, type Leniency } from './bodies.ts';
import type { Case } from './case.ts';
import type { Difference } from './difference.ts';
import type { Reading } from './drive.ts';
import type { SeriesDump } from './dump.ts';
import { type Exception, exceptions, isOutsideTheApi } from './exceptions.ts';
import { leniencyOf } from './leniency.ts';
import { storyOf } from './story.ts';

export interface Comparison {
  /** What no exception explains, in words; none: the engines cannot be told apart. */
  readonly unexplained: readonly string[];
  readonly used: ReadonlySet<Exception>;
}

export function compare(given: Case, reference: readonly Reading[], tested: readonly Reading[]): Comparison {
  const unexplained: string[] = [];
  const used = new Set<Exception>();
  for (const [index, one] of reference.entries()) {
    const other = tested[index] as Reading;
    const excused: SeriesDump[] = [];
    for (const difference of differences(one, other)) {
      const exception = exceptionFor(difference, given);
      if (exception === undefined) unexplained.push(`after command ${one.at}: ${shown(difference)}`);
      else {
        used.add(exception);
        excused.push(difference.series);
      }
    }
    const leniency = leniencyOf(given, excused);
    unexplained.push(...bodies(one, other, leniency));
    const [logged, alsoLogged] = [logOf(one, given, leniency), logOf(other, given, leniency)];
    if (logged !== alsoLogged)
      unexplained.push(`after command ${one.at}: the log\n--- reference\n${logged}\n--- tested\n${alsoLogged}`);
  }
  return { unexplained, used };
}

function exceptionFor(difference: Difference, given: Case): Exception | undefined {
  const story = storyOf(given, difference.series, difference.at);
  const isOfContract = story.instruments.length === 0;
  return exceptions.find(({ ofContract = false, explains }) => ofContract === isOfContract && explains(difference, story));
}

function* differences(one: Reading, other: Reading): Iterable<Difference> {
  const { at } = one;
  for (const [key, reference] of one.series) {
    const tested = other.series.get(key);
    if (tested === undefined) yield { at, series: reference, reference };
    else if (shownSeries(reference) !== shownSeries(tested)) yield { at, series: reference, reference, tested };
  }
  for (const [key, tested] of other.series) if (!one.series.has(key)) yield { at, series: tested, tested };
}

/**
 * Which callback of several fails first, and how many of them, is not the same: the store engine runs those of one instrument
 * together. The SDK fails with attributes that the API has no type for, too. And where it makes one stream of instruments in
 * conflict, no page leaves the second out. It reads the attributes of what the store engine refuses, so a long one may be
 * remarked earlier. It says nothing of what it refuses itself. What is wrong with an instrument when it is made, it tells the
 * API's diagnostics alone. How often a callback of the contract has lost something depends on whether two scrapes share a
 * collection.
 */
function logOf({ log }: Reading, { commands }: Case, { uncontracted }: Leniency): string {
  let told = '';
  const fails = commands.some(
    (command) => command.do === 'uncontracted-report' && command.says.some((one) => isOutsideTheApi(one.attributes)),
  );
  return log
    .filter(
      (line) =>
        !line.startsWith(longAttribute) &&
        !line.startsWith(lostOutside) &&
        !made.test(line) &&
        !counts.test(line) &&
        !(fails && line.startsWith(foreign)) &&
        !uncontracted.has(leftOut.exec(line)?.[1] ?? ''),
    )
    .map((line) => (line.startsWith(foreign) ? line.replace(/ \(.*\)$/, '') : line))
    .filter((line) => {
      if (!line.startsWith(foreign)) return true;
      const before = told;
      told = line;
      return line !== before;
    })
    .join('\n');
}
const foreign = 'instruments outside the contracts';
const longAttribute = `${foreign}: a label value is shortened`;
const counts = / [\d,]+ more since$/;
const lostOutside = 'instrument "';
const made = /^Invalid metric name: |: an instrument of this name exists already, |: advice\.explicitBucketBoundaries /;
const leftOut = /^(\S+): a scrape (?:in OpenMetrics )?leaves it out/;

function bodies(one: Reading, other: Reading, leniency: Leniency): string[] {
  return one.bodies.flatMap(({ format, body }, at) => {
    const otherBody = other.bodies[at]?.body ?? '';
    if (body === otherBody) return [];
    const [expected, actual] = [comparable(body, format, leniency), comparable(otherBody, format, leniency)];
    if (expected === actual) return [];
    return [`after command ${one.at}: ${format}\n--- reference\n${expected}\n--- tested\n${actual}`];
  });
}

function shown({ reference, tested }: Difference): string {
  return `\n--- reference\n${shownSeries(reference)}\n--- tested\n${shownSeries(tested)}`;
}

/** Numbers as they are: `-0`, `NaN` and the infinities too. */
function shownSeries(series: SeriesDump | undefined): string {
  if (series === undefined) return 'nothing';
  const { scope, instrument, kind, unit, attributes, start, bounds, cells, exemplars } = series;
  const numbers = (list: readonly number[]) => list.map((one) => (Object.is(one, -0) ? '-0' : String(one))).join(' ');
  const values = `bounds ${numbers(bounds)} cells ${numbers(cells)} exemplars ${JSON.stringify(exemplars)}`;
  return `${scope} ${instrument} ${kind} ${unit} ${attributes} start ${start} ${values}`;
}
