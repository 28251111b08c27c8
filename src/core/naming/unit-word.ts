/**
 * UCUM units in Prometheus' words. The table is that of `otlptranslator`, which the Collector and Prometheus share, with its
 * peculiarities: it spells `TiBy` "tibibytes" (the specification: tebibytes) and knows `KBy` (the specification and UCUM: `kBy`).
 */

const mainWords: ReadonlyMap<string, string> = new Map([
  ['d', 'days'],
  ['h', 'hours'],
  ['min', 'minutes'],
  ['s', 'seconds'],
  ['ms', 'milliseconds'],
  ['us', 'microseconds'],
  ['ns', 'nanoseconds'],
  ['By', 'bytes'],
  ['KiBy', 'kibibytes'],
  ['MiBy', 'mebibytes'],
  ['GiBy', 'gibibytes'],
  ['TiBy', 'tibibytes'],
  ['KBy', 'kilobytes'],
  ['MBy', 'megabytes'],
  ['GBy', 'gigabytes'],
  ['TBy', 'terabytes'],
  ['m', 'meters'],
  ['V', 'volts'],
  ['A', 'amperes'],
  ['J', 'joules'],
  ['W', 'watts'],
  ['g', 'grams'],
  ['Cel', 'celsius'],
  ['Hz', 'hertz'],
  ['1', ''],
  ['%', 'percent'],
]);

/** After `/`: singular, and `m` is the minute here. `min` is not in the table; it is unchanged (`per_min`). */
const perWords: ReadonlyMap<string, string> = new Map([
  ['s', 'second'],
  ['m', 'minute'],
  ['h', 'hour'],
  ['d', 'day'],
  ['w', 'week'],
  ['mo', 'month'],
  ['y', 'year'],
]);

/** The two halves of a unit in words, `per` with its `per_`. Empty if a half has no word. */
export interface UnitWords {
  readonly main: string;
  readonly per: string;
}

/**
 * The halves before cleaning. An unknown unit stays as it is. A half with a `{` or `}` is dropped entirely (`By{x}` gives
 * nothing), although the specification drops only the bracketed part.
 */
export function rawUnitWords(unit: string): UnitWords {
  const slash = unit.indexOf('/');
  const main = half(slash < 0 ? unit : unit.slice(0, slash), mainWords);
  const per = slash < 0 ? '' : half(unit.slice(slash + 1), perWords);
  return { main, per: per === '' ? '' : `per_${per}` };
}

function half(text: string, words: ReadonlyMap<string, string>): string {
  const unit = trimSpace(text);
  if (unit.includes('{') || unit.includes('}')) return '';
  return words.get(unit) ?? unit;
}

/** The halves for an escaped name: other characters become `_`, runs collapse, and a leading `_` is cut off. */
export function unitWords(unit: string): UnitWords {
  const { main, per } = rawUnitWords(unit);
  return { main: clean(main), per: clean(per) };
}

/** The whole unit in one word: `s` → `seconds`, `By/s` → `bytes_per_second`, `{run}` and `1` → `''`. Right for `# UNIT`. */
export function unitWord(unit: string): string {
  const { main, per } = unitWords(unit);
  const word = main !== '' && per !== '' ? `${main}_${per}` : main + per;
  return word.replace(/^_/, '').replace(/_$/, '');
}

function clean(word: string): string {
  return word
    .replace(/[^a-zA-Z0-9:]/gu, '_')
    .replace(/_{2,}/g, '_')
    .replace(/^_/, '');
}

const space = /\p{White_Space}/u;

/**
 * Go's `strings.TrimSpace`: Unicode White_Space, which unlike `trim()` has U+0085 and lacks U+FEFF. An expression would look at
 * each run inside once a character.
 */
function trimSpace(text: string): string {
  let from = 0;
  let to = text.length;
  while (from < to && space.test(text.charAt(from))) from++;
  while (to > from && space.test(text.charAt(to - 1))) to--;
  return text.slice(from, to);
}

/**
 * Words that lead back to a unit which means the same in UCUM. `KBy`, and `m`, `w`, `y` after `/`, do not: UCUM's `m` is the
 * metre.
 */
const mainUnits: ReadonlyMap<string, string> = backward(mainWords, ['1', 'KBy']);
const perUnits: ReadonlyMap<string, string> = backward(perWords, ['m', 'w', 'y']);

function backward(words: ReadonlyMap<string, string>, except: readonly string[]): ReadonlyMap<string, string> {
  return new Map([...words].filter(([unit]) => !except.includes(unit)).map(([unit, word]) => [word, unit]));
}

/** The unit that a name's last tokens spell, and how many tokens that takes: `['x', 'bytes', 'per', 'second']` → `By/s`, 3. */
export function unitAtEnd(tokens: readonly string[]): { readonly unit: string; readonly taken: number } {
  const last = tokens.at(-1) ?? '';
  const per = tokens.at(-2) === 'per' ? perUnits.get(last) : undefined;
  if (per === undefined) {
    const unit = mainUnits.get(last);
    return unit === undefined ? { unit: '', taken: 0 } : { unit, taken: 1 };
  }
  const main = mainUnits.get(tokens.at(-3) ?? '');
  return main === undefined ? { unit: `/${per}`, taken: 2 } : { unit: `${main}/${per}`, taken: 3 };
}
