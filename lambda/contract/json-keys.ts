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
 * @param json the text of a JSON object that `JSON.parse` accepts
 */
export function duplicateKey(json: string): string | undefined {
  const seen = new Set<string>();
  for (const key of topLevelKeys(json)) {
    if (seen.has(key)) return key;
    seen.add(key);
  }
  return undefined;
}
