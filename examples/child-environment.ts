/**
 * The environment of a child process: the daemon's, without its push settings, whose headers and URLs may hold secrets, and
 * without its token.
 */
export function childEnvironment(env: NodeJS.ProcessEnv, ...secrets: readonly string[]): NodeJS.ProcessEnv {
  return Object.fromEntries(
    Object.entries(env).filter(([name]) => !name.startsWith('OTEL_EXPORTER_OTLP_') && !secrets.includes(name)),
  );
}
