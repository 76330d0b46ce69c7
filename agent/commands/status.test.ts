import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import type { RequestListener } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { assert, describe } from "../../scripts/describe.ts";
import { startDnsServer } from "../../scripts/local/dns/server.ts";
import { startEchoServer } from "../../scripts/local/echo-server.ts";
import { createStore, submitChangeBatch } from "../../scripts/local/route53/store.ts";
import type { Context } from "../context.ts";
import { formatInstant } from "../format-instant.ts";
import { saveState } from "../state/state-file.ts";
import { status } from "./status.ts";

const folder = mkdtempSync(join(tmpdir(), "status-"));
process.on("exit", () => rmSync(folder, { recursive: true }));

/** An hour ago: what was given longer ago than refresh_hours is not sent any more. */
const GIVEN_MS = Date.now() - 3_600_000;

interface Scene {
  readonly domains?: string;
  /** More of the configuration. */
  readonly toml?: string;
  /** What was published for home.example.com. */
  readonly published?: string;
  /** What `--ip` gave for home.example.com, by family, and the stream did not confirm. */
  readonly given?: Readonly<Record<string, string>>;
  /** What the zone has for home.example.com. */
  readonly served?: string;
  readonly echo?: RequestListener;
  readonly switches?: readonly string[];
}

/** Runs the command against a name server, an echo service and a state; its exit code and its lines. */
async function run(scene: Scene): Promise<readonly string[]> {
  const {
    domains = '"home.example.com"',
    toml = "",
    published,
    given = {},
    served,
    echo,
    switches = [],
  } = scene;
  const store = createStore([{ name: "example.com", id: "Z1" }]);
  if (served) {
    const ResourceRecords = [{ Value: served }];
    const ResourceRecordSet = { Name: "home.example.com", Type: "A" as const, TTL: 60, ResourceRecords };
    const changeBatch = { Changes: [{ Action: "UPSERT" as const, ResourceRecordSet }] };
    submitChangeBatch(store, { id: "Z1", changeBatch, nowMs: 0 });
  }
  const nameServer = await startDnsServer({ store });
  const echoServer = await startEchoServer(echo ?? ((_, response) => response.end("1.2.3.4")));
  const stateDirectory = mkdtempSync(join(folder, "state-"));
  const entry = { publishedAtMs: Date.parse("2026-01-02T03:04:05Z"), refreshAtMs: 0 };
  const state = {
    published: new Map(published ? [["home.example.com. ipv4", { ip: published, ...entry }]] : []),
    pending: new Map(
      Object.entries(given).map(([family, ip]) => [
        `home.example.com. ${family}`,
        { ip, sinceMs: GIVEN_MS, isGiven: true as const },
      ]),
    ),
  };
  assert.is(saveState(state, stateDirectory, "update-route53@eu-west-1"), undefined);
  const config = join(stateDirectory, "config.toml");
  writeFileSync(
    config,
    `domains = [${domains}]
region = "eu-west-1"
state_directory = "${stateDirectory}"
check_urls = ["${echoServer.url}"]
name_servers = ["127.0.0.1:${nameServer.port}"]
${toml}
[ipv4]
sources = ["check"]
`,
  );
  const lines: string[] = [];
  const write = (line: string) => void lines.push(line.replaceAll(`:${nameServer.port}`, ":PORT"));
  const silent = () => {};
  const context: Context = {
    argv: [],
    given: { texts: { config: [config] }, switches: new Set(switches), positionals: [] },
    environment: {},
    print: write,
    printText: write,
    log: { debug: silent, info: write, warn: write, error: write },
  };
  const exitCode = await status(context).catch((error: Error) => error.message);
  await Promise.all([nameServer.close(), echoServer.close()]);
  return [`exit ${exitCode}`, ...lines];
}

