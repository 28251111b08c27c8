/** The contenders in Go: one small program (`bench/go/`), built where there is a Go, kept beside the other peers. */
import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { delimiter, join } from 'node:path';
import { promisify } from 'node:util';

const names: readonly string[] = ['client_golang', 'client_golang-protobuf', 'VictoriaMetrics/metrics'];
const source = join(import.meta.dirname, '../go');
/** Where Go's own installer puts it, when the PATH does not say. */
const usualFolder = '/usr/local/go/bin';

let building: Promise<string> | undefined;

/** The program that plays a contender; `undefined` when it is none in Go. */
export async function goCommand(contender: string): Promise<{ readonly binary: string } | { readonly skip: string } | undefined> {
  if (!names.includes(contender)) return undefined;
  const go = [...(process.env.PATH ?? '').split(delimiter), usualFolder]
    .map((folder) => join(folder, 'go'))
    .find((path) => existsSync(path));
  const binary = join(folder(), `bench-go-${sourceHash()}`);
  if (existsSync(binary)) return { binary };
  if (go === undefined) return { skip: 'no Go on this machine' };
  try {
    building ??= build(go, binary);
    return { binary: await building };
  } catch (error) {
    return { skip: `it could not be built: ${error instanceof Error ? error.message : String(error)}` };
  }
}

async function build(go: string, binary: string): Promise<string> {
  process.stderr.write('building the contenders in Go, once\n');
  await promisify(execFile)(go, ['build', '-trimpath', '-o', binary, '.'], {
    cwd: source,
    env: { ...process.env, CGO_ENABLED: '0' },
  });
  return binary;
}

/** The folder of the conformance tests' peers. */
function folder(): string {
  const set = (name: string) => (process.env[name] === '' ? undefined : process.env[name]);
  return set('METERBRIDGE_PEERS') ?? join(set('XDG_CACHE_HOME') ?? join(homedir(), '.cache'), 'meterbridge-peers');
}

function sourceHash(): string {
  const hash = createHash('sha256');
  for (const file of readdirSync(source).sort()) hash.update(readFileSync(join(source, file)));
  return hash.digest('hex').slice(0, 16);
}
