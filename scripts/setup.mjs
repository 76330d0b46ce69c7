// Brings node_modules in line with the lock file, then runs the script named, with the pinned Node.
//   node scripts/setup.mjs [SCRIPT [ARGUMENT ...]]
// Plain JavaScript: before the first installation it runs on whatever Node the host has.
import { spawn, spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

const OLDEST_HOST_NODE = 20;
const NPM_LINES_SHOWN = 12;
const LONGEST_INSTALLATION_MS = 300_000;
const POLL_MS = 500;
const root = fileURLToPath(new URL("..", import.meta.url));
const windows = process.platform === "win32";
const pinnedNode = `${root}node_modules/node/bin/node${windows ? ".exe" : ""}`;
const marker = `${root}node_modules/.installed-from`;
const turn = `${root}.installing`;

function say(message) {
  process.stderr.write(`setup: ${message}\n`);
}

function fail(message) {
  say(message);
  rmSync(turn, { recursive: true, force: true });
  process.exit(1);
}

/** Runs npm, shows its output only when it fails. */
function npm(args) {
  const result = spawnSync("npm", args, { cwd: root, encoding: "utf8", shell: windows });
  if (result.error) fail(`npm cannot be started: ${result.error.message}`);
  if (result.status !== 0) {
    const told = `${result.stdout}${result.stderr}`.trim().split("\n").slice(0, NPM_LINES_SHOWN);
    fail([`npm ${args.join(" ")} failed with exit code ${result.status}:`, ...told].join("\n  "));
  }
}

/** What the installation depends on. An installation from the same lock file is not made again. */
function fingerprint() {
  const lock = createHash("sha256")
    .update(readFileSync(`${root}package-lock.json`))
    .digest("hex");
  return `${lock} ${process.platform} ${process.arch}\n`;
}

function isInstalled(wanted) {
  return existsSync(marker) && existsSync(pinnedNode) && readFileSync(marker, "utf8") === wanted;
}

/** Two commands at once on a new clone: one installs, the other waits for it. */
function install() {
  const wanted = fingerprint();
  if (isInstalled(wanted)) return;
  const isMine = waitForTurn();
  try {
    if (!isInstalled(wanted)) installNow(wanted);
  } finally {
    if (isMine) rmSync(turn, { recursive: true, force: true });
  }
}

/** Makes the folder that marks an installation under way; gives up waiting for one that was cut short. */
function waitForTurn() {
  for (let waitedMs = 0; waitedMs < LONGEST_INSTALLATION_MS; waitedMs += POLL_MS) {
    try {
      mkdirSync(turn);
      return true;
    } catch (error) {
      if (error.code !== "EEXIST") fail(`${turn}: ${error.message}`);
    }
    if (waitedMs === 0) say("waiting for another command that installs the packages ...");
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, POLL_MS);
  }
  rmSync(turn, { recursive: true, force: true });
  return false;
}

function installNow(wanted) {
  const startedAt = Date.now();
  say("installing the packages of package-lock.json (a minute or less, only when it changes) ...");
  npm(["ci", "--loglevel=error", "--no-audit", "--no-fund"]);
  say("installing the pinned Node ...");
  // .npmrc forbids install scripts. This one fetches the Node binary, and is the only one needed.
  npm(["rebuild", "node", "--ignore-scripts=false", "--loglevel=error"]);
  if (!existsSync(pinnedNode)) fail(`expected the pinned Node at ${pinnedNode}, found nothing`);
  writeFileSync(marker, wanted);
  say(`done in ${Math.round((Date.now() - startedAt) / 1000)} s`);
}

function run(script, args) {
  const child = spawn(pinnedNode, [script, ...args], { cwd: root, stdio: "inherit" });
  // A Ctrl-C reaches the child from the terminal itself; a kill of this process must be passed on.
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"]) {
    process.on(signal, () => signal === "SIGINT" || child.kill(signal));
  }
  child.on("error", (error) => fail(`${script}: ${error.message}`));
  child.on("exit", (code, signal) => {
    process.exitCode = signal ? 1 : code;
  });
}

if (Number.parseInt(process.versions.node, 10) < OLDEST_HOST_NODE) {
  fail(`expected Node ${OLDEST_HOST_NODE} or newer, found ${process.versions.node}`);
}
install();
const [script, ...args] = process.argv.slice(2);
if (script) run(script, args);
