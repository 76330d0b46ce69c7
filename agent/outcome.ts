import type { Family } from "../lambda/contract/address.ts";
import { type Fqdn, fqdnToWire } from "../lambda/contract/fqdn.ts";
import { type ExitCode, exitCode } from "./exit-code.ts";

/** What became of one name and family. `published`: the stream has accepted the record, no more. */
export type Outcome = { readonly fqdn: Fqdn; readonly family: Family } & (
  | ({ readonly outcome: "published"; readonly ip: string; readonly uuid: string } & Receipt)
  | { readonly outcome: "unchanged"; readonly ip: string }
  | { readonly outcome: "refused"; readonly ip: string; readonly reason: string }
  | { readonly outcome: "unavailable"; readonly reason: string }
  | {
      readonly outcome: "failed";
      readonly ip: string;
      readonly uuid: string;
      readonly reason: string;
      readonly exitCode: ExitCode;
      /** Whether the stream may have the record, although no attempt was acknowledged. */
      readonly mayHaveArrived?: true;
    }
);

/** Where Kinesis has put the record. */
export interface Receipt {
  readonly sequenceNumber: string;
  readonly shardId: string;
}

export function outcomeExitCode(outcome: Outcome): ExitCode {
  switch (outcome.outcome) {
    case "published":
    case "unchanged":
      return exitCode.ok;
    case "refused":
      return exitCode.refused;
    case "unavailable":
      return exitCode.noAddress;
    case "failed":
      return outcome.exitCode;
  }
}

/** Why there was no address to publish, in a few words. */
export function whyNoAddress(outcome: Outcome): string {
  const why = "reason" in outcome ? outcome.reason : outcome.outcome;
  return outcome.outcome === "unavailable" ? `no ${outcome.family} address learnt: ${why}` : why;
}

/** One line for a person; undefined where there is nothing to say. */
export function describeOutcome(outcome: Outcome): string | undefined {
  const name = `${fqdnToWire(outcome.fqdn)} ${rrType(outcome.family)}`;
  switch (outcome.outcome) {
    case "published": {
      const { ip, uuid, sequenceNumber, shardId } = outcome;
      return `${name} ${ip} accepted by the stream, uuid ${uuid}, sequence number ${sequenceNumber}, ${shardId}`;
    }
    case "unchanged":
      return undefined;
    case "refused":
      return `${name} refused: ${outcome.reason}`;
    case "unavailable":
      return `${name} left as it is, no ${outcome.family} address learnt: ${outcome.reason}`;
    case "failed":
      return `${name} ${outcome.ip} ${notPublished(outcome)}: ${outcome.reason}, uuid ${outcome.uuid}`;
  }
}

function notPublished({ mayHaveArrived }: { readonly mayHaveArrived?: true }): string {
  return mayHaveArrived ? "could not be confirmed as published" : "not published";
}

/** One line about a name that is as it should be, after a trouble that was told. */
export function describeRecovery({ fqdn, family }: Outcome): string {
  return `${fqdnToWire(fqdn)} ${rrType(family)} unchanged, and can be kept up to date again`;
}

/** What an outcome is about, for programs. */
export function outcomeFields(outcome: Outcome) {
  const { fqdn, ...rest } = outcome;
  return { domain: fqdnToWire(fqdn), type: rrType(outcome.family), ...rest };
}

/** One line of JSON for a program. */
export function encodeOutcome(outcome: Outcome): string {
  return JSON.stringify(outcomeFields(outcome));
}

/** The DNS record type that holds an address of the family. */
export function rrType(family: Family): "A" | "AAAA" {
  return family === "ipv4" ? "A" : "AAAA";
}
