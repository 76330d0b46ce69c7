import { createHash } from "node:crypto";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { stop as stopEsbuild } from "esbuild";
import { buildLambda } from "../scripts/build-lambda.ts";
import { assert, describe } from "../scripts/describe.ts";
import { createStackFixture, type StackFixture } from "../scripts/local/engine/stack-fixture.ts";
import { findBundle } from "./configuration.ts";

describe("pulumi up refuses, with one message and no resources,", (test) => {
  let stack: StackFixture;
  test.before(async () => {
    stack = await createStackFixture();
  });
  test.after(() => stack.remove());
  const refusals: readonly (readonly [what: string, change: object, message: RegExp])[] = [
    ["an unknown key", { devcies: [] }, /^Pulumi\.local\.yaml: devcies: unknown key$/],
    [
      "a secret, whose value it does not show",
      { devices: { secret: "hunter2" } },
      /^Pulumi\.local\.yaml: update-route53:devices: expected no secret, because no setting is one: set it again without --secret$/,
    ],
    [
      "a bundle that is not there",
      { bundle: "nowhere.mjs" },
      /^\/.*\/nowhere\.mjs: expected the function's bundle, found none: run npm run build:lambda$/,
    ],
  ];
  for (const [what, change, message] of refusals) {
    test(what, async () => {
      const { exitCode, log, resources, printed } = await stack.run({ ...change });
      assert.is(exitCode, 32);
      assert.is(printed, "");
      assert.equal(
        log.map(({ severity }) => severity),
        ["error"],
      );
      assert.match(log[0]?.message ?? "", message);
      assert.equal(
        resources.map(({ type }) => type),
        ["pulumi:pulumi:Stack"],
      );
    });
  }
});

describe("a preview of two devices that publish one name", (test) => {
  let stack: StackFixture;
  test.before(async () => {
    stack = await createStackFixture();
  });
  test.after(() => stack.remove());

  test("says so for each address family that they share", async () => {
    const devices = [
      { name: "attic", domains: ["a.example.com", "b.example.com"], families: ["ipv4"] },
      { name: "barn", domains: ["A.example.com."], families: ["ipv6", "ipv4"] },
      { name: "shed", domains: ["b.example.com"], families: ["ipv6"] },
    ];
    const { exitCode, log } = await stack.run({ devices }, { isPreview: true });
    assert.is(exitCode, 0);
    assert.equal(log, [
      {
        severity: "warning",
        message:
          "Pulumi.local.yaml: devices: both attic and barn publish a.example.com (ipv4): its address is that of the one heard last",
      },
    ]);
  });
});

describe("the function's bundle", (test) => {
  let folder: string;
  let bundle: string;
  let sources: string;
  test.before(async () => {
    folder = await mkdtemp(join(tmpdir(), "update-route53-test-"));
    bundle = await buildLambda(folder).finally(stopEsbuild);
    sources = await readFile(`${bundle}.sources`, "utf8");
  });
  test.after(() => rm(folder, { recursive: true }));
  const remedy = ": run npm run build:lambda$";

  test("is taken where it was just built", () => {
    assert.is(findBundle({ bundle }), bundle);
  });

  test("is known by all that it is made of", async () => {
    const names = sources
      .trimEnd()
      .split("\n")
      .map((line) => line.slice(66));
    const wanted = [
      "lambda/main.ts",
      "lambda/contract/fqdn.ts",
      "package-lock.json",
      "scripts/build-lambda.ts",
    ];
    for (const name of wanted) assert.ok(names.includes(name), names.join(" "));
    const sum = createHash("sha256")
      .update(await readFile("lambda/main.ts"))
      .digest("hex");
    assert.ok(sources.includes(`${sum}  lambda/main.ts\n`));
  });

  test("is refused where one of its sources has changed since, or is gone", async () => {
    const older = sources.replace(/^.*( {2}lambda\/handler\.ts)$/m, `${"0".repeat(64)}$1`);
    await writeFile(`${bundle}.sources`, older);
    const message = "/index\\.mjs: made from another lambda/handler\\.ts than the present one";
    assert.throws(() => findBundle({ bundle }), new RegExp(message + remedy));
    await writeFile(`${bundle}.sources`, `${sources}${"0".repeat(64)}  lambda/gone.ts\n`);
    assert.throws(
      () => findBundle({ bundle }),
      /: made from another lambda\/gone\.ts than the present one: /,
    );
  });

  test("is refused where nobody knows what it was made of", async () => {
    await writeFile(`${bundle}.sources`, "");
    assert.throws(
      () => findBundle({ bundle }),
      new RegExp(`: expected /.*/index\\.mjs\\.sources to be as sha256sum prints it, found ""${remedy}`),
    );
    await rm(`${bundle}.sources`);
    assert.throws(
      () => findBundle({ bundle }),
      new RegExp(`: expected /.*/index\\.mjs\\.sources, by which to know its age, found none${remedy}`),
    );
  });
});
