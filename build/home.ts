/**
 * Where the project lives in public: the address of its repository, without a slash at its end. There is none yet. On the day it
 * exists, this is the one place to write it; `test/readme/home.test.ts` then says what package.json needs.
 */
export const home: string | undefined = undefined;

/** What package.json says of that place. npm shows it beside the page, and resolves the links of README.md against it. */
export function placesOf(address: string | undefined): Readonly<Record<string, unknown>> {
  if (address === undefined) return {};
  return {
    homepage: `${address}#readme`,
    repository: { type: 'git', url: `git+${address}.git` },
    bugs: { url: `${address}/issues` },
  };
}
