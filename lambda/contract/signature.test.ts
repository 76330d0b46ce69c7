import { createPrivateKey, generateKeyPairSync } from "node:crypto";
import { readFileSync } from "node:fs";
import fc from "fast-check";
import { assert, describe } from "../../scripts/describe.ts";
import { type AddressUpdate, decodeAddressUpdate, encodeAddressUpdate } from "./payload.ts";
import { formatPublicKey, isSignedBy, parsePublicKey, signAddressUpdate, signedBytes } from "./signature.ts";

interface Vector {
  readonly name: string;
  readonly seedHex: string;
  readonly publicKey: string;
  readonly signed: string;
  readonly payload: string;
}

// Made with another implementation (Python's `cryptography`), so that both sides agree with a third.
const vectors: Vector[] = JSON.parse(
  readFileSync(new URL("signature.vectors.json", import.meta.url), "utf8"),
);

function decode(payload: string): AddressUpdate {
  const decoded = decodeAddressUpdate(new TextEncoder().encode(payload));
  if (!decoded.ok) throw new Error(decoded.message);
  return decoded.update;
}

/** RFC 8410: a private key is its 32 bytes of seed behind a fixed header. */
const privateKeyOf = (vector: Vector) =>
  createPrivateKey({
    key: Buffer.from(`302e020100300506032b657004220420${vector.seedHex}`, "hex"),
    format: "der",
    type: "pkcs8",
  });

describe("a published test vector", (test) => {
  for (const vector of vectors) {
    const update = decode(vector.payload);
    test(`is signed over these bytes: ${vector.name}`, () => {
      assert.is(new TextDecoder().decode(signedBytes(update)), vector.signed);
    });
    test(`is what we sign: ${vector.name}`, () => {
      const { signature: _, ...unsigned } = update;
      const signed = signAddressUpdate(unsigned, privateKeyOf(vector));
      assert.is(new TextDecoder().decode(encodeAddressUpdate(signed)), vector.payload);
    });
    test(`verifies, and not with another key: ${vector.name}`, () => {
      assert.is(isSignedBy(update, parsePublicKey(vector.publicKey)), true);
      const other = vectors.find(({ publicKey }) => publicKey !== vector.publicKey)?.publicKey ?? "";
      assert.is(isSignedBy(update, parsePublicKey(other)), false);
    });
    test(`has the public key of its private key: ${vector.name}`, () => {
      assert.is(formatPublicKey(privateKeyOf(vector)), vector.publicKey);
    });
  }
});

describe("isSignedBy", (test) => {
  const { publicKey, privateKey } = generateKeyPairSync("ed25519");
  const update = decode(vectors[1]?.payload ?? "");

  test("is false for an unsigned update", () => {
    const { signature: _, ...unsigned } = update;
    assert.is(isSignedBy(unsigned, publicKey), false);
  });

  const signed = signAddressUpdate(update, privateKey);
  const other = decode(vectors[0]?.payload ?? "");
  for (const key of ["address", "fqdn", "uuid", "device", "issuedAt", "ttlSeconds"] as const) {
    test(`is false once ${key} is another or gone`, () => {
      assert.is(isSignedBy({ ...signed, [key]: other[key] }, publicKey), false);
      const { [key]: _, ...without } = signed;
      if (key !== "address" && key !== "fqdn")
        assert.is(isSignedBy(without as AddressUpdate, publicKey), false);
    });
  }

  test("is false for any other signature, and never throws", () => {
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 64, maxLength: 64 }), (raw) => {
        assert.is(
          isSignedBy({ ...signed, signature: Buffer.from(raw).toString("base64") }, publicKey),
          false,
        );
      }),
    );
  });
});

describe("parsePublicKey", (test) => {
  const key = vectors[0]?.publicKey ?? "";
  for (const text of ["", "abc", key.slice(1), `${key}=`, `${key} `, key.replace("=", "")]) {
    test(`refuses ${JSON.stringify(text)}`, () => {
      assert.throws(
        () => parsePublicKey(text),
        /^expected an Ed25519 public key \(32 bytes in base64\), got "/,
      );
    });
  }
  test("is undone by formatPublicKey", () => assert.is(formatPublicKey(parsePublicKey(key)), key));
});
