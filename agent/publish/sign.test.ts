import { createPrivateKey, generateKeyPairSync } from "node:crypto";
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { decodeAddressUpdate, encodeAddressUpdate } from "../../lambda/contract/payload.ts";
import vectors from "../../lambda/contract/signature.vectors.json" with { type: "json" };
import { assert, describe } from "../../scripts/describe.ts";
import { ExpectedFailure, exitCode } from "../exit-code.ts";
import { loadSigner } from "./sign.ts";

const folder = mkdtempSync(join(tmpdir(), "sign-"));
process.on("exit", () => rmSync(folder, { recursive: true }));

let files = 0;
function keyFile(content: string, mode = 0o600): string {
  files += 1;
  const path = join(folder, `key-${files}`);
  writeFileSync(path, content);
  chmodSync(path, mode);
  return path;
}

function pemOf(seedHex: string): string {
  const der = Buffer.from(`302e020100300506032b657004220420${seedHex}`, "hex");
  const key = createPrivateKey({ key: der, format: "der", type: "pkcs8" });
  return key.export({ format: "pem", type: "pkcs8" }).toString();
}

const pem = generateKeyPairSync("ed25519").privateKey.export({ format: "pem", type: "pkcs8" }).toString();

describe("loadSigner", (test) => {
  for (const vector of vectors.slice(0, 2)) {
    test(`signs as the published vector says: ${vector.name}`, () => {
      const decoded = decodeAddressUpdate(new TextEncoder().encode(vector.payload));
      if (!decoded.ok) throw new Error(decoded.message);
      const { device = "", issuedAt = "", signature: _, ...update } = decoded.update;
      const { sign } = loadSigner(keyFile(pemOf(vector.seedHex)), device);
      const signed = sign(update, new Date(issuedAt));
      assert.is(new TextDecoder().decode(encodeAddressUpdate(signed)), vector.payload);
    });
  }

  test("names the file where others can read it", () => {
    const open = keyFile(pem, 0o640);
    assert.equal(loadSigner(open, "attic").exposedFiles, [open]);
    assert.equal(loadSigner(keyFile(pem), "attic").exposedFiles, []);
  });

  const { publicKey, privateKey } = generateKeyPairSync("ed25519");
  const rsa = generateKeyPairSync("rsa", { modulusLength: 1024 }).privateKey;
  const x25519 = generateKeyPairSync("x25519").privateKey;
  const pkcs8 = { format: "pem", type: "pkcs8" } as const;
  const cases: [string, string, string][] = [
    ["an RSA key", rsa.export(pkcs8).toString(), "one of type rsa"],
    ["a key for key agreement", x25519.export(pkcs8).toString(), "one of type x25519"],
    ["a public key", publicKey.export({ format: "pem", type: "spki" }).toString(), "something else"],
    [
      "an encrypted key",
      privateKey.export({ ...pkcs8, cipher: "aes-256-cbc", passphrase: "CANARY" }).toString(),
      "one behind a passphrase",
    ],
    ["half a key", pem.slice(0, 60), "something else"],
    ["an empty file", "", "something else"],
    ["what is no key", "CANARY", "something else"],
  ];
  for (const [name, content, found] of cases) {
    test(`refuses ${name}, in one line without its content`, () => {
      const path = keyFile(content);
      let failure: unknown;
      try {
        loadSigner(path, "attic");
      } catch (error) {
        failure = error;
      }
      assert.instance(failure, ExpectedFailure);
      const { message, exitCode: code } = failure as ExpectedFailure;
      assert.is(code, exitCode.configuration);
      assert.is(
        message,
        `${path}: expected an Ed25519 private key, as "update-route53 keygen" makes it, got ${found}`,
      );
    });
  }

  test("refuses what is not there", () => {
    assert.throws(
      () => loadSigner(join(folder, "missing"), "attic"),
      /missing: expected to read the private key, but there is no such file$/,
    );
  });
});
