/** Why the contract refuses a text. Stable codes: they appear in logs and metrics. */
export type ContractReason =
  | "address-malformed"
  | "address-not-public"
  | "fqdn-malformed"
  | "payload-malformed"
  | "payload-too-large";

/** An address, name or payload that must not be published. The message is one line for a person. */
export class RefusedError extends Error {
  readonly reason: ContractReason;

  constructor(reason: ContractReason, message: string) {
    super(message);
    this.name = "RefusedError";
    this.reason = reason;
  }
}

/**
 * Quotes a value from outside for a message, a text in double quotes: cut at 80 characters or so many as
 * given, and everything but printable ASCII escaped, so that it can neither forge a log line nor disturb a
 * terminal.
 */
export function quote(value: unknown, longest = 80): string {
  const cut = (text: string) => (text.length > longest ? `${text.slice(0, longest)}...` : text);
  const text =
    typeof value === "string" ? JSON.stringify(cut(value)) : cut(JSON.stringify(value) ?? String(value));
  return text.replace(/[^\x20-\x7e]/g, (char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, "0")}`);
}
