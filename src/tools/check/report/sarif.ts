/** SARIF 2.1.0 (https://docs.oasis-open.org/sarif/sarif/v2.1.0/sarif-v2.1.0.html), which code scanners' pages show. */
import type { CheckFinding, Severity } from '../finding.ts';
import { uriOf } from './artifact.ts';
import { jsonText } from './json-text.ts';
import type { Report } from './options.ts';
import { fieldsOf, subjectOf } from './words.ts';

const schema = 'https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json';

const levels: Readonly<Record<Severity, string>> = { error: 'error', warning: 'warning', note: 'note' };

export function writeSarif({ findings, version }: Report): string {
  const rules = new Map<string, CheckFinding>();
  for (const finding of findings) if (!rules.has(finding.id)) rules.set(finding.id, finding);
  const ids = [...rules.keys()];
  const driver = { name: 'meterbridge', version, rules: [...rules.values()].map(ruleOf) };
  const results = findings.map((finding) => resultOf(finding, ids.indexOf(finding.id)));
  return jsonText({ $schema: schema, version: '2.1.0', runs: [{ tool: { driver }, columnKind: 'utf16CodeUnits', results }] });
}

function ruleOf({ id, severity, rule, link }: CheckFinding): object {
  const helpUri = URL.canParse(link) ? { helpUri: new URL(link).href } : {};
  return { id, shortDescription: { text: rule || id }, ...helpUri, defaultConfiguration: { level: levels[severity] } };
}

function resultOf(finding: CheckFinding, ruleIndex: number): object {
  const { id, severity, source, line, column, contract } = finding;
  const subject = subjectOf(finding);
  const fields = fieldsOf(finding).map(([name, text]) => `${name}: ${text}`);
  const region =
    line === undefined ? {} : { region: { startLine: line, ...(column === undefined ? {} : { startColumn: column }) } };
  const logical = contract ?? subject;
  return {
    ruleId: id,
    ruleIndex,
    level: levels[severity],
    message: { text: [...(subject === undefined ? [] : [subject]), ...fields].join('\n') },
    locations: [
      {
        physicalLocation: { artifactLocation: { uri: uriOf(source) }, ...region },
        ...(logical === undefined ? {} : { logicalLocations: [{ fullyQualifiedName: logical }] }),
      },
    ],
    // A page's lines move with each scrape; what the finding is about does not.
    partialFingerprints: { 'meterbridgeFinding/v1': [id, subject, contract].filter((part) => part !== undefined).join(' ') },
  };
}
