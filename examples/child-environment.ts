/** What a child process gets of the daemon's environment: not how the daemon pushes, whose headers and URLs may hold secrets, nor its own token. */
export function childEnvironment(env: NodeJS.ProcessEnv, ...secrets: readonly string[]): NodeJS.ProcessEnv {
  return Object.fromEntries(Object.entries(env).filter(([name]) => !name.startsWith('OTEL_EXPORTER_OTLP_') && !secrets.includes(name)));
}
