/**
 * Finds the foreign programs that the conformance tests talk to. `provision.sh` brings them; here nothing is downloaded or built.
 */
import { createHash } from 'node:crypto';
import { accessSync, constants, readdirSync, readFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { delimiter, join } from 'node:path';
import type { TestContext } from 'node:test';

const descriptions = {
  collector: 'OpenTelemetry Collector',
  prometheus: 'Prometheus server',
  prometheus3: 'Prometheus 3 server',
  goParsers: "program around Prometheus' parsers",
  promtool: 'promtool',
  restic: 'restic',
  telemetrygen: 'telemetrygen',
  pythonSdk: 'OpenTelemetry SDK for Python',
  goSdk: 'program with the OpenTelemetry SDK for Go',
  javaSdk: 'program with the OpenTelemetry SDK for Java',
  soltiCrate: 'program with the crate solti-prometheus',
  nodeExporter: 'Prometheus node exporter',
  kubectlValidate: 'kubectl-validate',
  compose: "Debian's docker-compose",
  chromium: 'Chromium',
  curl: 'curl',
  parser: "Python with prometheus-client's OpenMetrics parser",
} as const;

export type Peer = keyof typeof descriptions;

const parserVersion = '0.25.0';
const telemetrygenVersion = '0.161.0';
const prometheusModule = '0.314.0';
const pythonSdkVersion = '1.45.2';
const kubectlValidateVersions = '0.0.4-0.85.0';
const composeVersion = '1.29.2';

/** As in `provision.sh`, where an empty variable is an unset one. */
function peersFolder(): string {
  const cache = variable('XDG_CACHE_HOME') ?? join(homedir(), '.cache');
  return variable('METERBRIDGE_PEERS') ?? join(cache, 'meterbridge-peers');
}

function variable(name: string): string | undefined {
  const value = process.env[name];
  return value === '' ? undefined : value;
}

function candidates(name: Peer): string[] {
  const home = peersFolder();
  if (name === 'collector') {
    const manifest = readFileSync(new URL('./collector-manifest.yaml', import.meta.url));
    const key = createHash('sha256').update(manifest).digest('hex').slice(0, 16);
    return [join(home, `collector-${key}`, 'otelcol')];
  }
  if (name === 'goParsers') return [ofSources(home, 'go-parsers')];
  if (name === 'goSdk') return [ofSources(home, 'foreign-go')];
  if (name === 'javaSdk') return [ofSources(home, 'foreign-java')];
  if (name === 'soltiCrate') return [ofSources(home, 'solti-crate')];
  if (name === 'parser') return [join(home, `prometheus-client-${parserVersion}`, 'bin', 'python')];
  if (name === 'telemetrygen') return [join(home, `telemetrygen-${telemetrygenVersion}`, 'telemetrygen')];
  if (name === 'prometheus3') return [join(home, `prometheus-${prometheusModule}`, 'prometheus')];
  if (name === 'pythonSdk') return [join(home, `opentelemetry-python-${pythonSdkVersion}`, 'bin', 'python')];
  if (name === 'kubectlValidate') return [join(home, `kubectl-validate-${kubectlValidateVersions}`, 'kubectl-validate')];
  if (name === 'compose') return [join(home, `docker-compose-${composeVersion}`, 'docker-compose')];
  if (name === 'chromium') return [...onPath('chromium-headless-shell'), ...onPath('chromium')];
  const program = name === 'nodeExporter' ? 'prometheus-node-exporter' : name;
  const debian = name === 'promtool' ? 'prometheus' : program;
  return [...onPath(program), join(home, debian, 'usr', 'bin', program)];
}

function onPath(program: string): string[] {
  return (process.env.PATH ?? '').split(delimiter).map((folder) => join(folder, program));
}

/** The program built from the folder of this name. */
function ofSources(home: string, name: string): string {
  return join(home, `${name}-${sourcesKey(new URL(`./${name}/`, import.meta.url))}`, name);
}

/** A changed source is another program. */
function sourcesKey(folder: URL): string {
  const hash = createHash('sha256');
  for (const file of readdirSync(folder).sort()) hash.update(readFileSync(new URL(file, folder)));
  return hash.digest('hex').slice(0, 16);
}

function executable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

/** Path of the program, or undefined where it is not on this machine. */
export function peer(name: Peer): string | undefined {
  return candidates(name).find(executable);
}

/**
 * Path of the program, or undefined after it has marked the test as skipped, aloud. With `CI=true` a missing peer fails the test
 * instead: what continuous integration calls green has met every peer.
 */
export function requirePeer(test: TestContext, name: Peer): string | undefined {
  const path = peer(name);
  if (path !== undefined) return path;
  const reason = `no ${descriptions[name]} here; \`bash test/conformance/provision.sh\` brings it`;
  if (process.env.CI === 'true') throw new Error(`${reason} (with CI=true this is a failure)`);
  process.stderr.write(`skipped: ${test.name}: ${reason}\n`);
  test.skip(`skipped: ${reason}`);
  return undefined;
}
