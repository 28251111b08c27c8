import { hostNames, versionHelp } from '../../hosts.ts';
import { usage } from './arguments.ts';

/** What `infer` and `contract` have, too. Each ends with a line feed. */
export const maxBytesHelp = `  --max-bytes COUNT          bytes of a page, decompressed (default: 536870912)
`;
export const pageHelp = `${maxBytesHelp}  --scrape-protocol NAME     OpenMetricsText1.0.0, PrometheusText0.0.4 or PrometheusProto, repeatable (default: all of an endpoint; what a file is)
`;
export const listenHelp = `  --for SECONDS              listen for OTLP so long, or until SIGINT or SIGTERM, in place of a URL or file
  --otlp-http, --otlp-grpc HOST:PORT
                             with --for: where (default: 127.0.0.1:4318 and 127.0.0.1:4317)
`;
export const fetchHelp = `  --wait SECONDS             try until the endpoint responds with 200 (default: once)
  --timeout SECONDS          wait so long for one response in all (default: 10)
  --header NAME:VALUE        send a header, repeatable
  --bearer-file FILE         send the token in it
  --ca-file, --cert-file, --key-file FILE, --server-name NAME, --insecure-skip-verify
                             TLS, as in Prometheus' tls_config
`;

export function help(): string {
  return `Usage: meterbridge ${usage}

Checks what an endpoint exposes in each format that it has, or what a file or standard input (-) holds: an exposition (OpenMetrics, text 0.0.4 or
protobuf, gzip too) or OTLP/JSON lines. Exit code 0: nothing to object to; 1: findings that fail; 2: there was nothing to read, or a wrong command line.

  --contract NAME|FILE       hold it to a contract: ${hostNames.join(', ')}, a .json file, a module,
                             or an installed package; ${versionHelp}
  --only                     with --contract: every family is of the contract, but those of the program's runtime (process_*, go_*, nodejs_*, …)
  --strict-help              with --contract: another help than the contract's is an error
  --accept FILE              findings that are accepted, each by id, with a reason and a last day (YAML or JSON)
  --fail-on LEVEL            error, or warning (default): what exit code 1 takes
  --format, -f FORMAT        text (default), json, github, junit or sarif
  --max-series COUNT         series that a family may have (default: 10000)
  --max-values COUNT         values that a label may have (default: 1000)
${pageHelp}
${listenHelp}
  --both URL LINES           compare what an endpoint (or file) exposes with what was pushed: a file of OTLP/JSON lines, such as the Collector's
                             exporter file writes; both are checked, too

For a URL:
  --twice SECONDS            read the endpoint again after this time: totals that fell, series that came or went, start times that moved
${fetchHelp}`;
}
