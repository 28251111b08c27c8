/**
 * Who may import whom: the design's "may import" column, as data. Change it with a reason, in the commit that needs the change.
 */

/** What an area may import besides itself and what is shared. */
export interface Area {
  /** Areas, by their folder. */
  readonly imports: readonly string[];
  /** Packages, by name. `node:` modules are free everywhere. */
  readonly packages?: readonly string[];
  /** Areas that it reaches through the package's own exports, as users do, and in no other way. */
  readonly exported?: readonly string[];
}

/** The parts that an embedder's bridge is put together from. */
const embedded = [
  'src/naming',
  'src/contract',
  'src/store',
  'src/otlp',
  'src/series',
  'src/recording',
  'src/exposition',
  'src/access',
  'src/http',
  'src/listen',
  'src/pull',
  'src/push',
  'src/self',
  'src/processes',
  // The page of a listener in development.
  'src/status',
];

/** Everything may import these. */
export const shared = ['src/errors', 'src/node'] as const;

/** The areas in which packages are free: they are not loaded by whoever installs Meterbridge. */
export const development = ['examples', 'bench', 'test'] as const;

/**
 * One row a folder. A folder that is not here is a finding, so a new one has to say what it needs; one within a part has a row
 * where it is fenced off, and else its part's. `src` is the files straight below it, the entry points, which no part knows.
 */
