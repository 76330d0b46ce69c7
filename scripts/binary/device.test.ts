// The binary on a device where something is missing.
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { assert, describe } from "../describe.ts";
import { startStreamStandIn } from "../fixtures/stream-stand-in.ts";
import { builtPath, type Result, runCommand, whyNoRoot, whyNotBuilt } from "./built.ts";
import { binaryInRoot, createEmptyRoot } from "./root.ts";
import { targets } from "./targets.ts";

const target = targets.find(({ arch }) => arch === process.arch) ?? targets[0];
if (!target) throw new Error("expected a target");
const binary = builtPath(target);
const folder = mkdtempSync(join(tmpdir(), "device-"));
process.on("exit", () => rmSync(folder, { recursive: true, force: true }));

const dryRun = ["update", "--domain", "home.example.com", "--ip", "1.2.3.4", "--dry-run"];
const record = /^\{"StreamName":"update-route53","Data":.*"PartitionKey":"home\.example\.com"\}\n$/;
const accepted = /^home\.example\.com A 1\.2\.3\.4 accepted by the stream, .*\n$/;

const assertRecord = ({ exitCode, stdout, stderr }: Result) => {
  assert.is(stderr, "");
  assert.match(stdout, record);
  assert.is(exitCode, 0);
};

describe("the binary", (test) => {
  const why = whyNotBuilt();
  const whyRoot = why ?? whyNoRoot();
  const root = join(folder, "root");
  let stream: Awaited<ReturnType<typeof startStreamStandIn>>;
  test.before(async () => {
    stream = await startStreamStandIn();
    if (whyRoot === undefined) createEmptyRoot(root, binary);
  });
  test.after(() => stream.close());

  /** To publish, with a key and a region of its own. */
  const update = (state: string) => ["--state-directory", state, ...dryRun.slice(1, -1)];
  const environment = () => ({
    AWS_ENDPOINT_URL_KINESIS: stream.url,
    AWS_REGION: "eu-west-1",
    AWS_ACCESS_KEY_ID: "local",
    AWS_SECRET_ACCESS_KEY: "local",
  });

  test.unless(why, "tells what it was built from", async () => {
    const { stdout } = await runCommand([binary, "--version"]);
    assert.match(stdout, /^\d+\.\d+\.\d+ \(commit [0-9a-f]{12}(\+changes)? of \d{4}-\d\d-\d\d\)\n$/);
  });

  test.unless(why, "runs by a link, from a folder that it cannot read", async () => {
    const link = join(folder, "link");
    symlinkSync(binary, link);
    assertRecord(await runCommand([link, ...dryRun]));
    const closed = join(folder, "closed");
    mkdirSync(closed, { mode: 0o700 });
    if (whyNoRoot() !== undefined) return;
    const asNobody = ["setpriv", "--reuid=65534", "--regid=65534", "--clear-groups", binary];
    assertRecord(
      await runCommand(["/bin/sh", "-c", 'cd "$0" && exec "$@"', closed, ...asNobody, ...dryRun], {
        PATH: process.env.PATH,
      }),
    );
  });

  test.unless(why, "publishes with standard input and output closed", async () => {
    const before = stream.accepted.length;
    const command = [binary, ...update(join(folder, "closed-output"))];
    const result = await runCommand(["/bin/sh", "-c", 'exec "$0" "$@" <&- >&-', ...command], environment());
    assert.is(stream.accepted.length, before + 1);
    assert.is(result.stderr, "");
    assert.is(result.exitCode, 0);
  });

  test.unless(
    whyRoot,
    "publishes in a root that has nothing but it, then finds the address unchanged",
    async () => {
      const command = ["chroot", root, binaryInRoot, ...update("/state")];
      const environmentOfHook = { PATH: process.env.PATH, ...environment() };
      const first = await runCommand(command, environmentOfHook);
      assert.match(first.stdout, accepted);
      assert.equal({ ...first, stdout: "" }, { exitCode: 0, stdout: "", stderr: "" });
      assert.equal(await runCommand(command, environmentOfHook), { exitCode: 0, stdout: "", stderr: "" });
    },
  );

  test.unless(
    whyRoot,
    "publishes in a root that is read-only, and says that it cannot remember",
    async () => {
      const script = 'mount --bind "$0" "$0" && mount -o remount,bind,ro "$0" && exec chroot "$0" "$@"';
      const command = ["unshare", "-m", "/bin/sh", "-c", script, root, binaryInRoot, ...update("/nowhere")];
      const result = await runCommand(command, { PATH: process.env.PATH, ...environment() });
      assert.match(result.stdout, accepted);
      const problem = "the file system is read-only";
      const told = `warning: /nowhere: expected to remember what was published, but ${problem}\n`;
      assert.is(result.stderr, told);
      assert.is(result.exitCode, 0);
    },
  );

  test.unless(whyRoot, "asks for its own path where nothing tells it", async () => {
    const command = ["chroot", root, "update-route53", "install", "--dry-run"];
    const told =
      "update-route53: --agent: expected the path of the program, found none, and without /proc it is not known";
    const result = await runCommand(command, { PATH: "/usr/bin:/usr/sbin" });
    assert.equal(result, { exitCode: 64, stdout: "", stderr: `${told}\n` });
  });

  test.unless(whyRoot, "fails with a line that says why, where no name can be resolved", async () => {
    const config =
      "domains = ['home.example.com']\nregion = 'eu-west-1'\naccess_key_id = 'a'\nsecret_access_key = 'b'\n";
    writeFileSync(join(root, "config.toml"), config, { mode: 0o600 });
    const command = [
      "chroot",
      root,
      binaryInRoot,
      "--config",
      "/config.toml",
      "--deadline",
      "1",
      "--ip",
      "1.2.3.4",
    ];
    const { exitCode, stderr } = await runCommand(command, { PATH: process.env.PATH });
    assert.match(
      stderr,
      /^error: home\.example\.com A 1\.2\.3\.4 not published: .*getaddrinfo EAI_AGAIN.*\n$/,
    );
    assert.is(exitCode, 75);
  });
});
