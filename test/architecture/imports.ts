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
  'src/core/naming',
  'src/core/contract',
  'src/core/store',
  'src/formats/otlp',
  'src/library/series',
  'src/library/recording',
  'src/formats/exposition',
  'src/net/access',
  'src/net/http',
  'src/net/listen',
  'src/net/pull',
  'src/library/push',
  'src/core/self',
  'src/library/processes',
  // The page of a listener in development.
  'src/status',
];

/** Everything may import these. */
export const shared = ['src/core/errors', 'src/core/node'] as const;

/** The areas in which packages are free: they are not loaded by whoever installs Meterbridge. */
export const development = ['examples', 'bench', 'test'] as const;

/**
 * One row a folder. A folder that is not here is a finding, so a new one has to say what it needs; one within a part has a row
 * where it is fenced off, and else its part's. `src` is the files straight below it, the entry points, which no part knows.
 */
export const areas: Readonly<Record<string, Area>> = {
  'package.json': { imports: [] },
  'src/core/errors': { imports: [] },
  // What several parts need of Node.js: time limits, threads, packages that may be missing.
  'src/core/node': { imports: ['package.json'] },
  'src/core/naming': { imports: [] },
  // Who holds a directory, and what in one is read: for all that keep something in one.
  'src/core/directory': { imports: [] },
  // Digits into bytes, for every format that is text.
  'src/core/numbers': { imports: [] },
  // Numbered records by hash, and columns that grow: whoever keeps millions of things keeps them so.
  'src/core/tables': { imports: [] },
  'src/core/contract': { imports: ['src/core/naming'] },
  'src/core/store': { imports: ['src/core/naming', 'src/core/tables'] },
  // Settings as declared data: YAML with its lines, durations, files that change. For every file of that kind.
  'src/core/config': { imports: [], packages: ['yaml'] },
  'src/core/self': { imports: ['src/core/contract'] },
  'src/formats/otlp': { imports: ['src/core/numbers'], packages: ['@opentelemetry/api'] },
  'src/formats/exposition': { imports: ['src/core/naming', 'src/core/numbers', 'src/core/store', 'src/formats/otlp'] },
  'src/net/http': { imports: [], packages: ['fastify'] },
  // A secret's file.
  'src/net/access': { imports: ['src/core/config', 'src/net/http'] },
  // A file of Prometheus's Exporter Toolkit in front of the dedicated listener; apart, so that only who has one loads its
  // packages.
  'src/net/web-config': { imports: ['src/net/access', 'src/core/config', 'src/net/http'], packages: ['yaml', 'bcryptjs'] },
  // Whoever serves, serves from here: an embedder's listener, and the receivers and pages of the service, whose addresses are
  // settings.
  'src/net/listen': { imports: ['src/net/access', 'src/core/config', 'src/net/http', 'src/net/web-config'] },
  'src/net/pull': { imports: ['src/formats/exposition', 'src/net/access', 'src/net/http', 'src/core/store', 'src/net/listen'] },
  // The client is handed every setting, so that it serves whoever sends OTLP; what receivers say, whichever way a push goes.
  'src/net/otlp-client': { imports: ['src/formats/otlp'] },
  // What a page shows of a service or a bridge, and how it is asked for: no part's own, so that one page serves both.
  'src/status': { imports: ['src/net/http', 'src/core/store', 'src/core/naming', 'src/core/tables'] },
  // A series' life, once for all who make some; attributes are typed as the API has them.
  'src/library/series': {
    imports: ['src/core/contract', 'src/core/store', 'src/core/naming', 'src/formats/otlp'],
    packages: ['@opentelemetry/api'],
  },
  'src/library/recording': {
    imports: ['src/core/contract', 'src/library/series', 'src/core/store', 'src/formats/otlp', 'src/core/naming'],
    packages: [
      '@opentelemetry/api',
      '@opentelemetry/sdk-metrics',
      '@opentelemetry/exporter-prometheus',
      '@opentelemetry/resources',
    ],
  },
  'src/library/push': {
    // The package's version, which the build writes into the code.
    imports: [
      'src/core/store',
      'src/formats/otlp',
      'src/core/naming',
      'src/core/tables',
      'src/net/otlp-client',
      'src/library/push/sdk',
      'package.json',
    ],
  },
  // The stock exporter's way, apart from the client.
  'src/library/push/sdk': {
    imports: ['src/library/push', 'src/net/otlp-client', 'src/core/store', 'src/formats/otlp', 'src/core/naming'],
    packages: [
      '@opentelemetry/api',
      '@opentelemetry/resources',
      '@opentelemetry/sdk-metrics',
      '@opentelemetry/exporter-metrics-otlp-http',
    ],
  },
  // Several processes behind one scrape: their stores become one, as the contract says, which is rendered. What they have left is
  // checked: its kinds, too. Attributes are one series where their text is.
  'src/library/processes': {
    imports: [
      'src/core/directory',
      'src/core/contract',
      'src/core/naming',
      'src/core/store',
      'src/formats/exposition',
      'src/formats/otlp',
    ],
  },
  // What the runtime costs, recorded as a library would: over a bridge.
  'src/library/runtime-metrics': { imports: ['src/library/bridge', 'src/core/contract', 'src/library/recording'] },
  // What requests cost, likewise; the frameworks are known by their shape alone.
  'src/library/http-metrics': { imports: ['src/library/bridge', 'src/core/contract', 'src/library/recording'] },
  // A registry's families, in the store beside those of contracts and under names of their own.
  'src/library/prom-client': {
    imports: [
      'src/library/bridge',
      'src/formats/exposition',
      'src/core/naming',
      'src/formats/otlp',
      'src/library/series',
      'src/core/store',
    ],
  },
  // A program's metrics without a line of its code, put together from variables. Its listener shows several bridges on one page.
  'src/library/register': {
    imports: [
      'src/library/bridge',
      'src/core/contract',
      'src/net/http',
      'src/library/http-metrics',
      'src/net/pull',
      'src/library/runtime-metrics',
    ],
    packages: ['@opentelemetry/api'],
  },
  // A bridge as a plugin of an app, with access rules and the access log.
  'src/library/fastify': {
    imports: ['src/net/access', 'src/library/bridge', 'src/net/http', 'src/library/http-metrics', 'src/library/runtime-metrics'],
    packages: ['fastify'],
  },
  // Bridges and clocks for tests of programs that embed Meterbridge.
  'src/library/testing': {
    imports: ['src/library/bridge', 'src/core/contract', 'src/formats/otlp', 'src/library/recording', 'src/core/store'],
  },
  // What the entry points share: the parts of an embedder's bridge put together.
  'src/library/bridge': {
    imports: embedded,
    packages: ['@opentelemetry/api'],
  },
  // What came over OTLP as series, and what these are called in Prometheus.
  'src/service/received': { imports: ['src/core/store', 'src/core/naming', 'src/formats/otlp', 'src/core/tables'] },
  // The Collector-compatible service: what its components are, and how they are put together.
  'src/service': {
    imports: [
      'src/core/config',
      'src/core/directory',
      'src/formats/otlp',
      'src/service/received',
      'src/core/store',
      'src/core/tables',
      'src/formats/exposition',
      'src/net/http',
      'src/net/access',
      // TLS and passwords, as for an embedder's listener.
      'src/net/web-config',
      'src/net/listen',
      'src/net/pull',
      'src/core/self',
      'src/status',
      // What a contract says of a point.
      'src/core/contract',
      'src/core/naming',
      // The client that sends OTLP on, and the version that it says.
      'src/net/otlp-client',
      'package.json',
      // Its own metrics are a bridge's.
      'src/library/bridge',
      'package.json',
    ],
    // An optional dependency: processors' regular expressions, loaded with the first one.
    packages: ['re2js'],
  },
  // A live endpoint, lines or a contract held against a contract, and the expressions that read them. PromQL's grammar loads with
  // the first expression.
  'src/tools/check': {
    imports: [
      'src/core/contract',
      'src/formats/exposition',
      'src/core/naming',
      'src/formats/otlp',
      'src/service/received',
      'src/core/store',
      'src/core/tables',
      'src/core/config',
      'src/net/http',
      'src/net/listen',
      // Families of ours that a program shows beside its own.
      'src/library/runtime-metrics',
      'src/core/self',
      'package.json',
    ],
    packages: ['yaml', '@lezer/common', '@lezer/lr', '@lezer/highlight', '@prometheus-io/lezer-promql', 're2js'],
  },
  // Names on the wire, labels' too, are the naming layer's. A rule file is YAML.
  // Alerts on what Meterbridge says of itself name its contract.
  'src/tools/generate': { imports: ['src/core/contract', 'src/core/naming', 'src/core/self'], packages: ['yaml'] },
  // Hosts import the sources, never the reverse: the command line finds their contracts as users do.
  'src/tools/cli': {
    imports: [
      'src/tools/check',
      'src/core/contract',
      'src/service',
      'src/tools/demo',
      'src/tools/generate',
      // The contracts of what Meterbridge itself shows, and their names as the service exposes them.
      'src/core/self',
      'src/library/runtime-metrics',
      'src/library/http-metrics',
      'src/core/naming',
    ],
    exported: ['instrumentation/*'],
  },
  // `meterbridge demo`: the shop in it is a program like any other. It pushes to the service, and OpenTelemetry's exporter stands
  // beside it.
  'src/tools/demo': {
    imports: ['src/service', 'src/formats/exposition'],
    packages: ['@opentelemetry/exporter-prometheus', '@opentelemetry/sdk-metrics'],
    exported: ['src'],
  },
  src: {
    imports: [
      'src/net/access',
      'src/library/bridge',
      'src/service',
      'src/core/config',
      'src/core/contract',
      'src/formats/exposition',
      'src/library/fastify',
      'src/net/http',
      'src/library/http-metrics',
      'src/net/listen',
      'src/formats/otlp',
      'src/library/prom-client',
      'src/net/pull',
      'src/library/push',
      'src/library/recording',
      'src/library/register',
      'src/library/runtime-metrics',
      'src/library/testing',
      // A thread checks the passwords of a web configuration.
      'src/net/web-config',
    ],
  },
  // The entry points alone: what a host of this repository can do, one outside can.
  'instrumentation/*': { imports: ['src'], packages: ['fastify'] },
  // What Meterbridge itself shows is written as the command line writes it.
  deploy: { imports: ['src/tools/cli', 'src/tools/generate', 'instrumentation/*'] },
  // The entry points, as other programs; their demo shares its screen with the command's.
  examples: { imports: ['src', 'src/tools/demo', 'src/formats/exposition', 'instrumentation/*'] },
  // Programs to copy from: they know the package's exports alone.
  'examples/recipes': {
    imports: [],
    packages: ['@hono/node-server', '@opentelemetry/api', 'express', 'fastify', 'hono', 'prom-client'],
    exported: ['src'],
  },
};
