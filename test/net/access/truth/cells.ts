/** The product of the axes, and which of its cells a run asks for. */
import { type Client, clients, type ForwardedName, forwarded, methods, type TokenName, tokens, upgrading } from './axes.ts';

export interface Cell {
  /** How the host is configured. */
  readonly config: string;
  readonly client: Client;
  readonly forwarded: ForwardedName;
  readonly token: TokenName;
  readonly method: string;
  /** It asks for a WebSocket. */
  readonly upgrade: boolean;
  readonly path: string;
}

/**
 * Of the cells with so many unusual things (the last: or more), one in how many is taken. Primes, so that those taken run through
 * every axis.
 */
const oneIn = { few: [1, 3, 59, 8_009], some: [1, 1, 53, 2_003], all: [1] } as const;
export type Form = keyof typeof oneIn;
export const form = (process.env.METERBRIDGE_TRUTH ?? 'few') as Form;

type Choice = Omit<Cell, 'config'>;

/** The choice depends on the paths alone: it is made once for all configurations and servers. */
const choices: Readonly<Record<Form, WeakMap<readonly string[], readonly Choice[]>>> = {
  few: new WeakMap(),
  some: new WeakMap(),
  all: new WeakMap(),
};

/**
 * The cells of one configuration. The whole product has up to 180,000, which `METERBRIDGE_TRUTH=all` takes. `some` are those that
 * differ in at most one way from a plain GET (from 127.0.0.1, nothing forwarded, no token or the right one, the first path) or in
 * who asks through whom, a fifty-third of those that differ in two ways, and every 2,003rd of the others; `few`, as without the
 * variable, is about a third as many.
 */
export function* cellsOf(config: string, paths: readonly string[], form: Form): Generator<Cell> {
  const chosen = choices[form].get(paths) ?? [...choose(paths, oneIn[form])];
  choices[form].set(paths, chosen);
  for (const cell of chosen) yield { config, ...cell };
}

function* choose(paths: readonly string[], taken: readonly number[]): Generator<Choice> {
  const asked = [
    methods.map((method) => ({ method, upgrade: false })),
    upgrading.map((method) => ({ method, upgrade: true })),
  ].flat();
  const product = { forwarded: keys(forwarded), token: keys(tokens), method: asked, path: paths };
  const counts: number[] = [];
  for (const client of Object.values<Client>(clients)) {
    for (const [f, fromWhom] of product.forwarded.entries()) {
      for (const [k, token] of product.token.entries()) {
        for (const [m, how] of product.method.entries()) {
          for (const [p, path] of product.path.entries()) {
            const usual = k === 0 || (token === 'right' && m === 0 && p === 0);
            const askedThrough = Math.min(1, f + (client === clients.plain ? 0 : 1));
            const ways = [askedThrough, usual ? 0 : 1, m, p].filter((way) => way > 0).length;
            counts[ways] = (counts[ways] ?? 0) + 1;
            const every = taken[Math.min(ways, taken.length - 1)] as number;
            if ((counts[ways] - 1) % every === 0) yield { client, forwarded: fromWhom, token, ...how, path };
          }
        }
      }
    }
  }
}

function keys<K extends string>(of: Readonly<Record<K, unknown>>): K[] {
  return Object.keys(of) as K[];
}

export function nameOf({ config, client, forwarded, token, method, upgrade, path }: Cell): string {
  return `${config}; ${client.name}; forwarded: ${forwarded}; token: ${token}; ${method} ${path}${upgrade ? ', upgrading' : ''}`;
}
