import { ExpectedFailure, exitCode } from "../exit-code.ts";
import { readTextFile } from "./config-file.ts";

/** Certificate authorities to believe besides those that Node believes by itself. */
export interface Authorities {
  /** The file that they come from. */
  readonly path: string;
  /** Each in PEM, and nothing else that the file may hold. */
  readonly certificates: readonly string[];
}

const BEGIN = "-----BEGIN CERTIFICATE-----";
const REST = /^\s+([A-Za-z0-9+/=\s]+)-----END CERTIFICATE-----/;

/**
 * Reads the file that `ca_file` names; undefined where it names none. Nearly every run does this, and few need the
 * network: so only the form of the certificates is looked at, and nothing loaded that could read them.
 * @throws {ExpectedFailure} 78 where it is no file with certificates in PEM (RFC 7468)
 */
export function loadAuthorities(path: string | undefined): Authorities | undefined {
  if (path === undefined) return undefined;
  const text = readTextFile(path, "the certificate authorities of ca_file");
  const rests = text.split(BEGIN).slice(1);
  if (rests.length === 0) throw refusal(path, / PRIVATE KEY-----/.test(text) ? "a private key" : "none");
  const certificates = rests.map((rest, index) => {
    const [found = "", base64 = ""] = REST.exec(rest) ?? [];
    if (!isWhole(Buffer.from(base64, "base64")))
      throw refusal(path, `number ${index + 1} of ${rests.length} damaged`);
    return BEGIN + found;
  });
  return { path, certificates };
}

/** Whether these are a sequence in DER (X.690), as long as it says itself: longer than 255 bytes, as certificates are. */
function isWhole(bytes: Buffer): boolean {
  return bytes.length > 4 && bytes.readUInt16BE(0) === 0x3082 && bytes.readUInt16BE(2) === bytes.length - 4;
}

/** What the file holds is never repeated: by mistake, it may be a secret. */
export function refusal(path: string, found: string, cause?: unknown): ExpectedFailure {
  const message = `${path}: ca_file: expected certificates in PEM (${BEGIN}), found ${found}`;
  return new ExpectedFailure(exitCode.configuration, message, { cause });
}
