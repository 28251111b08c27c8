/** Groups the lines of an exposition into families, and checks the rules that span lines, as they pass. */
import type { Kind } from '../../../core/naming/kind.ts';
import type { TextFormat } from '../format.ts';
import { createPointChecker, mostSeries, ownLabel } from './check-points.ts';
import { checkSample } from './check-sample.ts';
import { createFamilyNames } from './family-names.ts';
import { createFingerprintSet, hashed, hashSample, hashSeries } from './fingerprints.ts';
import type { Metadata } from './parse-metadata.ts';
import { faultOf, type ParsedSample, type Report } from './parsed.ts';
import { markOf, repeatedFault } from './repeated.ts';

type Described = Extract<Metadata, { name: string }>;

/** A family as far as it has been read. */
export interface OpenFamily {
  readonly name: string;
  readonly line: number;
  kind: Kind | undefined;
  /** Whether it has a TYPE. */
  typed: boolean;
  help: string | undefined;
  unit: string | undefined;
  /** So far. */
  samples: number;
}

export interface FamilySink {
  sample(sample: ParsedSample, family: OpenFamily, line: number): void;
  /** All its samples have passed. */
  family(family: OpenFamily): void;
}

export interface FamilyBuilder {
  metadata(metadata: Described, line: number): void;
  sample(sample: ParsedSample, line: number): void;
  end(): void;
}

export function createFamilyBuilder(format: TextFormat, report: Report, sink: FamilySink): FamilyBuilder {
  const names = createFamilyNames(format);
  const points = createPointChecker(format, report);
  /** Each with its line, which is below 0 where the sample has an empty label. */
  const series = createFingerprintSet(mostSeries, { hasMarks: true });
  let open: OpenFamily | undefined;
  /** Whether the open family has more series than are compared. */
  let full = false;

  function start(name: string, line: number): OpenFamily {
    close();
    open = { name, line, kind: undefined, typed: false, help: undefined, unit: undefined, samples: 0 };
    return open;
  }

  function close(): void {
    if (open === undefined) return;
    const family = open;
    open = undefined;
    const fault = names.claim(family.name, family.kind);
    if (fault !== undefined) report(family.line, fault);
    checkUnit(family, report);
    points.end(family);
    series.clear();
    full = false;
    sink.family(family);
  }

  function metadata(described: Described, line: number): void {
    const family = open?.name === described.name ? open : start(described.name, line);
    const keyword = described.line.toUpperCase();
    const got = `${keyword} ${described.name}`;
    // Go's parser of text 0.0.4 accepts HELP after samples, but not TYPE.
    if (family.samples > 0 && (format === 'openmetrics' || described.line === 'type'))
      report(line, faultOf('metadata-order', 1, got));
    if (described.line === 'unit') checkSuffix(described.name, described.text, line, report);
    const given = described.line === 'type' ? family.kind : described.line === 'help' ? family.help : family.unit;
    if (given !== undefined) report(line, faultOf('metadata-twice', 1, got, { rule: `a family has one ${keyword} at most` }));
    else if (described.line === 'type') setType(family, described.kind);
    else if (described.line === 'help') family.help = described.text;
    else family.unit = described.text;
  }

  function sample(read: ParsedSample, line: number): void {
    let family = open;
    if (family === undefined || !belongs(family, read.name)) {
      if (family?.kind === 'counter' && format === 'openmetrics' && read.name === family.name) {
        report(line, faultOf('counter-name', 1, read.name, nameOfCounter(read.name)));
        sink.sample(read, family, line);
        return;
      }
      family = start(read.name, line);
      family.kind = 'unknown';
    }
    family.samples++;
    sink.sample(read, family, line);
    const fault = checkSample(family.name, family.kind, read, format);
    if (fault !== undefined) report(line, fault);
    hashSeries(read.labels, ownLabel(family, read.name));
    points.sample(family, read, line);
    hashSample(read.name, read.timestamp);
    const mark = markOf(read, line);
    const fresh = series.add(hashed.all1, hashed.all2, mark);
    if (fresh === false) report(line, repeatedFault(read, mark, series.markOf(hashed.all1, hashed.all2), 'on line'));
    else if (fresh === undefined && !full) {
      full = true;
      report(line, faultOf('limit-series', 1, family.name));
    }
  }

  function belongs(family: OpenFamily, name: string): boolean {
    if (!name.startsWith(family.name)) return false;
    const rest = name.length - family.name.length;
    for (const suffix of names.suffixesOf(family.kind)) if (suffix.length === rest && name.endsWith(suffix)) return true;
    return false;
  }

  return Object.freeze({ metadata, sample, end: close });
}

/** In OpenMetrics, TYPE names a counter without `_total`, and the sample with it. */
function nameOfCounter(name: string): { readonly rule?: string; readonly fix: string } {
  if (!name.endsWith('_total')) return { fix: `write ${name}_total` };
  return {
    rule: 'the family of a counter is named without _total',
    fix: `write ${name.slice(0, -'_total'.length)} in TYPE and HELP`,
  };
}

function setType(family: OpenFamily, kind: Kind): void {
  family.kind = kind;
  family.typed = true;
}

/** Prometheus rejects an exposition for it. */
function checkSuffix(name: string, unit: string, line: number, report: Report): void {
  if (unit === '' || name.endsWith(`_${unit}`)) return;
  report(
    line,
    faultOf('family-unit', 1, `unit ${unit}`, { rule: `the name of a family with a unit ends with it: ${name}` }),
    true,
  );
}

function checkUnit({ kind, unit, line }: OpenFamily, report: Report): void {
  if (unit === undefined || unit === '' || (kind !== 'info' && kind !== 'stateset')) return;
  report(line, faultOf('family-no-unit', 1, `unit ${unit}`, { rule: `${kind} has no unit` }));
}
