import { type Address, type Family, parseAddress } from "../../lambda/contract/address.ts";
import { RefusedError } from "../../lambda/contract/refusal.ts";
import { ExpectedFailure, exitCode } from "../exit-code.ts";
import type { Detection } from "./detect.ts";

const FAMILIES: readonly Family[] = ["ipv4", "ipv6"];

/**
 * Parses the addresses that a person gave with `--ip`.
 * @throws {ExpectedFailure} 65 for what is no address, 64 for two of one family
 */
export function parseGivenAddresses(texts: readonly string[]): readonly Address[] {
  const addresses = texts.map(parseGiven);
  for (const family of FAMILIES) {
    if (addresses.filter((address) => address.family === family).length < 2) continue;
    throw new ExpectedFailure(exitCode.usage, `--ip: expected one ${family} address, found two`);
  }
  return addresses;
}

function parseGiven(text: string): Address {
  try {
    return parseAddress(text);
  } catch (error) {
    if (!(error instanceof RefusedError)) throw error;
    throw new ExpectedFailure(exitCode.refused, `--ip: ${error.message}`, { cause: error });
  }
}

/** What is known where a person gave the addresses: the families given, and no other. */
export function detectionsOfGiven(addresses: readonly Address[]): readonly Detection[] {
  return FAMILIES.map((family): Detection => {
    const address = addresses.find((given) => given.family === family);
    return address ? { family, state: "known", address, findings: [] } : { family, state: "absent" };
  });
}
