/** What matters to the shape of a valid JSON text: strings, with the colon behind a key, and brackets. */
const SHAPE = /"(?:[^"\\]|\\.)*"(\s*:)?|[{}[\]]/g;

/** The fields at the top level of a JSON object, in order, repeated where the text repeats them. */
function* topLevelKeys(json: string): Generator<string> {
  let depth = 0;
  for (const [token, colon] of json.matchAll(SHAPE)) {
    if (token === "{" || token === "[") depth += 1;
    if (token === "}" || token === "]") depth -= 1;
    if (colon !== undefined && depth === 1) yield JSON.parse(token.slice(0, -colon.length));
  }
}

/**
 * The first field that a JSON object names twice, at its top level; undefined where there is none.
 * `JSON.parse` keeps the last of them without a word.
 * @param json the text of a JSON object
 * @param parsed what `JSON.parse` makes of it
 */
export function duplicateKey(json: string, parsed: object): string | undefined {
  if (hasQuotesOnlyFor(parsed, json)) return undefined;
  const seen = new Set<string>();
  for (const key of topLevelKeys(json)) {
    if (seen.has(key)) return key;
    seen.add(key);
  }
  return undefined;
}

/**
 * Whether the text has no more quotes than the keys and texts of the parsed object need, which leaves none for
 * a field that was dropped: its key alone has two. Much faster than reading the keys.
 */
function hasQuotesOnlyFor(parsed: object, json: string): boolean {
  let needed = 0;
  for (const value of Object.values(parsed)) needed += typeof value === "string" ? 4 : 2;
  let found = 0;
  for (let at = json.indexOf('"'); at !== -1; at = json.indexOf('"', at + 1)) found += 1;
  return found === needed;
}
