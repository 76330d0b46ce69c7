// The bill of materials of the binaries, for those who look for what has a known hole.
import { createHash } from "node:crypto";
import type { Package } from "./bundled.ts";
import { type DebianPackage, tellSource } from "./debian-package.ts";
import type { Target } from "./targets.ts";

export interface Product {
  readonly version: string;
  readonly commit: string;
  /** RFC 3339 */
  readonly time: string;
  /** What Node is made of: names and versions, as in `process.versions`. */
  readonly nodeVersions: Readonly<Record<string, string | undefined>>;
  readonly targets: readonly Target[];
}

/**
 * A document of CycloneDX 1.6 (https://cyclonedx.org/docs/1.6/json/), the same for the same product.
 * @param debianPackages beside the binaries, in the archives for OpenWrt
 */
export function createSbom(
  product: Product,
  packages: readonly Package[],
  debianPackages: readonly DebianPackage[] = [],
): string {
  const { version, commit, time, nodeVersions, targets } = product;
  const subject = `pkg:npm/update-route53@${version}`;
  const components = [
    ...packages.map(libraryComponent),
    ...targets.map(({ arch, baseIntegrity }) => ({
      ...npmComponent(`node-linux-${arch}`, nodeVersions.node ?? "", baseIntegrity),
      type: "platform",
      description: `Node.js, the base of update-route53-linux-${arch}`,
      licenses: [{ license: { id: "MIT" } }],
    })),
    ...nodeComponents(nodeVersions),
    ...debianPackages.map(debianComponent),
  ];
  const content = {
    bomFormat: "CycloneDX",
    specVersion: "1.6",
    version: 1,
    metadata: {
      timestamp: time,
      component: {
        type: "application",
        "bom-ref": subject,
        name: "update-route53",
        version,
        purl: subject,
        licenses: [{ license: { id: "MIT" } }],
        properties: [{ name: "update-route53:commit", value: commit }],
      },
    },
    components,
  };
  const serialNumber = `urn:uuid:${uuidOf(JSON.stringify(content))}`;
  return `${JSON.stringify({ ...content, serialNumber }, undefined, 2)}\n`;
}

function libraryComponent({ name, version, licence, integrity }: Package) {
  return {
    ...npmComponent(name, version, integrity),
    type: "library",
    licenses: [{ license: { id: licence } }],
  };
}

function npmComponent(name: string, version: string, integrity: string | undefined) {
  // A scope is escaped: https://github.com/package-url/purl-spec/blob/main/types-doc/npm-definition.md
  const purl = `pkg:npm/${name.replace(/^@/, "%40")}@${version}`;
  const [, sha512] = /^sha512-(.+)$/.exec(integrity ?? "") ?? [];
  const content = sha512 && Buffer.from(sha512, "base64").toString("hex");
  return { "bom-ref": purl, name, version, purl, ...(content && { hashes: [{ alg: "SHA-512", content }] }) };
}

/** The libraries that are compiled into Node. Tables and interface numbers are no components. */
function nodeComponents(versions: Product["nodeVersions"]) {
  const numbers = ["node", "modules", "napi", "unicode", "cldr", "tz"];
  return Object.entries(versions)
    .filter(([name, version]) => !numbers.includes(name) && version)
    .map(([name, version = ""]) => ({
      type: "library",
      "bom-ref": `node/${name}@${version}`,
      name,
      version,
      purl: `pkg:generic/${name}@${encodeURIComponent(version)}`,
      description: "compiled into Node.js",
    }));
}

/** https://github.com/package-url/purl-spec/blob/main/types-doc/deb-definition.md */
function debianComponent(debianPackage: DebianPackage) {
  const { name, version, architecture, licence, sha256, codename } = debianPackage;
  // All is escaped but a colon, which is before a version's epoch.
  const [escaped, escapedVersion] = [name, version].map((each) =>
    encodeURIComponent(each).replace("%3A", ":"),
  );
  const purl = `pkg:deb/debian/${escaped}@${escapedVersion}?arch=${architecture}&distro=${codename}`;
  return {
    type: "library",
    "bom-ref": purl,
    name,
    version,
    purl,
    hashes: [{ alg: "SHA-256", content: sha256 }],
    licenses: [{ expression: licence, acknowledgement: "concluded" }],
    description: `${tellSource(debianPackage)}; parts are under other licences, which ${name}.copyright in the archive has`,
  };
}

/** RFC 9562, version 8: of the content's hash, so that the same product has the same number. */
function uuidOf(content: string): string {
  const hash = createHash("sha256").update(content).digest("hex");
  const variant = ((Number.parseInt(hash.charAt(16), 16) & 3) | 8).toString(16);
  return [
    hash.slice(0, 8),
    hash.slice(8, 12),
    `8${hash.slice(13, 16)}`,
    variant + hash.slice(17, 20),
    hash.slice(20, 32),
  ].join("-");
}
