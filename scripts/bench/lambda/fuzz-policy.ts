// Who may do what in the random events, said twice: as the function's settings, and to the model.
import { Buffer } from "node:buffer";
import { createPrivateKey, createPublicKey, type KeyObject } from "node:crypto";
import type { SettingsDocument } from "../../../lambda/settings.ts";
import type { Model, Rule } from "./model.ts";

/** An Ed25519 key that is the same on every run: RFC 8410's envelope around a secret of 32 equal bytes. */
function keyOf(byte: number): KeyObject {
  const der = Buffer.concat([Buffer.from("302e020100300506032b657004220420", "hex"), Buffer.alloc(32, byte)]);
  return createPrivateKey({ key: der, format: "der", type: "pkcs8" });
}

/** The keys of each signer: of a device, the old one and the new one. */
export const fuzzKeys: ReadonlyMap<string, readonly [KeyObject, KeyObject]> = new Map([
  ["attic", [keyOf(1), keyOf(2)]],
  ["spare", [keyOf(3), keyOf(4)]],
  ["stranger", [keyOf(5), keyOf(6)]],
]);

function publicKeysOf(device: string): string[] {
  return (fuzzKeys.get(device) ?? []).map((key) => {
    const { x = "" } = createPublicKey(key).export({ format: "jwk" });
    return Buffer.from(x, "base64url").toString("base64");
  });
}

/** Two devices with keys that share a name, two without, and names for everybody. */
export const fuzzSettings: SettingsDocument = {
  zones: [
    { name: "example.com", id: "Z1" },
    { name: "dyn.example.com", id: "Z2" },
    { name: "annex.lab.example.com", id: "Z3" },
  ],
  devices: [
    {
      name: "attic",
      domains: ["home.example.com", "*.dyn.example.com", "door.inner.hall.example.com"],
      ttl: { min: 30, max: 300, default: 120 },
      publicKeys: publicKeysOf("attic"),
    },
    { name: "spare", domains: ["home.example.com"], publicKeys: publicKeysOf("spare") },
    { name: "cellar", domains: ["**.cellar.example.com"], families: ["ipv6"] },
    // Not the wildcard of these: it would answer for a name of attic's.
    { name: "hall", domains: ["*.hall.example.com"] },
  ],
  unsignedDomains: ["*.lab.example.com", "example.com"],
  ttlSeconds: 60,
  freshnessSeconds: 300,
};

/** What a star stands for: no name server, and no host that programs look for on their own. */
const LABEL =
  "(?!(?:(?!xn--)(?:[\\w-]*[_-])?(?:[aps]?d?ns|d?ns[a-z]|name-?servers?|soa)(?:[\\d_-][\\w-]*)?|autoconfig|autodiscover|isatap|mta-sts|openpgpkey|wpad)\\.)" +
  "[a-z\\d](?:[a-z\\d_-]*[a-z\\d_])?";
/** A `#` in the pattern is a label that a star stands for. */
const names = (pattern: string) =>
  new RegExp(`^(?:${pattern.replaceAll(".", "\\.").replaceAll("#", LABEL)})\\.$`);

/** The same for the model. */
export const fuzzModel: Omit<Model, "signed"> = {
  zones: [
    [".annex.lab.example.com.", "Z3"],
    [".dyn.example.com.", "Z2"],
    [".example.com.", "Z1"],
  ],
  rules: new Map<string, Rule>([
    ["", { names: names("(?!annex.)(?:(?:[*]|#).lab.)?example.com"), ttl: [60, 60, 60] }],
    [
      "attic",
      {
        names: names("home.example.com|(?:[*]|#).dyn.example.com|door.inner.hall.example.com"),
        ttl: [30, 120, 300],
        isKeyed: true,
      },
    ],
    ["spare", { names: names("home.example.com"), ttl: [60, 60, 60], isKeyed: true }],
    ["cellar", { names: names("(?:[*]|#).(?:#.)*cellar.example.com"), ttl: [60, 60, 60], isIpv6Only: true }],
    ["hall", { names: names("#.hall.example.com"), ttl: [60, 60, 60] }],
  ]),
  freshMs: 300_000,
};
