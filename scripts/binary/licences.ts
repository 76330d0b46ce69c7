// The licences of all that is in the binaries.
import type { Package } from "./bundled.ts";

const RULE = "=".repeat(78);

/**
 * One text with the licence of each package, and at its end those of Node and of what is compiled into it.
 * @throws where the licence of a package is not known word by word
 */
export function formatLicences(
  packages: readonly Package[],
  nodeVersion: string,
  nodeLicence: string,
): string {
  const parts = packages.map((each) => {
    const { name, version, licence } = each;
    return [`${name} ${version} (${licence})`, ...textsOf(each, packages)].join("\n\n");
  });
  const head = "update-route53 holds the following software, each under the terms of its own licence.";
  const node = `Node.js ${nodeVersion}, with what is compiled into it\n\n${nodeLicence.trim()}`;
  return `${[head, ...parts, node].join(`\n\n${RULE}\n`)}\n`;
}

/** Some packages are published without the text that the others of their makers have. */
function textsOf(
  { name, version, licence, licenceTexts }: Package,
  packages: readonly Package[],
): readonly string[] {
  if (licenceTexts.length > 0) return licenceTexts;
  const scope = /^@[^/]+\//.exec(name)?.[0];
  const sibling = packages.find(
    (each) =>
      scope !== undefined &&
      each.name.startsWith(scope) &&
      each.licence === licence &&
      each.licenceTexts.length > 0,
  );
  if (!sibling)
    throw new Error(`${name} ${version}: expected a file with the text of ${licence}, found none`);
  return sibling.licenceTexts;
}
