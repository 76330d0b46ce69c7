// Property values as they travel between a Pulumi program and its engine, and what they mean.
import rpc from "@pulumi/pulumi/runtime/rpc.js";

/** What only the cloud knows, while nothing has been created. */
export const UNKNOWN = Symbol("unknown");

/** A file or folder that the program hands over, by path or by content. */
export interface Asset {
  readonly asset: { readonly path?: string; readonly text?: string };
}
export interface Archive {
  readonly archive: {
    readonly path?: string;
    readonly assets?: Readonly<Record<string, Asset | Archive>>;
  };
}

/** A property as it is on the wire: JSON, with an object of a certain key for each thing that JSON does not have. */
export type Wire = unknown;
export type WireObject = Readonly<Record<string, Wire>>;

export const WIRE_UNKNOWN = rpc.unknownValue;

export function wireSecret(value: Wire): Wire {
  return isWireSecret(value) ? value : { [rpc.specialSigKey]: rpc.specialSecretSig, value };
}

/** Whether the property is a secret, or holds one anywhere: then the engine treats all of it as one. */
export function holdsSecret(value: Wire): boolean {
  if (isWireSecret(value)) return true;
  if (Array.isArray(value)) return value.some(holdsSecret);
  return isObject(value) && Object.values(value).some(holdsSecret);
}

/** The value in the open: secrets revealed, unknowns as `UNKNOWN`, assets as `Asset`, a resource as its id or URN. */
export function decodeWire(value: Wire): unknown {
  if (value === WIRE_UNKNOWN) return UNKNOWN;
  if (Array.isArray(value)) return value.map(decodeWire);
  if (!isObject(value)) return value;
  const { [rpc.specialSigKey]: signature, ...rest } = value;
  if (signature === undefined) return decodeWireObject(value);
  const decode = SPECIAL[String(signature)];
  if (!decode) throw new Error(`engine: expected a secret, asset, archive or resource, got ${signature}`);
  return decode(rest);
}

/** As `decodeWire`, for all properties of a resource. */
export function decodeWireObject(properties: WireObject): Record<string, unknown> {
  return Object.fromEntries(Object.entries(properties).map(([name, value]) => [name, decodeWire(value)]));
}

const SPECIAL: Readonly<Record<string, (rest: WireObject) => unknown>> = {
  [rpc.specialSecretSig]: ({ value }) => decodeWire(value),
  [rpc.specialAssetSig]: (rest) => ({ asset: decodeWireObject(rest) }),
  [rpc.specialArchiveSig]: (rest) => ({ archive: decodeWireObject(rest) }),
  [rpc.specialResourceSig]: ({ id, urn }) => decodeWire(id ?? urn),
};

function isWireSecret(value: Wire): boolean {
  return isObject(value) && value[rpc.specialSigKey] === rpc.specialSecretSig;
}

function isObject(value: unknown): value is WireObject {
  return typeof value === "object" && value !== null;
}
