/** One printable line: line breaks become spaces; what would steer a terminal or hide text, escapes. */
export function onOneLine(text: string): string {
  return text
    .replace(/\s*[\n\r\u2028\u2029]\s*/g, " ")
    .replace(/[\p{Cc}\p{Cf}\p{Cs}]/gu, (char) => `\\u${char.codePointAt(0)?.toString(16).padStart(4, "0")}`);
}
