// Ways in which the data of a Kinesis record is not what a device made.
import { Buffer } from "node:buffer";
import fc from "fast-check";

/** Some bytes of a payload replaced; or a stray character in its base64, or the last one missing, or all of it. */
export interface Damage {
  readonly kind: "bytes" | "stray" | "cut" | "absent";
  readonly at: number;
  readonly drop: number;
  readonly insert: Uint8Array;
}
const whole = { kind: "bytes", at: 0, drop: 2_000 } as const;
export const anyDamage: fc.Arbitrary<Damage> = fc.oneof(
  fc.record({
    kind: fc.constantFrom("bytes", "bytes", "stray", "cut", "absent"),
    at: fc.nat(400),
    drop: fc.nat(3),
    insert: fc.uint8Array({ maxLength: 3 }),
  }),
  fc.constant({ ...whole, insert: new Uint8Array() }),
  fc.json().map((text) => ({ ...whole, insert: Buffer.from(text) })),
);

/** The data with its damage: base64, or nothing. */
export function damageData(data: string, { kind, at, drop, insert }: Damage): string | null {
  if (kind === "absent") return null;
  if (kind === "cut") return data.slice(0, -1);
  const start = at % (data.length + 1);
  if (kind === "stray") return `${data.slice(0, start)}!${data.slice(start)}`;
  const bytes = Buffer.from(data, "base64");
  const from = at % (bytes.length + 1);
  return Buffer.concat([bytes.subarray(0, from), insert, bytes.subarray(from + drop)]).toString("base64");
}
