/** An exposition as a value for each series. */
export async function valuesOf(response: Response): Promise<Record<string, number>> {
  const page = await response.text();
  if (response.status !== 200) throw new Error(`${response.status}: ${page}`);
  const lines = page.split('\n').filter((line) => line !== '' && !line.startsWith('#'));
  return Object.fromEntries(
    lines.map((line) => [line.slice(0, line.lastIndexOf(' ')), Number(line.slice(line.lastIndexOf(' ') + 1))]),
  );
}
