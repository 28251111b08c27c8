/** bcrypt hashes as `htpasswd -B` writes them. */

const form = /^\$2[aby]\$(\d\d)\$[./A-Za-z0-9]{53}$/;
/** Below this cost, bcrypt is not defined. */
const leastCost = 4;
/** 2^18 rounds: a check takes many seconds and delays every other check. */
const mostCost = 18;

/** What is wrong with a hash; undefined: it can be used. The hash itself is never shown. */
export function hashProblem(hash: string): { readonly got: string; readonly rule: string; readonly fix: string } | undefined {
  const cost = Number(form.exec(hash)?.[1]);
  if (Number.isNaN(cost)) {
    const fix = "make one with: htpasswd -nBC 10 '' | tr -d ':\\n'";
    return { got: '[redacted]', rule: 'a password is given as its bcrypt hash', fix };
  }
  if (cost >= leastCost && cost <= mostCost) return undefined;
  return {
    got: `cost ${cost}`,
    rule: `the cost of a hash is from ${leastCost} to ${mostCost}`,
    fix: 'make the hash again, e.g. with cost 10',
  };
}