describe("status", (test) => {
  test("ends with 0 where what was published, what is detected and what is served agree", async () => {
    assert.equal(await run({ published: "1.2.3.4", served: "1.2.3.4" }), [
      "exit 0",
      "NAME              TYPE  PUBLISHED                     DETECTED  SERVED            VERDICT",
      "home.example.com  A     1.2.3.4 2026-01-02T03:04:05Z  1.2.3.4   1.2.3.4 (1 of 1)  agrees since 2026-01-02T03:04:05Z",
    ]);
  });

  test("ends with 75 where the name servers have another address", async () => {
    assert.equal(await run({ published: "1.2.3.4", served: "8.8.8.8" }), [
      "exit 75",
      "NAME              TYPE  PUBLISHED                     DETECTED  SERVED            VERDICT",
      "home.example.com  A     1.2.3.4 2026-01-02T03:04:05Z  1.2.3.4   8.8.8.8 (1 of 1)  differs since 2026-01-02T03:04:05Z at the earliest",
      "home.example.com A: 127.0.0.1:PORT: 8.8.8.8",
    ]);
  });

  test("ends with 75 where the address has changed since it was published", async () => {
    const [exit, , , ...reasons] = await run({ published: "8.8.8.8", served: "1.2.3.4" });
    assert.is(exit, "exit 75");
    assert.equal(reasons, ["home.example.com A: published 8.8.8.8, but the address is 1.2.3.4"]);
  });

  test("ends with 69 where nothing is wrong but that no address could be learnt", async () => {
    const echo: RequestListener = (_, response) => response.writeHead(500).end();
    const [exit, , row, ...reasons] = await run({ published: "1.2.3.4", served: "1.2.3.4", echo });
    assert.is(exit, "exit 69");
    assert.match(row ?? "", / - +1\.2\.3\.4 \(1 of 1\) +unknown$/);
    assert.match(
      reasons.join("\n"),
      /^home\.example\.com A: no ipv4 address learnt: .*expected status 200, got 500/,
    );
  });

  test("ends with 75 where the name is not there at all, for programs too", async () => {
    const [exit, json = "", ...rest] = await run({ switches: ["json"] });
    assert.is(exit, "exit 75");
    const { served, ...told } = JSON.parse(json);
    assert.equal(told, {
      domain: "home.example.com",
      type: "A",
      verdict: "differs",
      detected: "1.2.3.4",
      reasons: ["127.0.0.1:PORT: no such record"],
    });
    assert.equal(served, [{ server: "127.0.0.1:PORT", state: "absent" }]);
    assert.equal(rest, []);
  });

  const givenAt = formatInstant(GIVEN_MS);
  const noAnswer: RequestListener = (_, response) => response.writeHead(500).end();

  test("shows what --ip gave and the stream did not confirm, and what becomes of it", async () => {
    const scene = { published: "1.2.3.4", served: "1.2.3.4", given: { ipv4: "9.9.9.9" } };
    assert.equal(await run(scene), [
      "exit 75",
      "NAME              TYPE  PUBLISHED                     PENDING                       DETECTED  SERVED            VERDICT",
      `home.example.com  A     1.2.3.4 2026-01-02T03:04:05Z  9.9.9.9 ${givenAt}  1.2.3.4   1.2.3.4 (1 of 1)  unknown`,
      `home.example.com A: 9.9.9.9, given by --ip at ${givenAt}, was not confirmed by the stream: the next update sends 1.2.3.4 instead`,
    ]);
    const reasons = (await run({ ...scene, echo: noAnswer })).slice(3);
    assert.is(
      reasons[0],
      `home.example.com A: 9.9.9.9, given by --ip at ${givenAt}, was not confirmed by the stream: the next update sends it`,
    );
  });

  test("shows what --ip gave for a family that is not looked for, for programs too", async () => {
    const [exit, ipv4, ipv6 = ""] = await run({
      published: "1.2.3.4",
      served: "1.2.3.4",
      given: { ipv6: "2600::1" },
      switches: ["json"],
    });
    assert.is(exit, "exit 75");
    assert.match(ipv4 ?? "", /"verdict":"agrees"/);
    const { served: _, ...told } = JSON.parse(ipv6);
    assert.equal(told, {
      domain: "home.example.com",
      type: "AAAA",
      verdict: "unknown",
      pending: { ip: "2600::1", since: givenAt, given: true },
      reasons: [
        `2600::1, given by --ip at ${givenAt}, was not confirmed by the stream: no update sends it before it is learnt or given again`,
        "no ipv6 address learnt: it is not among families",
      ],
    });
  });

  test("names the families of an entry that leave out what --ip gave", async () => {
    const [exit, ...lines] = await run({
      domains: '{ name = "home.example.com", families = ["ipv4"] }',
      toml: `families = ["ipv4", "ipv6"]\n[ipv6]\nsources = ["check"]`,
      published: "1.2.3.4",
      served: "1.2.3.4",
      given: { ipv6: "2600::1" },
    });
    assert.is(exit, "exit 75");
    assert.is(
      lines.at(-1),
      'home.example.com AAAA: no ipv6 address learnt: this name has families = ["ipv4"] of its own',
    );
  });

  test("says no more that it will send what was given too long ago", async () => {
    const [, , , reason] = await run({
      given: { ipv4: "9.9.9.9" },
      toml: "refresh_hours = 1",
      echo: noAnswer,
    });
    assert.match(reason ?? "", /: no update sends it before it is learnt or given again$/);
  });

  test("has a row for each family in scope, and ends with the worst", async () => {
    const toml = `families = ["ipv4", "ipv6"]\n[ipv6]\nsources = ["check"]`;
    const [exit, , first, second] = await run({ published: "1.2.3.4", served: "8.8.8.8", toml });
    assert.is(exit, "exit 75");
    assert.match(first ?? "", / A .* differs since /);
    assert.match(second ?? "", / AAAA +- +- +no such record \(1 of 1\) +unknown$/);
  });
});
