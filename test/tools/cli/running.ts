/** `meterbridge serve` as a process, for tests. */
import { type ChildProcess, spawn } from 'node:child_process';
import type { TestContext } from 'node:test';
import { command } from './run-command.ts';

export const config = `yaml:{receivers: {otlp: {protocols: {http: {endpoint: "localhost:0"}}}}, exporters: {nop: }, extensions: {health_check: {endpoint: "localhost:0"}},
  service: {extensions: [health_check], telemetry: {metrics: {level: none}}, pipelines: {metrics: {receivers: [otlp], exporters: [nop]}}}}`;

export interface Running {
  readonly process: ChildProcess;
  readonly log: () => string;
  readonly urls: readonly string[];
}

/**
 * Resolves at a line of the log: by default that it is ready.
 * @param shell what a shell does ahead of it, e.g. `ulimit -n 64`
 */
export async function serve(
  t: TestContext,
  args: readonly string[],
  line = 'Everything is ready',
  shell?: string,
): Promise<Running> {
  const whole = [process.execPath, ...command, 'serve', ...args];
  const [file = '', ...rest] = shell === undefined ? whole : ['sh', '-c', `${shell}; exec "$@"`, 'sh', ...whole];
  const child = spawn(file, rest, { stdio: ['ignore', 'ignore', 'pipe'] });
  t.after(() => child.kill('SIGKILL'));
  let text = '';
  await new Promise<void>((ready, failed) => {
    child.stderr?.setEncoding('utf8').on('data', (part: string) => {
      text += part;
      if (text.includes(line)) ready();
    });
    child.once('exit', (code) => failed(new Error(`exit ${code}: ${text}`)));
  });
  return { process: child, log: () => text, urls: /Listening: (.*)/.exec(text)?.[1]?.split(', ') ?? [] };
}
