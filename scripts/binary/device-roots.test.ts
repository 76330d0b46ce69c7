// The binaries of both machines in a bare Debian and in a root of musl, doing what a device does, with the local cloud.
import { readdirSync, statSync } from "node:fs";
import { join } from "node:path";
import { assert, describe } from "../describe.ts";
import { kinds, whyNoDeviceRoot } from "./device-roots.ts";
import { type RootedDevice, type RootedDevices, startRootedDevices, type Wanted } from "./rooted-devices.ts";
import { targets } from "./targets.ts";

const wanted = targets.flatMap((target, row) =>
  kinds.map((kind, column): Wanted => {
    const host = 1 + row * kinds.length + column;
    return { target, kind, addresses: [`8.8.8.${host}`, `8.8.4.${host}`] };
  }),
);
/** The only service that can be asked without writing is AWS's own. */
const couldNotConfirm =
  'unknown  right to publish: stream update-route53: could not confirm that the credentials may put records on it: whether this service knows DryRun is not known - to do: "update-route53 --force" publishes the address, and so proves it';
const noHooks =
  'unknown  hooks: none that "update-route53 install" has written; what else starts it, this cannot tell - to do: "update-route53 install", where nothing else does';
/** The routes are in /proc, which these roots have not. */
const withoutProc =
  "and no address of the default route's interface is known here - to do: set interface to the one of the line";

describe("the binary", (test) => {
  const whyNot = ({ target, kind }: Wanted) => whyNoDeviceRoot(target, kind);
  const possible = wanted.filter((each) => whyNot(each) === undefined);
  let devices: RootedDevices;
  test.before(async () => {
    if (possible.length > 0) devices = await startRootedDevices(possible);
  });
  test.after(() => devices?.close());

  for (const each of wanted) {
    const it = (sentence: string, run: (device: RootedDevice) => void | Promise<void>) =>
      test.unless(whyNot(each), `of ${each.target.arch} in a root of ${each.kind} ${sentence}`, () =>
        run(devices.of(each)),
      );

    it("tells its version", async ({ agent }) => {
      const { exitCode, stdout, stderr } = await agent("--version");
      assert.is(stderr, "");
      assert.match(stdout, /^\d+\.\d+\.\d+ \(commit [0-9a-f]{12}(?:\+changes)? of \d{4}-\d\d-\d\d\)\n$/);
      assert.is(exitCode, 0);
    });

    it("has made the key that it signs with", ({ root, keygen }) => {
      assert.match(
        keygen.stdout,
        /^\{"path":"\/etc\/update-route53\.key","publicKey":"[A-Za-z0-9+/]{43}="\}\n$/,
      );
      assert.is(statSync(join(root, "etc/update-route53.key")).mode & 0o777, 0o600);
      assert.is(keygen.exitCode, 0);
    });

    it("publishes the address that it learns, and DNS answers it", async ({ agent, domain, answer }) => {
      const [address] = each.addresses;
      assert.is(await answer(), "");
      const { exitCode, stdout, stderr } = await agent("update");
      assert.is(stderr, "");
      assert.match(stdout, new RegExp(`^${domain} A ${address} accepted by the stream, uuid [^\n]*\n$`));
      assert.is(exitCode, 0);
      assert.is(await answer(), address);
    });

    it("sees that all agree, and then has nothing to say", async ({ agent, domain }) => {
      const { exitCode, stdout, stderr } = await agent("status");
      assert.is(stderr, "");
      const [address] = each.addresses;
      const line = `^${domain} +A +${address} \\S+ +${address} +${address} \\(1 of 1\\) +agrees since \\S+$`;
      assert.match(stdout, new RegExp(line, "m"));
      assert.is(exitCode, 0);
      assert.equal(await agent("update"), { exitCode: 0, stdout: "", stderr: "" });
    });

    it("shows what each source says of the address", async ({ agent }) => {
      const [address] = each.addresses;
      const { exitCode, stdout, stderr } = await agent("ip");
      assert.is(stderr, "");
      assert.match(stdout, new RegExp(`^ipv4 {2}check +127\\.0\\.0\\.1:\\d+ +${address}$`, "m"));
      assert.ok(stdout.endsWith(`\nipv4: ${address}\n`), stdout);
      assert.is(exitCode, 0);
    });

    it("looks at all that an update depends on", async ({ agent, domain }) => {
      const [address] = each.addresses;
      const { exitCode, stdout, stderr } = await agent("doctor");
      assert.is(stderr, "");
      const lines = stdout.trimEnd().split("\n");
      assert.is(lines.length, 13, stdout);
      assert.equal(
        lines.filter((line) => !line.startsWith("ok ")),
        [noHooks, couldNotConfirm, `unknown  NAT ipv4: the Internet sees ${address}, ${withoutProc}`],
      );
      const served = `authoritative answer: ${domain} A: every name server answers ${address} `;
      assert.ok(lines.at(-1)?.startsWith(`ok       ${served}`), stdout);
      assert.is(exitCode, 0);
    });

    it("publishes another address when a hook comes", async ({ agent, domain, answer, move }) => {
      move();
      const [, address] = each.addresses;
      const { exitCode, stdout, stderr } = await agent("notify", "wan");
      assert.is(stderr, "");
      assert.match(stdout, new RegExp(`^${domain} A ${address} accepted by the stream, uuid [^\n]*\n$`));
      assert.is(exitCode, 0);
      assert.is(await answer(), address);
    });

    it("waits until DNS answers the address", async ({ agent, domain }) => {
      const [, address] = each.addresses;
      const { exitCode, stdout, stderr } = await agent("update", "--wait", "--force");
      assert.is(stderr, "");
      const visible = `${domain} A ${address} visible on all name servers after \\d+\\.\\d s`;
      assert.match(stdout, new RegExp(`^${domain} A ${address} accepted [^\n]*\n${visible}\n$`));
      assert.is(exitCode, 0);
    });

    it("tells what it would install, and installs nothing", async ({ root, agent }) => {
      const listFiles = () =>
        ["etc", "usr"].flatMap((name) =>
          readdirSync(join(root, name), { recursive: true, encoding: "utf8" }),
        );
      const before = listFiles();
      const { exitCode, stdout } = await agent("install", "--dry-run");
      assert.match(stdout, /^would install +\/usr\/lib\/update-route53\/notify /m);
      assert.is(exitCode, 0);
      assert.is(listFiles().join("\n"), before.join("\n"));
    });
  }
});
