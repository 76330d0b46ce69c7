import { DEFAULT_KEY_PATH } from "../command-table.ts";
import { DEFAULT_CONFIG_PATH } from "../config/load-settings.ts";
import type { Device } from "./device.ts";
import { MANIFEST_PATH } from "./manifest.ts";
import { addMark } from "./mark.ts";
import { LIBRARY, type Mechanism, mechanisms } from "./mechanisms.ts";

/** Something that is to be on the device. */
export type Item = { readonly path: string; readonly mechanism: string } & (
  | { readonly kind: "file"; readonly mode: number; readonly text: string }
  | { readonly kind: "link"; readonly target: string }
);

export interface Choice {
  /** The path of the program on the device. */
  readonly agent: string;
  /** The only interfaces whose hooks count; all where there is none. */
  readonly interfaces: readonly string[];
  readonly isDaemon: boolean;
}

export interface InstallPlan {
  readonly found: readonly Mechanism[];
  readonly items: readonly Item[];
}

/** What is to be on a device, by what is there. */
export function planInstall(
  device: Device,
  choice: Choice,
  hookFiles: Readonly<Record<string, string>>,
): InstallPlan {
  const found = mechanisms.filter(({ isThere }) => isThere(device));
  const items = found.flatMap(({ name, files, links }): Item[] => [
    ...files(device, choice.isDaemon).map(({ path, mode, source }): Item => {
      const text = addMark(fillIn(hookFiles[source] ?? "", choice));
      return { kind: "file", path, mode, text, mechanism: name };
    }),
    ...(links?.(choice.isDaemon) ?? []).map((link): Item => ({ kind: "link", ...link, mechanism: name })),
  ]);
  const isOpenWrt = found.some(({ name }) => name === "OpenWrt");
  return { found, items: isOpenWrt ? [...items, keptBySysupgrade(items, choice)] : items };
}

function fillIn(text: string, { agent, interfaces }: Choice): string {
  return text
    .replaceAll("/usr/bin/update-route53", agent)
    .replace('interfaces=""', `interfaces="${interfaces.join(" ")}"`);
}

const KEEP_PATH = "/lib/upgrade/keep.d/update-route53";

/** What the archive for OpenWrt brings beside the program, which does not start without it. */
const LOADER_AND_LIBRARIES = `${LIBRARY}/lib`;

/** sysupgrade keeps what these files name, and nothing else of what is not in the image. */
function keptBySysupgrade(items: readonly Item[], { agent }: Choice): Item {
  const paths = [
    agent,
    LOADER_AND_LIBRARIES,
    DEFAULT_CONFIG_PATH,
    DEFAULT_KEY_PATH,
    ...items.map(({ path }) => path),
    MANIFEST_PATH,
    KEEP_PATH,
  ];
  return {
    kind: "file",
    path: KEEP_PATH,
    mode: 0o644,
    text: addMark(`${paths.join("\n")}\n`),
    mechanism: "OpenWrt",
  };
}