export const areas: Readonly<Record<string, Area>> = {
  'package.json': { imports: [] },
  'src/errors': { imports: [] },
  // What several parts need of Node.js: time limits, threads, packages that may be missing.
  'src/node': { imports: ['package.json'] },
  'src/naming': { imports: [] },
  // Who holds a directory, and what in one is read: for all that keep something in one.
  'src/directory': { imports: [] },
  // Digits into bytes, for every format that is text.
  'src/numbers': { imports: [] },
  // Numbered records by hash, and columns that grow: whoever keeps millions of things keeps them so.
  'src/tables': { imports: [] },
  'src/contract': { imports: ['src/naming'] },
  'src/store': { imports: ['src/naming', 'src/tables'] },
  'src/otlp': { imports: ['src/numbers'], packages: ['@opentelemetry/api'] },
  // A series' life, once for all who make some; attributes are typed as the API has them.
  'src/series': { imports: ['src/contract', 'src/store', 'src/naming', 'src/otlp'], packages: ['@opentelemetry/api'] },
  // What came over OTLP as series, and what these are called in Prometheus.
  'src/received': { imports: ['src/store', 'src/naming', 'src/otlp', 'src/tables'] },
  'src/recording': {
    imports: ['src/contract', 'src/series', 'src/store', 'src/otlp', 'src/naming'],
    packages: [
      '@opentelemetry/api',
      '@opentelemetry/sdk-metrics',
      '@opentelemetry/exporter-prometheus',
      '@opentelemetry/resources',
    ],
  },
  'src/exposition': { imports: ['src/naming', 'src/numbers', 'src/store', 'src/otlp'] },
  'src/http': { imports: [], packages: ['fastify'] },
  // A secret's file.
  'src/access': { imports: ['src/config', 'src/http'] },
  // Settings as declared data: YAML with its lines, durations, files that change. For every file of that kind.
  'src/config': { imports: [], packages: ['yaml'] },
  // A file of Prometheus's Exporter Toolkit in front of the dedicated listener; apart, so that only who has one loads its
  // packages.
  'src/web-config': { imports: ['src/access', 'src/config', 'src/http'], packages: ['yaml', 'bcryptjs'] },
  // Whoever serves, serves from here: an embedder's listener, and the receivers and pages of the service, whose addresses are
  // settings.
  'src/listen': { imports: ['src/access', 'src/config', 'src/http', 'src/web-config'] },
  'src/pull': { imports: ['src/exposition', 'src/access', 'src/http', 'src/store', 'src/listen'] },
  // The client is handed every setting, so that it serves whoever sends OTLP; what receivers say, whichever way a push goes.
  'src/otlp-client': { imports: ['src/otlp'] },
  'src/push': {
    // The package's version, which the build writes into the code.
    imports: ['src/store', 'src/otlp', 'src/naming', 'src/tables', 'src/otlp-client', 'src/push/sdk', 'package.json'],
  },
  // The stock exporter's way, apart from the client.
  'src/push/sdk': {
    imports: ['src/push', 'src/otlp-client', 'src/store', 'src/otlp', 'src/naming'],
    packages: [
      '@opentelemetry/api',
      '@opentelemetry/resources',
      '@opentelemetry/sdk-metrics',
      '@opentelemetry/exporter-metrics-otlp-http',
    ],
  },
  // Several processes behind one scrape: their stores become one, as the contract says, which is rendered. What they have left is
  // checked: its kinds, too. Attributes are one series where their text is.
  'src/processes': { imports: ['src/directory', 'src/contract', 'src/naming', 'src/store', 'src/exposition', 'src/otlp'] },
  // What the runtime costs, recorded as a library would: over a bridge.
  'src/runtime-metrics': { imports: ['src/bridge', 'src/contract', 'src/recording'] },
  // What requests cost, likewise; the frameworks are known by their shape alone.
  'src/http-metrics': { imports: ['src/bridge', 'src/contract', 'src/recording'] },
  // A registry's families, in the store beside those of contracts and under names of their own.
  'src/prom-client': { imports: ['src/bridge', 'src/exposition', 'src/naming', 'src/otlp', 'src/series', 'src/store'] },
  // A program's metrics without a line of its code, put together from variables. Its listener shows several bridges on one page.
  'src/register': {
    imports: ['src/bridge', 'src/contract', 'src/http', 'src/http-metrics', 'src/pull', 'src/runtime-metrics'],
    packages: ['@opentelemetry/api'],
  },
  // A bridge as a plugin of an app, with access rules and the access log.
  'src/fastify': {
    imports: ['src/access', 'src/bridge', 'src/http', 'src/http-metrics', 'src/runtime-metrics'],
    packages: ['fastify'],
  },
  // Bridges and clocks for tests of programs that embed Meterbridge.
  'src/testing': { imports: ['src/bridge', 'src/contract', 'src/otlp', 'src/recording', 'src/store'] },
  // A live endpoint, lines or a contract held against a contract, and the expressions that read them. PromQL's grammar loads with
  // the first expression.
  'src/check': {
    imports: [
      'src/contract',
      'src/exposition',
      'src/naming',
      'src/otlp',
      'src/received',
      'src/store',
      'src/tables',
      'src/config',
      'src/http',
      'src/listen',
      // Families of ours that a program shows beside its own.
      'src/runtime-metrics',
      'src/self',
      'package.json',
    ],
    packages: ['yaml', '@lezer/common', '@lezer/lr', '@lezer/highlight', '@prometheus-io/lezer-promql', 're2js'],
  },
  // Names on the wire, labels' too, are the naming layer's. A rule file is YAML.
  // Alerts on what Meterbridge says of itself name its contract.
  'src/generate': { imports: ['src/contract', 'src/naming', 'src/self'], packages: ['yaml'] },
  'src/self': { imports: ['src/contract'] },
  // What a page shows of a service or a bridge, and how it is asked for: no part's own, so that one page serves both.
  'src/status': { imports: ['src/http', 'src/store', 'src/naming', 'src/tables'] },
  // The Collector-compatible service: what its components are, and how they are put together.
  'src/collector': {
    imports: [
      'src/config',
      'src/directory',
      'src/otlp',
      'src/received',
      'src/store',
      'src/tables',
      'src/exposition',
      'src/http',
      'src/access',
      // TLS and passwords, as for an embedder's listener.
      'src/web-config',
      'src/listen',
      'src/pull',
      'src/self',
      'src/status',
      // What a contract says of a point.
      'src/contract',
      'src/naming',
      // The client that sends OTLP on, and the version that it says.
      'src/otlp-client',
      'package.json',
      // Its own metrics are a bridge's.
      'src/bridge',
      'package.json',
    ],
    // An optional dependency: processors' regular expressions, loaded with the first one.
    packages: ['re2js'],
  },
  // Hosts import the sources, never the reverse: the command line finds their contracts as users do.
  'src/cli': {
    imports: [
      'src/check',
      'src/contract',
      'src/collector',
      'src/demo',
      'src/generate',
      // The contracts of what Meterbridge itself shows, and their names as the service exposes them.
      'src/self',
      'src/runtime-metrics',
      'src/http-metrics',
      'src/naming',
      'src',
    ],
    exported: ['instrumentation/*'],
  },
  // `meterbridge demo`: the shop in it is a program like any other. It pushes to the service, and OpenTelemetry's exporter stands
  // beside it.
  'src/demo': {
    imports: ['src/collector', 'src/exposition'],
    packages: ['@opentelemetry/exporter-prometheus', '@opentelemetry/sdk-metrics'],
    exported: ['src'],
  },
  // What the entry points share: the parts of an embedder's bridge put together.
  'src/bridge': {
    imports: embedded,
    packages: ['@opentelemetry/api'],
  },
  src: {
    imports: [
      'src/access',
      'src/bridge',
      'src/collector',
      'src/config',
      'src/contract',
      'src/exposition',
      'src/fastify',
      'src/http',
      'src/http-metrics',
      'src/listen',
      'src/otlp',
      'src/prom-client',
      'src/pull',
      'src/push',
      'src/recording',
      'src/register',
      'src/runtime-metrics',
      'src/testing',
      // A thread checks the passwords of a web configuration.
      'src/web-config',
    ],
  },
  // The entry points alone: what a host of this repository can do, one outside can.
  'instrumentation/*': { imports: ['src'], packages: ['fastify'] },
  // What Meterbridge itself shows is written as the command line writes it.
  deploy: { imports: ['src/cli', 'src/generate', 'instrumentation/*'] },
  // The entry points, as other programs; their demo shares its screen with the command's.
  examples: { imports: ['src', 'src/demo', 'src/exposition', 'instrumentation/*'] },
  // Programs to copy from: they know the package's exports alone.
  'examples/recipes': {
    imports: [],
    packages: ['@hono/node-server', '@opentelemetry/api', 'express', 'fastify', 'hono', 'prom-client'],
    exported: ['src'],
  },
};
