/**
 * Units as Grafana names them: the ids of the unit picker (`getCategories()` of `@grafana/data`), which Grafana 11 and later
 * have.
 */
import type { Metric } from '../../../core/contract/index.ts';

/** UCUM → Grafana. Of bytes, those that are powers of two have the IEC names, as `bytes` has. */
const units: ReadonlyMap<string, string> = new Map([
  ['ns', 'ns'],
  ['us', 'µs'],
  ['ms', 'ms'],
  ['s', 's'],
  ['min', 'm'],
  ['h', 'h'],
  ['d', 'd'],
  ['bit', 'bits'],
  ['By', 'bytes'],
  ['KiBy', 'kbytes'],
  ['MiBy', 'mbytes'],
  ['GiBy', 'gbytes'],
  ['TiBy', 'tbytes'],
  ['kBy', 'deckbytes'],
  ['KBy', 'deckbytes'],
  ['MBy', 'decmbytes'],
  ['GBy', 'decgbytes'],
  ['TBy', 'dectbytes'],
  ['By/s', 'Bps'],
  ['bit/s', 'bps'],
  ['%', 'percent'],
  ['1', 'percentunit'],
  ['Cel', 'celsius'],
  ['[degF]', 'fahrenheit'],
  ['K', 'kelvin'],
  ['Hz', 'hertz'],
  ['V', 'volt'],
  ['A', 'amp'],
  ['W', 'watt'],
  ['J', 'joule'],
  ['W.h', 'watth'],
  ['m', 'lengthm'],
  ['m/s', 'velocityms'],
  ['g', 'massg'],
  ['kg', 'masskg'],
  ['L', 'litre'],
  ['l', 'litre'],
  ['Pa', 'pressurepa'],
  ['bar', 'pressurebar'],
  ['deg', 'degree'],
  ['rad', 'radian'],
  ['lx', 'lux'],
  ['{USD}', 'currencyUSD'],
  ['{EUR}', 'currencyEUR'],
  ['{GBP}', 'currencyGBP'],
]);

/** What a rate of them, each second, is called. A second of time each second is a share. */
const rates: ReadonlyMap<string, string> = new Map([
  ['s', 'percentunit'],
  ['By', 'Bps'],
  ['bit', 'bps'],
  ['J', 'watt'],
  ['m', 'velocityms'],
  ['{request}', 'reqps'],
  ['{packet}', 'pps'],
]);

/** A metric's unit as Grafana names it; `short` for a count. */
export function unitOf({ unit }: Pick<Metric, 'unit'>): string {
  return units.get(unit) ?? 'short';
}

/** The unit of a counter's rate; `ops` (each second) for a count, `none` for what Grafana has no name for. */
export function rateUnitOf({ unit }: Pick<Metric, 'unit'>): string {
  const known = rates.get(unit);
  if (known !== undefined) return known;
  return unit === '' || unit === '1' || (unit.startsWith('{') && !units.has(unit)) ? 'ops' : 'none';
}
