/**
 * The components of the Collector's distributions (`otelcol`, `otelcol-contrib`, `otelcol-k8s`, `otelcol-otlp`) in v0.159, from
 * their manifests. Types are written without underscores, since releases add some: `hostmetrics` became `host_metrics`.
 */
const types = {
  receiver:
    'activedirectoryds aerospike apache apachespark awscloudwatch awscontainerinsight awsecscontainermetrics awsfirehose awslambda awss3 awsxray azureblob azureeventhub azuremonitor carbon chrony ciscoos cloudflare cloudfoundry collectd couchdb datadog dockerstats elasticsearch envoyals expvar faro filelog filestats flinkmetrics fluentforward github gitlab googlecloudmonitoring googlecloudpubsub googlecloudspanner haproxy hostmetrics httpcheck icmpcheck iis influxdb jaeger journald k8scluster k8sevents k8sobjects kafka kafkametrics kubeletstats libhoney loki macosunifiedlogging memcached mongodb mongodbatlas mysql namedpipe netflow nginx nop nsxt ntp obi oracledb otelarrow otlp otlpjsonfile podmanstats postgresql pprof prometheus prometheusremotewrite prometheussimple pulsar purefa purefb rabbitmq receivercreator redis riak saphana skywalking snmp snowflake solace splunkenterprise splunkhec sqlquery sqlserver sshcheck statsd stef syslog systemd tcpcheck tcplog tlscheck udplog vcenter wavefront webhookevent windowseventlog windowsperfcounters windowsservice yanggrpc zipkin zookeeper',
  processor:
    'attributes batch cardinalityguardian coralogix cumulativetodelta deltatocumulative deltatorate drain filter genainormalizer geoip groupbyattrs groupbytrace interval isolationforest k8sattributes logdedup memorylimiter metricsgeneration metricstarttime metricstransform probabilisticsampler redaction remotetap resource resourcedetection schema span sumologic tailsampling transform unroll',
  exporter:
    'alibabacloudlogservice awscloudwatchlogs awsemf awskinesis awss3 awsxray azureblob azuredataexplorer azuremonitor bmchelix cassandra clickhouse coralogix datadog dataset debug doris elasticsearch faro file googlecloud googlecloudpubsub googlecloudstorage googlemanagedprometheus honeycombmarker influxdb kafka loadbalancing logicmonitor logzio mezmo nop opensearch otelarrow otlp otlpgrpc otlphttp prometheus prometheusremotewrite pulsar rabbitmq sentry signalfx splunkhec stef sumologic syslog tencentcloudlogservice tinybird zipkin',
  connector:
    'count datadog exceptions failover forward grafanacloud otlpjson roundrobin routing servicegraph signaltometrics spanmetrics sum',
  extension:
    'ack asapclient awscloudwatchmetricstreamsencoding awsiamdbauth awslogsencoding awsproxy azureauth azureencoding basicauth bearertokenauth cgroupruntime datadog dbstorage dockerobserver ecsobserver filestorage googleclientauth googlecloudlogentryencoding headerssetter healthcheck hostobserver httpforwarder jaegerencoding jaegerremotesampling jsonlogencoding k8sleaderelector k8sobserver oauth2client oidc opamp otlpencoding pebbletailstorage pprof redisstorage sigv4auth skywalkingencoding sumologic textencoding zipkinencoding zpages',
} as const;

const known = new Map(Object.entries(types).map(([kind, list]) => [kind, new Set(list.split(' '))]));

export type CollectorKind = keyof typeof types;

/** Whether a distribution of the Collector has such a component. */
export function collectorHas(kind: CollectorKind, type: string): boolean {
  return known.get(kind)?.has(type.replaceAll('_', '').toLowerCase()) === true;
}

/** Types with a new name, where the Collector still takes the old one with a warning. */
const renamed: Readonly<Partial<Record<CollectorKind, Readonly<Record<string, string>>>>> = {
  exporter: { otlp: 'otlp_grpc', otlphttp: 'otlp_http', prometheusremotewrite: 'prometheus_remote_write' },
  processor: { deltatocumulative: 'delta_to_cumulative' },
};

/** The present name of a type. */
export function currentType(kind: CollectorKind, type: string): string {
  const names = renamed[kind] ?? {};
  return Object.hasOwn(names, type) ? (names[type] ?? type) : type;
}

const overHttp = 'use otlp_http, and the port of the next receiver for OTLP over HTTP: 4318 instead of 4317';
const debugPages = 'leave it out: it serves pages about the Collector itself';

/** What to do instead of using a component of the Collector, as an imperative. */
const substitutes: Readonly<Partial<Record<CollectorKind, Readonly<Record<string, string>>>>> = {
  processor: { deltatocumulative: 'leave it out: the exporter prometheus adds deltas up by itself' },
  exporter: {
    otlp: overHttp,
    otlpgrpc: overHttp,
    prometheusremotewrite: 'use otlp_http with http://HOST:9090/api/v1/otlp, where Prometheus 3 accepts OTLP, or prometheus',
  },
  extension: { pprof: debugPages },
};

/** Components that the Collector had, and what to do instead of using them. */
const gone: Readonly<Partial<Record<CollectorKind, Readonly<Record<string, string>>>>> = {
  exporter: { logging: 'use debug, with verbosity instead of loglevel' },
  extension: { memoryballast: 'leave it out' },
};

/** Undefined: it has no substitute here. */
export function substituteOf(kind: CollectorKind, type: string): string | undefined {
  return of(substitutes, kind, type);
}

/** What to do where the Collector has such a component no longer. Undefined: it never had one, or still has. */
export function insteadOfGone(kind: CollectorKind, type: string): string | undefined {
  return of(gone, kind, type);
}

function of(table: typeof gone, kind: CollectorKind, type: string): string | undefined {
  return new Map(Object.entries(table[kind] ?? {})).get(type.replaceAll('_', ''));
}
