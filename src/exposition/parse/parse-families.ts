/** Groups the lines of an exposition into families, and checks the rules that span lines. */
import type { TextFormat } from '../format.ts';
import { checkPoints, type OpenFamily } from './check-points.ts';
import { checkSample } from './check-sample.ts';
import { createFamilyNames } from './family-names.ts';
import type { Metadata } from './parse-metadata.ts';
import type { Fault, ParsedFamily, ParsedSample } from './parsed.ts';

type Described = Extract<Metadata, { name: string }>;

export interface FamilyBuilder {
  metadata(metadata: Described, line: number): void;
  sample(sample: ParsedSample, line: number): void;
  end(): readonly ParsedFamily[];
}

export function createFamilyBuilder(format: TextFormat, report: (line: number, fault: Fault) => void): FamilyBuilder {
  const names = createFamilyNames(format);
  const families: ParsedFamily[] = [];
  let open: OpenFamily | undefined;

  function start(name: string, line: number): OpenFamily {
    close();
    open = { name, line, kind: undefined, help: undefined, unit: undefined, samples: [], lines: [] };
    return open;
  }

  function close(): void {
    if (open === undefined) return;
    const family = open;
    open = undefined;
    const fault = names.claim(family);
    if (fault !== undefined) report(family.line, fault);
    checkUnit(family, report);
    checkPoints(family, format, report);
    families.push({
      name: family.name,
      kind: family.kind ?? 'unknown',
      ...(family.help === undefined ? {} : { help: family.help }),
      ...(family.unit === undefined || family.unit === '' ? {} : { unit: family.unit }),
      samples: family.samples,
    });
  }

  function metadata(described: Described, line: number): void {
    const family = open?.name === described.name ? open : start(described.name, line);
    const keyword = described.line.toUpperCase();
    const fault = (rule: string, fix: string): void => report(line, { column: 1, rule, got: `${keyword} ${described.name}`, fix });
    // Go's parser of text 0.0.4 accepts HELP after samples, but not TYPE.
    if (family.samples.length > 0 && (format === 'openmetrics' || described.line === 'type')) {
      fault('metadata is before the samples', 'move it');
    }
    const given = described.line === 'type' ? family.kind : described.line === 'help' ? family.help : family.unit;
    if (given !== undefined) fault(`a family has one ${keyword} at most`, 'remove one of them');
    else if (described.line === 'type') family.kind = described.kind;
    else if (described.line === 'help') family.help = described.text;
    else family.unit = described.text;
  }

  function sample(read: ParsedSample, line: number): void {
    let family = open;
    if (family === undefined || !names.suffixesOf(family.kind).some((suffix) => family?.name + suffix === read.name)) {
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

function checkUnit({ name, kind, unit, line }: OpenFamily, report: (line: number, fault: Fault) => void): void {
  if (unit === undefined || unit === '') return;
  const fault = (rule: string, fix: string): void => report(line, { column: 1, rule, got: `unit ${unit}`, fix });
  if (!name.endsWith(`_${unit}`)) fault(`the name of a family with a unit ends with it: ${name}`, 'drop UNIT or rename');
  if (kind === 'info' || kind === 'stateset') fault(`${kind} has no unit`, 'drop UNIT');
}
