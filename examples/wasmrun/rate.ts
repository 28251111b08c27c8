/** A limit of requests a minute, by tenant: as many at once, and again as many spread over each minute. */
const MINUTE_MS = 60_000;

/** True while the tenant may go on. */
export type MayAsk = (tenant: string | undefined) => boolean;

/** @param rates requests a minute; a tenant that is not there has no limit */
export function createRates(rates: ReadonlyMap<string, number>, clock: () => number): MayAsk {
  const left = new Map([...rates].map(([tenant, most]) => [tenant, { requests: most, at: clock() }]));
  return (tenant) => {
    const bucket = tenant === undefined ? undefined : left.get(tenant);
    const most = rates.get(tenant ?? '');
    if (bucket === undefined || most === undefined) return true;
    const now = clock();
    bucket.requests = Math.min(most, bucket.requests + ((now - bucket.at) / MINUTE_MS) * most);
    bucket.at = now;
    if (bucket.requests < 1) return false;
    bucket.requests -= 1;
    return true;
  };
}
