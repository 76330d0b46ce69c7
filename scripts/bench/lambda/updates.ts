// Updates as `authorize` gives them, made up: what is left to decide is which of them wins.
import fc from "fast-check";
import type { AuthorizedUpdate } from "../../../lambda/authorize.ts";
import { parseAddress } from "../../../lambda/contract/address.ts";
import { parseFqdn } from "../../../lambda/contract/fqdn.ts";

/** What a device says; devices whose names begin with k have a key. */
export interface Statement {
  /** Tells apart what was signed apart. Without it, an update is unlike all others. */
  readonly number?: number;
  readonly device?: string;
  /** The second in which it was issued, by the device's clock. */
  readonly issued?: number;
  readonly name?: string;
  readonly family?: "ipv4" | "ipv6";
}

/** Where and when it was put on the stream. */
export interface Place {
  readonly position: number;
  /** The second in which it arrived; long after any was issued, where it does not matter. */
  readonly arrived?: number;
}

export function authorizedUpdate(asked: Statement & Place): AuthorizedUpdate {
  const { position, arrived = 1_000, number = position, device, issued } = asked;
  const { name = "a", family = "ipv4" } = asked;
  const isSigned = device?.startsWith("k") ?? false;
  const update = {
    fqdn: parseFqdn(`${name}.example.com`),
    address: parseAddress(family === "ipv4" ? `81.2.3.${number % 250}` : `2600::${number}`),
    uuid: `00000000-0000-4000-8000-${String(number).padStart(12, "0")}`,
    ...(device !== undefined && { device }),
    ...(issued !== undefined && { issuedAt: new Date(issued * 1000).toISOString() }),
    ...(isSigned && { signature: `of ${number}` }),
  };
  return {
    update,
    arrival: { position, sequenceNumber: String(position), arrivedAtMs: arrived * 1000 },
    zone: { apex: parseFqdn("example.com"), id: "Z1" },
    rrtype: family === "ipv4" ? "A" : "AAAA",
    ttlSeconds: 60,
    isSigned,
  };
}

const anyStatement = fc.record({
  device: fc.constantFrom(undefined, "plain", "k1", "k1", "k2"),
  issued: fc.nat(9),
  name: fc.constantFrom("a", "a", "b", "*"),
  family: fc.constantFrom("ipv4" as const, "ipv4" as const, "ipv6" as const),
});

/** A batch in the order of the shard, in which a few statements come again and again, by clocks of all kinds. */
export const anyBatch = fc.array(anyStatement, { minLength: 1, maxLength: 8 }).chain((statements) =>
  fc
    .array(fc.record({ number: fc.nat(statements.length - 1), arrived: fc.nat(9) }), { maxLength: 14 })
    .map((sendings) =>
      sendings.map(({ number, arrived }, position) => {
        const { device, ...said } = statements[number] ?? {};
        return authorizedUpdate({ ...said, ...(device && { device }), number, arrived, position });
      }),
    ),
);
