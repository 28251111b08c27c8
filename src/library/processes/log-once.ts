/** Lines of its kind that a process logs at most. */
const mostLogged = 1_000;

/** Logs a line for each key once, for at most `most` of them, and `last` once there are more. */
export function logOnce(log: (line: string) => void, most = mostLogged, last?: string): (key: string, line: string) => void {
  const logged = new Set<string>();
  return (key, line) => {
    if (logged.has(key) || logged.size > most) return;
    logged.add(key);
    if (logged.size <= most) log(line);
    else if (last !== undefined) log(last);
  };
}
