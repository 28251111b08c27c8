/** The decoded form of percent-encoded text; undefined where it is malformed (RFC 3986, section 2.4). */
export function decoded(text: string): string | undefined {
  try {
    // The result is used: a bundler takes this call for one without effect, and drops it where its only effect is to throw.
    return decodeURIComponent(text);
  } catch {
    return undefined;
  }
}
