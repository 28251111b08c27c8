/** The series of a program with routes: what every server of the suite `http` shows. */
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface Program {
  readonly series: number;
  /** One more family, whose callback is asynchronous. */
  readonly observed: boolean;
}

export interface Served {
  readonly url: string;
  /** Counts one request of a series. */
  count(series: number): void;
}

export type Serve = (program: Program) => Promise<Served>;

export type Labels = { readonly method: (typeof methods)[number]; readonly route: string };

export const methods = ['GET', 'POST', 'PUT', 'DELETE'] as const;

export function labelSets(series: number): readonly Labels[] {
  return Array.from({ length: series }, (_, index) => ({
    method: methods[index % methods.length] as Labels['method'],
    route: `/api/orders/:id/items/v${Math.floor(index / methods.length)}`,
  }));
}

/** What the asynchronous callback reports. */
export async function queueSize(): Promise<number> {
  return 42;
}

/** Listens on a free port of loopback; the URL of the metrics. */
export async function listening(server: Server): Promise<string> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/metrics`;
}
