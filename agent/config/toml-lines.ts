/** Finds the lines of keys in a TOML text that has been parsed: smol-toml does not keep them. */
const HEADER = /^\s*\[{1,2}\s*([^\]]+?)\s*\]{1,2}/;
const KEY = /^\s*("[^"]*"|'[^']*'|[A-Za-z0-9_-]+(?:\s*\.\s*[A-Za-z0-9_-]+)*)\s*=/;

const bare = (key: string) => key.replace(/^["']|["']$/g, "").replace(/\s*\.\s*/g, ".");

/**
 * The line, from 1, that sets a key or opens a table; undefined where neither is found.
 * @param path the key with the names of its tables before it, `ipv6.sources`
 */
export function lineOfKey(toml: string, path: string): number | undefined {
  let table = "";
  for (const [index, line] of toml.split("\n").entries()) {
    const header = HEADER.exec(line)?.[1];
    const key = KEY.exec(line)?.[1];
    if (header !== undefined) table = `${bare(header)}.`;
    const found = header === undefined ? table + bare(key ?? "") : bare(header);
    if ((header ?? key) !== undefined && (found === path || found.startsWith(`${path}.`))) return index + 1;
  }
  return undefined;
}
