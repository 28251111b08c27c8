/** `meterbridge check`: what is wrong with what a program exposes. */
import type { Severity } from '../../check/finding.ts';
import { lookAt } from '../../check/page/look.ts';
import { type Command, exitCodes, type Streams } from '../command.ts';
import { parseCheckArguments, usage } from './check/arguments.ts';
import { writeText } from './check/write-text.ts';

export const check: Command = Object.freeze({
  name: 'check',
  usage,
  summary: 'Check what an endpoint or a file exposes, without or with a contract.',
  help: () => `Usage: meterbridge ${usage}
`,
  async run(args: readonly string[], { stdout }: Streams): Promise<number> {
    const { source, failOn, protocols, fetch } = parseCheckArguments(args);
    const look = await lookAt(source, { ...fetch, input: process.stdin, ...(protocols !== undefined && { protocols }) });
    const findings = (look.pages ?? []).flatMap((page) => page.findings);
    stdout.write(writeText(findings));
    const failing: readonly Severity[] = failOn === 'warning' ? ['error', 'warning'] : ['error'];
    return findings.some(({ severity }) => failing.includes(severity)) ? exitCodes.failed : exitCodes.done;
  },
});
