const QUOTES = 'a text stands in double quotes, as in region = "eu-west-1"';
const CLOSING_QUOTE = "the closing quote of a text is missing";
const KEY = 'a line is a key, "=" and a value, and a comment begins with #';

/** What smol-toml says of the mistakes that people make, where that does not show what to do, and what that mostly is. */
const advice: Readonly<Record<string, string>> = {
  "invalid value": QUOTES,
  "illegal character in numeric literal": QUOTES,
  "control characters are not allowed in strings": CLOSING_QUOTE,
  "unfinished string": CLOSING_QUOTE,
  "illegal character in key": KEY,
  "unexpected end of key": KEY,
  "incomplete key-value: cannot find end of key": KEY,
};

/** What smol-toml says, with what to do about it. */
export function withAdvice(problem: string): string {
  const known = advice[problem];
  return known === undefined ? problem : `${problem}; ${known}`;
}
