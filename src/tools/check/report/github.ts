/**
 * Workflow commands, which GitHub Actions shows at the file's line
 * (https://docs.github.com/actions/reference/workflow-commands-for-github-actions). A URL is no file of the repository: its place
 * stands in the message alone.
 */
import type { CheckFinding, Severity } from '../finding.ts';
import { isUrl, standardInput } from './artifact.ts';
import type { Report } from './options.ts';
import { fieldsOf, oneLine, placeOf, restOf, subjectOf, summaryOf } from './words.ts';

const commands: Readonly<Record<Severity, string>> = { error: 'error', warning: 'warning', note: 'notice' };

export function writeGithub(report: Report): string {
  const rest = restOf(report);
  const lines = report.findings.slice(0, report.most).map(command);
  if (rest !== undefined) lines.push(`::notice title=meterbridge check::${data(rest)}`);
  return `${[...lines, summaryOf(report)].join('\n')}\n`;
}

function command(finding: CheckFinding): string {
  const { severity, id, source, line, column } = finding;
  const subject = subjectOf(finding);
  const properties: [string, string | number | undefined][] = [['title', subject === undefined ? id : `${id}: ${subject}`]];
  if (!isUrl(source) && source !== standardInput) properties.unshift(['file', oneLine(source)], ['line', line], ['col', column]);
  const given = properties
    .filter(([, value]) => value !== undefined)
    .map(([name, value]) => `${name}=${property(String(value))}`);
  const message = [placeOf(finding), ...fieldsOf(finding).map(([name, text]) => `${name}: ${text}`)].join('\n');
  return `::${commands[severity]} ${given.join(',')}::${data(message)}`;
}

/** As `escapeData` of GitHub's actions toolkit. */
function data(text: string): string {
  return text.replaceAll('%', '%25').replaceAll('\r', '%0D').replaceAll('\n', '%0A');
}

/** As `escapeProperty` of GitHub's actions toolkit. */
function property(text: string): string {
  return data(text).replaceAll(':', '%3A').replaceAll(',', '%2C');
}
