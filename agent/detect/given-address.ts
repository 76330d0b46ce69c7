import { type Address, type Family, parseAddress } from "../../lambda/contract/address.ts";
import { RefusedError } from "../../lambda/contract/refusal.ts";
import { ExpectedFailure, exitCode } from "../exit-code.ts";
import type { Detection } from "./detect.ts";

const FAMILIES: readonly Family[] = ["ipv4", "ipv6"];

/**
 * What is known where a person gave the addresses with `--ip`: the families given, and no other.
 * @throws {ExpectedFailure} 65 for what is no address, 64 for two of one family
 */
export function detectionsOfGiven(texts: readonly string[]): readonly Detection[] {
  const addresses = texts.map(parseGiven);
  return FAMILIES.map((family): Detection => {
    const [address, second] = addresses.filter((candidate) => candidate.family === family);
    if (second) throw new ExpectedFailure(exitCode.usage, `--ip: expected one ${family} address, found two`);
    return address ? { family, state: "known", address, findings: [] } : { family, state: "absent" };
  });
}

function parseGiven(text: string): Address {
  try {
    return parseAddress(text);
  } catch (error) {
    if (!(error instanceof RefusedError)) throw error;
    throw new ExpectedFailure(exitCode.refused, `--ip: ${error.message}`, { cause: error });
  }
}
