/** `meterbridge check`: what is wrong with what a program exposes, with a contract or without. */

import { visible } from '../../../core/errors/visible.ts';
import { readAccepted } from '../../check/accepted/read-accepted.ts';
import type { Severity } from '../../check/finding.ts';
import { withoutAccepted } from '../../check/lint/exceptions.ts';
import { writeReport } from '../../check/report/index.ts';
import { type Command, exitCodes, type Streams } from '../command.ts';
import { contractFrom } from '../contract-source/contract-source.ts';
import { version } from '../version.ts';
import { parseCheckArguments, usage } from './check/arguments.ts';
import { lookedAt } from './check/exit-code.ts';
import { checkSource } from './check/findings.ts';
import { help } from './check/help.ts';

export const check: Command = Object.freeze({
  name: 'check',
  usage,
  summary: 'Check what an endpoint or a file exposes, with a contract or without.',
  help,
  async run(args: readonly string[], { stdout, stderr }: Streams): Promise<number> {
    return lookedAt(stderr, () => checked(args, stdout, (line) => void stderr.write(`${visible(line)}\n`)));
  },
});

async function checked(args: readonly string[], stdout: Streams['stdout'], say: (line: string) => void): Promise<number> {
  const parsed = parseCheckArguments(args);
  const { format, failOn, accept } = parsed;
  const contract = parsed.contract === undefined ? undefined : await contractFrom(parsed.contract);
  const exceptions = accept === undefined ? undefined : readAccepted('--accept', accept, 'accept');
  const { observed, findings: all } = await checkSource(parsed, contract, { input: process.stdin, say });
  const today = new Date().toISOString().slice(0, 'YYYY-MM-DD'.length);
  const findings = exceptions === undefined ? all : withoutAccepted(all, exceptions, today);
  const colour = 'isTTY' in stdout && stdout.isTTY === true && (process.env.NO_COLOR ?? '') === '';
  stdout.write(writeReport(findings, { format, version: version(), observed, colour }));
  const failing: readonly Severity[] = failOn === 'warning' ? ['error', 'warning'] : ['error'];
  return findings.some(({ severity }) => failing.includes(severity)) ? exitCodes.failed : exitCodes.done;
}
