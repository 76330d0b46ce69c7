// The part of a provider that the engine asks: what a resource is once it has been created, or will be.
import { createHash } from "node:crypto";
import { type CloudAccount, KINDS, type Known } from "./kinds.ts";
import { decodeWire, WIRE_UNKNOWN, type WireObject, wireSecret } from "./value.ts";

export interface ProviderRequest {
  readonly type: string;
  readonly urn: string;
  /** The name in the program; where it names nothing else, the name in AWS is made of it. */
  readonly name: string;
  readonly inputs: WireObject;
  readonly additionalSecretOutputs: readonly string[];
}

export interface ProviderAnswer {
  /** Empty in a preview: no id is known before the resource exists. */
  readonly id: string;
  readonly outputs: WireObject;
}

const SUFFIX_LENGTH = 7;

/**
 * What the resource will be: its inputs, the names that the provider makes, and what only the cloud knows, which
 * in a preview is unknown.
 * @throws where the kind of resource is none that `engine-kinds.ts` has.
 */
export function createResource(
  request: ProviderRequest,
  { account, isPreview }: { readonly account: CloudAccount; readonly isPreview: boolean },
): ProviderAnswer {
  const kind = KINDS[request.type];
  if (!kind) throw new Error(`engine-kinds.ts: expected a row for ${request.type}, found none`);
  const region = isGlobal(request.type) ? {} : { region: request.inputs.region ?? account.region };
  const inputs: WireObject = { ...nameOf(request, kind.named), ...request.inputs };
  const { id, ...answered } = kind.answer(known({ ...request, inputs }, account));
  const computed = isPreview
    ? Object.fromEntries(Object.keys(answered).map((name) => [name, WIRE_UNKNOWN]))
    : answered;
  const outputs: Record<string, unknown> = { ...region, ...inputs, ...computed };
  for (const name of request.additionalSecretOutputs) {
    if (name in outputs) outputs[name] = wireSecret(outputs[name]);
  }
  return { id: isPreview ? "" : id, outputs };
}

/** https://www.pulumi.com/registry/packages/aws/how-to-guides/7-0-migration/: all others have a region. */
function isGlobal(type: string): boolean {
  return type.startsWith("aws:iam/");
}

/** The name in AWS where the program gives none: its own, and hexadecimal digits that make it unique. */
function nameOf({ name, urn, inputs }: ProviderRequest, named: string | undefined): WireObject {
  if (named === undefined) return {};
  const prefix = inputs[`${named}Prefix`];
  const suffix = hash(urn).toString("hex").slice(0, SUFFIX_LENGTH);
  return { [named]: typeof prefix === "string" ? `${prefix}${suffix}` : `${name}-${suffix}` };
}

function known({ urn, inputs }: ProviderRequest, account: CloudAccount): Known {
  const { accountId, region } = account;
  return {
    account,
    text(input) {
      const value = decodeWire(inputs[input]);
      return typeof value === "string" ? value : "";
    },
    arn: (service, rest) => `arn:aws:${service}:${region}:${accountId}:${rest}`,
    globalArn: (service, rest) => `arn:aws:${service}::${accountId}:${rest}`,
    made: (prefix, length) => prefix + base32(hash(urn, prefix), length),
  };
}

function hash(...parts: readonly string[]): Buffer {
  return createHash("sha512").update(parts.join(" ")).digest();
}

/** As AWS makes its ids: capitals and digits. */
function base32(bytes: Buffer, length: number): string {
  const letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
  return Array.from(bytes.subarray(0, length), (byte) => letters[byte % letters.length]).join("");
}
