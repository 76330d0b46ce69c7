// The licences of all that is in the binaries.
import type { Package } from "./bundled.ts";

const RULE = "=".repeat(78);

/** One text with the licence of each package, and at its end those of Node and of what is compiled into it. */
export function formatLicences(
  packages: readonly Package[],
  nodeVersion: string,
  nodeLicence: string,
): string {
  const parts = packages.map(({ name, version, licence, licenceTexts }) => {
    const texts =
      licenceTexts.length > 0
        ? licenceTexts
        : [`The package has no text of the licence; it is the one above.`];
    return [`${name} ${version} (${licence})`, ...texts].join("\n\n");
  });
  const head = "update-route53 holds the following software, each under the terms of its own licence.";
  const node = `Node.js ${nodeVersion}, with what is compiled into it\n\n${nodeLicence.trim()}`;
  return `${[head, ...parts, node].join(`\n\n${RULE}\n`)}\n`;
}
