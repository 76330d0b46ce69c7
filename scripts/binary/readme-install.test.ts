// The commands of README.md's section "Install", typed as they are written there.
import {
  cpSync,
  existsSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { dirname, join } from "node:path";
import { assert, describe } from "../describe.ts";
import { type Kind, whyNoDeviceRoot } from "./device-roots.ts";
import {
  createReadmeDevice,
  installCommands,
  type ReadmeDevice,
  removalCommand,
  whyNoReadmeDevice,
} from "./readme-device.ts";
import { type Target, targets } from "./targets.ts";

const readme = readFileSync(new URL("../../README.md", import.meta.url), "utf8");
const blocks = installCommands(readme);

interface Case {
  readonly host: string;
  readonly debian: string;
  readonly kind: Kind;
  /** The folder of its packages. */
  readonly packages?: string;
  readonly binary: string;
  /** What is installed beside what every device gets. */
  readonly installed: readonly string[];
}

const cases: readonly Case[] = [
  {
    host: "server",
    debian: "amd64",
    kind: "minbase",
    packages: "server-amd64",
    binary: "/usr/local/bin/update-route53",
    installed: [
      "/etc/network/if-up.d/zz-update-route53",
      "/etc/dhcp/dhclient-exit-hooks.d/zz-update-route53",
    ],
  },
  {
    host: "pi",
    debian: "arm64",
    kind: "minbase",
    packages: "pi-arm64",
    binary: "/usr/local/bin/update-route53",
    installed: [
      "/etc/NetworkManager/dispatcher.d/90-update-route53",
      "/etc/systemd/system/update-route53.timer",
    ],
  },
  {
    host: "router",
    debian: "arm64",
    kind: "musl",
    binary: "/usr/bin/update-route53",
    installed: ["/etc/hotplug.d/iface/95-update-route53", "/etc/rc.d/S95update-route53"],
  },
];

async function assertInstalled(
  { root, type }: ReadmeDevice,
  { host, binary, installed }: Case,
): Promise<void> {
  const lines = blocks.get(host) ?? [];
  for (const line of lines.slice(0, -1))
    assert.equal(await type(line), { exitCode: 0, stdout: "", stderr: "" });
  const { stdout, stderr } = await type(lines.at(-1) ?? "");
  for (const path of ["/usr/lib/update-route53/notify", ...installed]) {
    assert.ok(stdout.includes(`installed  ${path} `), `${path}: ${stdout}${stderr}`);
    assert.ok(existsSync(join(root, path)), path);
  }
  assert.ok(readFileSync(join(root, "usr/lib/update-route53/notify"), "utf8").includes(`agent=${binary}\n`));
  assert.is(statSync(join(root, "etc/update-route53.toml")).mode & 0o777, 0o600);
  // Then `doctor` has looked, and found what a test without a network has not.
  assert.match(stdout, /^ok +configuration: \/etc\/update-route53\.toml/m);
  assert.match(stdout, /^problem /m);
}

/** What sysupgrade keeps is all that the program needs on the new system. */
async function assertUpgradable(root: string, target: Target): Promise<void> {
  const upgraded = createReadmeDevice(target, "musl");
  const kept = readFileSync(join(root, "lib/upgrade/keep.d/update-route53"), "utf8").match(/^\/.*$/gm) ?? [];
  for (const path of kept.filter((each) => existsSync(join(root, each)))) {
    cpSync(join(root, path), join(upgraded.root, path), { recursive: true, verbatimSymlinks: true });
  }
  const { exitCode, stdout } = await upgraded.type("ssh root@router update-route53 --version");
  assert.match(stdout, /^\d+\.\d+\.\d+ \(commit /);
  assert.is(exitCode, 0);
  rmSync(dirname(upgraded.root), { recursive: true });
}

/** Every path of a root, with what tells whether it was changed; of a directory, not what was in it for a while. */
function listRoot(root: string): readonly string[] {
  const paths = readdirSync(root, { recursive: true, encoding: "utf8" }).sort();
  return paths.map((path) => {
    const stat = lstatSync(join(root, path));
    const content = stat.isDirectory() ? "" : `${stat.size} ${stat.mtimeMs}`;
    return `${path} ${stat.mode.toString(8)} ${stat.uid}:${stat.gid} ${content}`;
  });
}

/** Of all that was done, and of what else the program leaves on a device, nothing is left after that line. */
async function assertRemovable({ root, type }: ReadmeDevice, before: readonly string[]): Promise<void> {
  writeFileSync(join(root, "etc/update-route53.key"), "a key");
  mkdirSync(join(root, "var/lib/update-route53"), { recursive: true });
  assert.is.not(listRoot(root).join("\n"), before.join("\n"));
  const { exitCode, stderr } = await type(removalCommand(readme));
  assert.is(stderr, "");
  assert.is(exitCode, 0);
  assert.equal(listRoot(root), before);
}

describe("the README's installation", (test) => {
  test("is for the devices that are tested here", () => {
    assert.equal(
      [...blocks.keys()],
      cases.map(({ host }) => host),
    );
  });

  for (const each of cases) {
    const { host, debian, kind, packages } = each;
    const target = targets.find((one) => one.debian === debian);
    if (!target) throw new Error(`expected a target for ${debian}, found none`);
    const why = whyNoDeviceRoot(target, kind) ?? whyNoReadmeDevice(packages);

    test.unless(why, `works as it is written, on a ${host}`, async () => {
      const device = createReadmeDevice(target, kind, packages);
      const before = kind === "musl" ? listRoot(device.root) : [];
      await assertInstalled(device, each);
      if (kind === "musl") {
        await assertUpgradable(device.root, target);
        await assertRemovable(device, before);
      }
      rmSync(dirname(device.root), { recursive: true });
    });
  }
});
