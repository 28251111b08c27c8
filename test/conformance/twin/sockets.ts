/** Servers at Unix sockets, and where the two differ. */
export const sockets = ['http', 'grpc', 'prometheus', 'health'] as const;
export type SocketName = (typeof sockets)[number];

export const pathOf = (folder: string, name: SocketName): string => `${folder}/${name}.sock`;

export function socketYaml(folder: string): string {
  const at = (name: SocketName) => `{transport: unix, endpoint: '${pathOf(folder, name)}'}`;
  return `yaml:
receivers: {otlp: {protocols: {http: ${at('http')}, grpc: ${at('grpc')}}}}
exporters: {prometheus: ${at('prometheus')}}
extensions: {health_check: ${at('health')}}
service: {telemetry: {metrics: {level: none}}, extensions: [health_check], pipelines: {metrics: {receivers: [otlp], exporters: [prometheus]}}}`;
}

/** For docs/collector-differences.md. */
export const socketDifferences = [{ heading: 'Sockets that are left over', norm: 'ours' }] as const;
