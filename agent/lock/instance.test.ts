import { spawnSync } from "node:child_process";
import {
  chmodSync,
  chownSync,
  existsSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { createConnection, createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { assert, describe } from "../../scripts/describe.ts";
import { hand } from "./handover.ts";
import { mayBeHeld } from "./holder.ts";
import { acquireInstance, type Instance } from "./instance.ts";
import { instanceName, loadInstanceKey } from "./instance-key.ts";

const folder = mkdtempSync(join(tmpdir(), "instance-"));
process.on("exit", () => rmSync(folder, { recursive: true }));
const newDirectory = () => mkdtempSync(join(folder, "d-"));
const addressOf = (directory: string) => `\0${instanceName(directory, loadInstanceKey(directory))}`;
const request = { argv: ["--ip", "6.6.6.6"], environment: {}, directory: "/" };

/** As those of this process. */
const account = JSON.stringify(
  Object.entries(process.env)
    .filter(([name]) => name.startsWith("AWS_"))
    .sort(),
);

async function acquire(directory: string): Promise<Instance> {
  const acquired = await acquireInstance(directory, []);
  if (acquired.state !== "acquired") throw new Error("expected to acquire the instance");
  return acquired.instance;
}

/** Writes to the socket as anyone can, and resolves when the other side has closed it. */
function send(address: string, text: string): Promise<void> {
  const socket = createConnection(address);
  socket.on("error", () => {});
  socket.resume().write(text);
  return new Promise((resolve) => socket.once("close", () => resolve()));
}

describe("the instance", (test) => {
  const notLinux = process.platform === "linux" ? undefined : "only Linux has abstract sockets";

  test("has a key that nobody else can read, and makes another where somebody could", () => {
    const directory = newDirectory();
    const key = loadInstanceKey(directory);
    const path = join(directory, "instance.key");
    assert.is(statSync(path).mode & 0o777, 0o600);
    assert.is(readFileSync(path, "utf8"), `${key}\n`);
    assert.is(loadInstanceKey(directory), key);
    chmodSync(path, 0o644);
    assert.is.not(loadInstanceKey(directory), key);
  });

  for (const text of ["", "\n", "0123456789abcdef0123456789abcdef\n", `${"x".repeat(64)}\n`]) {
    test(`has another key in place of a malformed one: ${JSON.stringify(text)}`, () => {
      const directory = newDirectory();
      const path = join(directory, "instance.key");
      writeFileSync(path, text, { mode: 0o600 });
      const key = loadInstanceKey(directory);
      assert.match(key ?? "", /^[0-9a-f]{64}$/);
      assert.is(readFileSync(path, "utf8"), `${key}\n`);
    });
  }

  const notRoot = process.getuid?.() === 0 ? undefined : "only root can give a file away";
  test.unless(notRoot, "does not believe the key of another user, and says so", async () => {
    const directory = newDirectory();
    const path = join(directory, "instance.key");
    const text = `${"0".repeat(64)}\n`;
    writeFileSync(path, text, { mode: 0o600 });
    chownSync(path, 1, 1);
    assert.is(loadInstanceKey(directory), undefined);
    const acquired = await acquireInstance(directory, []);
    if (acquired.state !== "acquired") throw new Error("expected to acquire the instance");
    const said = `${path}: expected a file of our own, so nothing can be handed over by it`;
    assert.is(acquired.problem, said);
    acquired.instance.release();
    assert.is(readFileSync(path, "utf8"), text);
  });

  test("may be held where that cannot be told, and is not where nobody is", async () => {
    const directory = newDirectory();
    assert.is(mayBeHeld(directory), true);
    const instance = await acquire(directory);
    assert.is(mayBeHeld(directory), true);
    instance.release();
    assert.is(mayBeHeld(directory), false);
  });

  test.unless(notLinux, "takes what a process with the key hands over, and nothing else", async () => {
    const directory = newDirectory();
    const instance = await acquire(directory);
    const address = addressOf(directory);
    const key = loadInstanceKey(directory) ?? "";
    assert.is(await hand(createConnection(address), request, { key: `${key}x`, account }), undefined);
    await send(address, `${JSON.stringify({ key, argv: request.argv })}\n${JSON.stringify({ request })}\n`);
    await send(address, "garbage\n");
    await send(address, `{"word":"${"x".repeat(300_000)}`);
    assert.equal(instance.take(), []);
    const slow = send(address, "{");
    assert.equal(await hand(createConnection(address), request, { key, account }), {
      pid: process.pid,
      isLoop: false,
    });
    assert.equal(instance.take(), [request]);
    await slow;
    assert.is(instance.release(), true);
  });

  for (const [name, value] of [
    ["AWS_REGION", "eu-central-1"],
    ["AWS_ACCESS_KEY_ID", "ANOTHER"],
  ] as const) {
    test.unless(notLinux, `is told nothing by a process with another ${name}, which waits`, async () => {
      const directory = newDirectory();
      const instance = await acquire(directory);
      const environment = { ...process.env, [name]: value };
      const options = { environment, patienceMs: 0 };
      const busy = await acquireInstance(directory, ["--ip", "1.2.3.4"], options);
      assert.equal(busy, { state: "busy", pid: process.pid, isLoop: false });
      assert.equal(instance.take(), []);
      const waiting = acquireInstance(directory, ["--ip", "1.2.3.4"], { environment, patienceMs: 60_000 });
      instance.release();
      const acquired = await waiting;
      if (acquired.state !== "acquired") throw new Error("expected to acquire the instance");
      acquired.instance.release();
    });
  }

  test.unless(notLinux, "is handed no variable of the AWS SDK", async () => {
    const directory = newDirectory();
    const environment = { AWS_SECRET_ACCESS_KEY: "secret", UPDATE_ROUTE53_STREAM: "s" };
    const acquired = await acquireInstance(directory, [], { environment });
    if (acquired.state !== "acquired") throw new Error("expected to acquire the instance");
    assert.is((await acquireInstance(directory, [], { environment })).state, "handed");
    assert.equal(acquired.instance.take()[0]?.environment, { UPDATE_ROUTE53_STREAM: "s" });
    acquired.instance.release();
  });

  const files = { platform: "freebsd" };
  test("as a file: is taken over from one that died, and handed to one that lives", async () => {
    const directory = newDirectory();
    const path = join(directory, `${instanceName(directory, loadInstanceKey(directory))}.sock`);
    const die = `require("net").createServer().listen(${JSON.stringify(path)}, () => process.kill(process.pid, 9))`;
    spawnSync(process.execPath, ["-e", die]);
    assert.ok(existsSync(path));
    const acquired = await acquireInstance(directory, [], files);
    if (acquired.state !== "acquired") throw new Error("expected to acquire the instance");
    assert.is(acquired.problem, undefined);
    assert.is((await acquireInstance(directory, ["--ip", "1.2.3.4"], files)).state, "handed");
    assert.equal(acquired.instance.take()[0]?.argv, ["--ip", "1.2.3.4"]);
    acquired.instance.release();
  });

  test("as a file: is not removed while somebody listens, who does not answer", async () => {
    const directory = newDirectory();
    const path = join(directory, `${instanceName(directory, loadInstanceKey(directory))}.sock`);
    const triedTwice = Promise.withResolvers<void>();
    let count = 0;
    const silent = createServer((socket) => {
      socket.on("error", () => {}).end();
      count += 1;
      if (count === 2) triedTwice.resolve();
    });
    await new Promise<void>((resolve) => silent.listen(path, resolve));
    const waiting = acquireInstance(directory, [], files);
    const first = await Promise.race([
      triedTwice.promise.then(() => "waits"),
      waiting.then(() => "acquired"),
    ]);
    assert.is(first, "waits");
    assert.ok(existsSync(path));
    silent.close();
    const acquired = await waiting;
    if (acquired.state !== "acquired") throw new Error("expected to acquire the instance");
    assert.is(acquired.problem, undefined);
    acquired.instance.release();
  });

  test.unless(notLinux, "is not let go while a request waits", async () => {
    const directory = newDirectory();
    const instance = await acquire(directory);
    const handed = await acquireInstance(directory, ["--ip", "1.2.3.4"]);
    assert.is(handed.state, "handed");
    assert.is(instance.release(), false);
    assert.equal(instance.take()[0]?.argv, ["--ip", "1.2.3.4"]);
    assert.is(instance.release(), true);
    (await acquire(directory)).release();
  });

  test.unless(notLinux, "is not handed to somebody who only took the name", async () => {
    const directory = newDirectory();
    let heard = "";
    const squatter = createServer((socket) => {
      socket.on("error", () => {});
      socket.on("data", (chunk) => {
        heard += chunk;
        socket.end(`{"word":"w","pid":1,"isLoop":false,"proof":"${"0".repeat(64)}"}\n{"proof":""}\n`);
      });
    });
    await new Promise<void>((resolve) => squatter.listen(addressOf(directory), resolve));
    const acquired = await acquireInstance(directory, ["--ip", "1.2.3.4"]);
    squatter.close();
    assert.is(acquired.state, "acquired");
    assert.match(heard, /word/);
    assert.not.match(heard, /1\.2\.3\.4/);
  });
});
