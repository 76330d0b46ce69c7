// The RDATA of the types the local Route 53 holds (RFC 1035 §3.3 and §3.4, RFC 3596 §2.2), from their stored values.
import ipaddr from "ipaddr.js";
import { nameBytes, parseName } from "../route53/name.ts";
import { decodeTxt, type RrsetType, soaFields } from "../route53/value.ts";

const encoders: Readonly<Record<RrsetType, (value: string) => Buffer>> = {
  A: addressBytes,
  AAAA: addressBytes,
  CNAME: targetBytes,
  NS: targetBytes,
  SOA: soaBytes,
  TXT: txtBytes,
};

/** @param value one that `valueProblem` has nothing against */
export function rdataOf(type: RrsetType, value: string): Buffer {
  return encoders[type](value);
}

function addressBytes(value: string): Buffer {
  return Buffer.from(ipaddr.parse(value).toByteArray());
}

function targetBytes(value: string): Buffer {
  return nameBytes(parseName(value));
}

function soaBytes(value: string): Buffer {
  const soa = soaFields(value);
  if (!soa) throw new Error(`SOA ${JSON.stringify(value)}: expected two names and five numbers`);
  const numbers = Buffer.alloc(20);
  for (const [index, number] of soa.numbers.entries()) numbers.writeUInt32BE(number, 4 * index);
  return Buffer.concat([nameBytes(soa.mname), nameBytes(soa.rname), numbers]);
}

function txtBytes(value: string): Buffer {
  const result = decodeTxt(value);
  if ("problem" in result) throw new Error(`TXT ${JSON.stringify(value)}: ${result.problem}`);
  return Buffer.concat(result.strings.flatMap((string) => [Buffer.from([string.length]), string]));
}
