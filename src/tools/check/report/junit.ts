/**
 * JUnit's XML, with all that the schema of Ant's tasks demands and nothing that Jenkins' does not know. A suite is a source; a
 * case is a family and a rule that it breaks, or a family that breaks none. Warnings and notes fail no case: they stand in the
 * suite's output.
 */
import type { CheckFinding } from '../finding.ts';
import type { Report } from './options.ts';
import { fieldsOf, oneLine, placeOf, subjectOf } from './words.ts';

export function writeJunit(report: Report): string {
  const sources = new Set([...report.observed.map(({ source }) => source), ...report.findings.map(({ source }) => source)]);
  const suites = [...sources].map((source, id) => suiteOf(report, source, id));
  return `<?xml version="1.0" encoding="UTF-8"?>\n<testsuites>\n${suites.join('')}</testsuites>\n`;
}

function suiteOf({ findings, observed, at }: Report, source: string, id: number): string {
  const own = findings.filter((finding) => finding.source === source);
  const broken = Map.groupBy(
    own.filter(({ severity }) => severity === 'error'),
    (finding) => nameOf(finding),
  );
  const families = new Set(observed.filter((each) => each.source === source).flatMap(({ families }) => [...families.keys()]));
  for (const { severity, family } of own) if (severity === 'error' && family !== undefined) families.delete(family);
  const failed = [...broken].map(([name, errors]) => failedCase(name, errors));
  const passed = [...families].map((family) => `${caseHead(oneLine(family))}/>\n`);
  // A report without a case reads as a check that did not run.
  const cases = failed.length + passed.length > 0 ? [...failed, ...passed] : [`${caseHead('check')}/>\n`];
  const said = own
    .filter(({ severity }) => severity !== 'error')
    .map((finding) => `${finding.severity}: ${headOf(finding)}\n${detailsOf(finding)}`);
  const name = attribute(oneLine(source) || 'check');
  return `  <testsuite name="${name}" package="meterbridge" id="${id}" timestamp="${at.toISOString().slice(0, 19)}" hostname="localhost" tests="${cases.length}" failures="${failed.length}" errors="0" time="0">
    <properties>
      <property name="source" value="${name}"/>
    </properties>
${cases.join('')}    <system-out>${text(said.join('\n'))}</system-out>
    <system-err></system-err>
  </testsuite>
`;
}

function nameOf(finding: CheckFinding): string {
  const subject = subjectOf(finding);
  return subject === undefined ? finding.id : `${subject}: ${finding.id}`;
}

function caseHead(name: string): string {
  return `    <testcase name="${attribute(name)}" classname="meterbridge.check" time="0"`;
}

/** One failure a case: Ant's schema has no more. */
function failedCase(name: string, errors: readonly CheckFinding[]): string {
  const [first] = errors as readonly [CheckFinding];
  const more = errors.length === 1 ? '' : ` (and ${errors.length - 1} more)`;
  const details = errors.map((finding) => `${headOf(finding)}\n${detailsOf(finding)}`).join('\n');
  const message = `${oneLine(first.rule)}; got ${oneLine(first.got)}${more}`;
  return `${caseHead(name)}>
      <failure type="${attribute(first.id)}" message="${attribute(message)}">${text(details)}</failure>
    </testcase>
`;
}

function headOf(finding: CheckFinding): string {
  return `${placeOf(finding)}: ${nameOf(finding)}`;
}

function detailsOf(finding: CheckFinding): string {
  return fieldsOf(finding)
    .map(([name, value]) => `  ${name.padEnd(8)}  ${value}\n`)
    .join('');
}

/**
 * `oneLine` has spelled out every character that XML 1.0 forbids (https://www.w3.org/TR/xml/#charsets); `>` is escaped because of
 * `]]>`.
 */
function text(value: string): string {
  return value.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}

function attribute(value: string): string {
  return text(value).replaceAll('"', '&quot;');
}
