import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { assert, describe } from "../../scripts/describe.ts";
import { createAuthority } from "../../scripts/fixtures/certificates.ts";
import { failure } from "../../scripts/fixtures/expected-failure.ts";
import { loadAuthorities } from "./authorities.ts";

const folder = mkdtempSync(join(tmpdir(), "authorities-"));
process.on("exit", () => rmSync(folder, { recursive: true }));
const path = join(folder, "ca.pem");
const [one, two] = [createAuthority("one"), createAuthority("two")];

const load = (text: string | Buffer) => {
  writeFileSync(path, text);
  return loadAuthorities(path)?.certificates;
};

describe("loadAuthorities", (test) => {
  test("gives the certificates of a file, and nothing else that is in it", () => {
    const text = `# ours\r\n${one.key}${one.cert}\n\n${two.cert.replaceAll("\n", "\r\n")}end`;
    assert.equal(
      load(text)?.map((pem) => pem.replaceAll("\r", "")),
      [one.cert, two.cert].map((pem) => pem.trim()),
    );
  });

  test("gives nothing where no file is named", () => assert.is(loadAuthorities(undefined), undefined));

  const expected = `78 ${path}: ca_file: expected certificates in PEM (-----BEGIN CERTIFICATE-----), found`;
  const refused: [string, string | Buffer, string][] = [
    ["an empty file", "", "none"],
    ["DER", Buffer.from(one.cert.replace(/-----.*-----/g, ""), "base64"), "none"],
    ["a private key, without a word of it", one.key, "a private key"],
    ["one that is cut off", one.cert.slice(0, 300), "number 1 of 1 damaged"],
    ["one that lacks a line", `${one.cert}${two.cert.replace(/\n[^\n]+\n/, "\n")}`, "number 2 of 2 damaged"],
    ["one that is no certificate", one.key.replaceAll("PRIVATE KEY", "CERTIFICATE"), "number 1 of 1 damaged"],
  ];
  for (const [name, text, found] of refused) {
    test(`refuses ${name}`, () =>
      assert.is(
        failure(() => load(text)),
        `${expected} ${found}`,
      ));
  }

  test("refuses what is not there, and what is no file", () => {
    const read = "expected to read the certificate authorities of ca_file, but";
    const none = join(folder, "none.pem");
    assert.is(
      failure(() => loadAuthorities(none)),
      `78 ${none}: ${read} there is no such file`,
    );
    assert.is(
      failure(() => loadAuthorities(folder)),
      `78 ${folder}: ${read} it is a directory`,
    );
  });

  test("gives certificates or an expected failure for any file, and never repeats what is in it", () => {
    const begin = fc.constantFrom("", "-----BEGIN CERTIFICATE-----\n", "-----BEGIN PRIVATE KEY-----\n", "\0");
    const part = fc.tuple(begin, fc.constantFrom("CANARY", "MIIC", "\n-----END CERTIFICATE-----", " "));
    fc.assert(
      fc.property(fc.array(part), (parts) => {
        const told = failure(() => load(parts.flat().join("")));
        assert.ok(told.startsWith(expected), told);
        assert.not.match(told, /CANARY/);
      }),
    );
  });
});
