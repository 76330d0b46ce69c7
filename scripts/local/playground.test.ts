import { assert, describe } from "../describe.ts";
import { runAgent } from "./agent-process.ts";
import { queryDns } from "./dns/query.ts";
import { startDnsServer } from "./dns/server.ts";
import { type Playground, startPlayground } from "./playground.ts";
import { createStore } from "./route53/store.ts";

const domain = "home.example.com";

describe("the agent, with the whole local cloud,", (test) => {
  let playground: Playground;
  let address = "1.2.3.4";
  test.before(async () => {
    playground = await startPlayground({ domain, zone: "example.com", publicAddress: () => address });
  });
  test.after(() => playground.close());

  const agent = (...args: string[]) => {
    const { device, cloud } = playground;
    const nameServer = `${cloud.nameServer.host}:${cloud.nameServer.port}`;
    return runAgent(
      [...args, "--config", device.configPath, "--name-server", nameServer],
      device.environment,
    );
  };
  const answer = async (name = domain) => {
    const { host, port } = playground.cloud.nameServer;
    return (await queryDns({ host, port, name, type: "A" })).values.join();
  };

  test("waits until the name servers answer the new address", async () => {
    const { exitCode, stdout, stderr } = await agent("update", "--wait");
    assert.is(stderr, "");
    assert.is(exitCode, 0);
    assert.match(
      stdout,
      /^home\.example\.com A 1\.2\.3\.4 accepted [^\n]*\nhome\.example\.com A 1\.2\.3\.4 visible on all name servers after \d+\.\d s\n$/,
    );
    assert.is(await answer(), "1.2.3.4");
  });

  test("says that all agree, and no longer once the address has changed", async () => {
    const same = await agent("status", "--json");
    assert.is(same.exitCode, 0, same.stdout + same.stderr);
    address = "8.8.8.8";
    assert.is((await agent("status")).exitCode, 75);
    assert.is((await agent("update", "--wait", "--json")).exitCode, 0);
    assert.is((await agent("status")).exitCode, 0);
    assert.is(await answer(), "8.8.8.8");
  });

  test("moves no name but the one that the function is told", async () => {
    const { exitCode } = await agent("update", "--domain", "other.example.com", "--force");
    assert.is(exitCode, 0);
    await playground.cloud.mapping.idle();
    assert.is(await answer("other.example.com"), "");
    assert.ok(
      playground.cloud.function.logLines.some((line) => line.includes('"reason":"name-not-allowed"')),
    );
  });

  test("blames the stream where it is misspelt, which IAM denies as any other", async () => {
    const { exitCode, stderr } = await agent("update", "--stream", "update-rout53", "--force");
    assert.is(exitCode, 77);
    const said =
      "AccessDeniedException: User: arn:aws:iam::000000000000:user/[^ ]+ is not authorized to perform: kinesis:PutRecord on resource: arn:aws:kinesis:[^ ]+:000000000000:stream/update-rout53 because no identity-based policy allows the kinesis:PutRecord action";
    const told =
      "this key may not put records on stream update-rout53 in [^ ]+; check stream and region, or the key and its policy";
    assert.match(
      stderr,
      new RegExp(
        `^error: home\\.example\\.com A 8\\.8\\.8\\.8 not published: ${told} \\(${said}\\), uuid [^ ]+\n$`,
      ),
    );
  });

  test("does not claim that a name is visible where it is not", async () => {
    const empty = await startDnsServer({ store: createStore([{ name: "example.com" }]) });
    const args = ["update", "--wait", "--force", "--deadline", "3", "--config", playground.device.configPath];
    const nameServer = ["--name-server", `${empty.host}:${empty.port}`];
    const { exitCode, stdout, stderr } = await runAgent(
      [...args, ...nameServer],
      playground.device.environment,
    );
    await empty.close();
    assert.is(exitCode, 75);
    assert.match(stdout, /^home\.example\.com A 8\.8\.8\.8 accepted by the stream, [^\n]*\n$/);
    assert.match(
      stderr,
      /^error: home\.example\.com A 8\.8\.8\.8 accepted by the stream, not yet visible \(.*no such record\)\n$/,
    );
  });
});
