/** Groups the lines of an exposition into families, and checks the rules that span lines. */
import type { Kind } from '../../naming/kind.ts';
import type { TextFormat } from '../format.ts';
import { checkPoints, type OpenFamily } from './check-points.ts';
import { checkSample } from './check-sample.ts';
import type { Metadata } from './parse-metadata.ts';
import type { Fault, ParsedFamily, ParsedSample } from './parsed.ts';

type Described = Extract<Metadata, { name: string }>;

export interface FamilyBuilder {
  metadata(metadata: Described, line: number): void;
  sample(sample: ParsedSample, line: number): void;
  end(): readonly ParsedFamily[];
}

const openMetricsSuffixes: Partial<Record<Kind, readonly string[]>> = {
  counter: ['_total', '_created'],
  summary: ['', '_count', '_sum', '_created'],
  histogram: ['_count', '_sum', '_bucket', '_created'],
  gaugehistogram: ['_gcount', '_gsum', '_bucket'],
  info: ['_info'],
};
const textSuffixes: Partial<Record<Kind, readonly string[]>> = {
  summary: ['', '_count', '_sum'],
  histogram: ['_count', '_sum', '_bucket'],
};

export function createFamilyBuilder(format: TextFormat, report: (line: number, fault: Fault) => void): FamilyBuilder {
  const suffixTable = format === 'openmetrics' ? openMetricsSuffixes : textSuffixes;
  const families: ParsedFamily[] = [];
  /** The family of each name, for all families that are closed. */
  const owners = new Map<string, string>();
  let open: OpenFamily | undefined;

  const suffixesOf = (kind: Kind | undefined): readonly string[] => suffixTable[kind ?? 'unknown'] ?? [''];

  function start(name: string, line: number): OpenFamily {
    close();
    open = { name, line, kind: undefined, help: undefined, unit: undefined, samples: [], lines: [] };
    return open;
  }

  function close(): void {
    if (open === undefined) return;
    const family = open;
    open = undefined;
    claimNames(family);
    checkUnit(family);
    checkPoints(family, format, report);
    families.push({
      name: family.name,
      kind: family.kind ?? 'unknown',
      ...(family.help === undefined ? {} : { help: family.help }),
      ...(family.unit === undefined || family.unit === '' ? {} : { unit: family.unit }),
      samples: family.samples,
    });
  }

  function claimNames(family: OpenFamily): void {
    for (const suffix of new Set([...suffixesOf(family.kind), ''])) {
      const name = family.name + suffix;
      const owner = owners.get(name);
      if (owner === undefined) {
        owners.set(name, family.name);
        continue;
      }
      const again = owner === family.name;
      report(family.line, {
        column: 1,
        rule: again ? 'the lines of a family stand together' : `the name ${name} belongs to the family ${owner} already`,
        got: family.name,
        fix: again ? 'move them next to the others' : 'rename one of the families',
      });
      return;
    }
  }

  function checkUnit(family: OpenFamily): void {
    if (family.unit === undefined || family.unit === '') return;
    const fault = (rule: string, fix: string): void => report(family.line, { column: 1, rule, got: `unit ${family.unit}`, fix });
    if (!family.name.endsWith(`_${family.unit}`))
      fault(`the name of a family with a unit ends with it: ${family.name}`, 'drop UNIT or rename');
    if (family.kind === 'info' || family.kind === 'stateset') fault(`${family.kind} has no unit`, 'drop UNIT');
  }

  function metadata(described: Described, line: number): void {
    const family = open?.name === described.name ? open : start(described.name, line);
    const keyword = described.line.toUpperCase();
    const fault = (rule: string, fix: string): void => report(line, { column: 1, rule, got: `${keyword} ${described.name}`, fix });
    // Go's parser of text 0.0.4 accepts HELP after samples, but not TYPE.
    if (family.samples.length > 0 && (format === 'openmetrics' || described.line === 'type')) {
      fault('metadata stands before the samples', 'move it');
    }
    const given = described.line === 'type' ? family.kind : described.line === 'help' ? family.help : family.unit;
    if (given !== undefined) fault(`a family has one ${keyword} at most`, 'remove one of them');
    else if (described.line === 'type') family.kind = described.kind;
    else if (described.line === 'help') family.help = described.text;
    else family.unit = described.text;
  }

  function sample(read: ParsedSample, line: number): void {
    let family = open;
    if (family === undefined || !suffixesOf(family.kind).some((suffix) => family?.name + suffix === read.name)) {
      if (family?.kind === 'counter' && format === 'openmetrics' && read.name === family.name) {
        report(line, { column: 1, rule: "a counter's sample ends with _total", got: read.name, fix: `write ${read.name}_total` });
        return;
      }
      family = start(read.name, line);
      family.kind = 'unknown';
    }
    const fault = checkSample(family.name, family.kind, read, format);
    if (fault !== undefined) report(line, fault);
    family.samples.push(read);
    family.lines.push(line);
  }

  function end(): readonly ParsedFamily[] {
    close();
    return families;
  }

  return Object.freeze({ metadata, sample, end });
}
