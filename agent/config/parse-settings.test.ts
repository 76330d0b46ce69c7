import fc from "fast-check";
import { assert, describe } from "../../scripts/describe.ts";
import { failure } from "../../scripts/fixtures/expected-failure.ts";
import { mergeSettings, parseConfigFile, parseEnvironment, parseFlags } from "./parse-settings.ts";
import type { SettingValues } from "./settings.ts";

const fromFile = (toml: string) => parseConfigFile({ path: "a.toml", toml });

describe("parseConfigFile", (test) => {
  test("reads every kind of setting", () => {
    const values = fromFile(`
      domains = ["Home.Example.com.", "*.bücher.example"]
      stream = "s"
      region = "eu-west-1"
      access_key_id = "AKIA"
      secret_access_key = "secret"
      partition_key = "shardId-000000000000"
      families = ["ipv4", "ipv6"]
      interface = "pppoe-wan"
      check_urls = ["https://a.example/ip", "http://127.0.0.1:1/"]
    `);
    assert.equal(
      {
        ...values,
        domains: values.domains?.map(({ fqdn }) => fqdn),
        check_urls: values.check_urls?.map(String),
      },
      {
        domains: ["home.example.com.", "*.xn--bcher-kva.example."],
        stream: "s",
        region: "eu-west-1",
        access_key_id: "AKIA",
        secret_access_key: "secret",
        partition_key: "shardId-000000000000",
        families: ["ipv4", "ipv6"],
        interface: "pppoe-wan",
        check_urls: ["https://a.example/ip", "http://127.0.0.1:1/"],
      },
    );
  });

  const refused: [string, string, string][] = [
    [
      "a text without quotes",
      'stream = "a"\nregion = eu\n',
      '78 a.toml:2: expected TOML, column 10: invalid value; a text stands in double quotes, as in region = "eu-west-1"',
    ],
    [
      "a text without its closing quote",
      'domains = ["a.example]\n',
      "78 a.toml:1: expected TOML, column 23: control characters are not allowed in strings; the closing quote of a text is missing",
    ],
    [
      "a list without its closing bracket",
      'domains = ["a.example"\nstream = "a"',
      "78 a.toml:2: expected TOML, column 1: expected comma or end of structure",
    ],
    [
      "YAML",
      'domains: ["a.example"]',
      '78 a.toml:1: expected TOML, column 8: illegal character in key; a line is a key, "=" and a value, and a comment begins with #',
    ],
    [
      "a key that was added below a table",
      '[device]\nname = "attic"\nregion = "eu-west-1"',
      "78 a.toml:3: device.region: unknown key, region belongs above all tables",
    ],
    [
      "a text for a table",
      'device = "attic"',
      "78 a.toml:1: device: expected a table with name and private_key_file, got something else",
    ],
    ["a misspelt table", '[devices]\nname = "a"', "78 a.toml:1: devices: unknown key, did you mean device?"],
    ["an unknown key", '\nstreem = "a"', "78 a.toml:2: streem: unknown key, did you mean stream?"],
    ["an unknown key like no other", "zzz = 1", "78 a.toml:1: zzz: unknown key"],
    ["an unknown table", "# x\n[aws]\nregion = 1", "78 a.toml:2: aws: unknown key"],
    ["a number for a text", "\nstream = 5", "78 a.toml:2: stream: expected a Kinesis stream name, got 5"],
    [
      "a text for a list",
      'domains = "a.example"',
      '78 a.toml:1: domains: expected a list of domain names, got "a.example"',
    ],
    ["an empty list", "domains = []", "78 a.toml:1: domains: expected a list of domain names, got []"],
    [
      "a bad name",
      'domains = ["-a.example"]',
      '78 a.toml:1: domains: expected labels of letters, digits and hyphens, found "-a", got "-a.example"',
    ],
    [
      "a bad region",
      'region = "Europe"',
      '78 a.toml:1: region: expected an AWS region such as eu-west-1, got "Europe"',
    ],
    [
      "a bad family",
      'families = ["ipv5"]',
      '78 a.toml:1: families: expected a list of ipv4 and ipv6, got ["ipv5"]',
    ],
    [
      "plain HTTP to elsewhere",
      'check_urls = ["http://127.0.0.1.evil.example/"]',
      '78 a.toml:1: check_urls: expected a list of https:// and dns:// URLs, got ["http://127.0.0.1.evil.example/"]',
    ],
    [
      "a secret of another type, without repeating it",
      "secret_access_key = 12345678",
      "78 a.toml:1: secret_access_key: expected a text without spaces, got something else",
    ],
  ];
  for (const [name, toml, message] of refused) {
    test(`refuses ${name}`, () =>
      assert.is(
        failure(() => fromFile(toml)),
        message,
      ));
  }

  test("gives values or an expected failure for any text, and never repeats a secret", () => {
    const line = fc.oneof(
      fc.string({ unit: "binary" }),
      fc
        .tuple(fc.constantFrom("stream", "domains", "families", "x"), fc.json())
        .map(([key, value]) => `${key} = ${value}`),
      fc.constant('secret_access_key = ["CANARY"]'),
      fc.constant('secret_access_key = "CANARY'),
    );
    fc.assert(
      fc.property(fc.array(line), (lines) => {
        assert.not.match(
          failure(() => fromFile(lines.join("\n"))),
          /CANARY/,
        );
      }),
      { numRuns: 500 },
    );
  });
});

describe("parseEnvironment", (test) => {
  test("splits lists, and takes an empty variable as not given", () => {
    const values = parseEnvironment({
      UPDATE_ROUTE53_DOMAINS: "a.example, b.example c.example",
      UPDATE_ROUTE53_REGION: "",
      OTHER: "x",
    });
    assert.equal(values, {
      domains: ["a.example.", "b.example.", "c.example."].map((fqdn) => ({ fqdn })),
    } as unknown as SettingValues);
  });

  test("refuses what is misspelt", () => {
    assert.is(
      failure(() => parseEnvironment({ UPDATE_ROUTE53_FAMILEIS: "ipv6" })),
      "78 UPDATE_ROUTE53_FAMILEIS: unknown variable, did you mean UPDATE_ROUTE53_FAMILIES?",
    );
  });

  test("names the variable", () => {
    assert.is(
      failure(() => parseEnvironment({ UPDATE_ROUTE53_STREAM: "a b" })),
      '78 UPDATE_ROUTE53_STREAM: expected a Kinesis stream name, got "a b"',
    );
  });
});

describe("parseFlags", (test) => {
  test("ends with bad usage for a malformed value", () => {
    assert.is(
      failure(() => parseFlags({ region: ["x"] })),
      '64 --region: expected an AWS region such as eu-west-1, got "x"',
    );
  });
  test("ends with bad data for a name that cannot be published", () => {
    assert.is(
      failure(() => parseFlags({ domains: ["a.example", "b"] })),
      '65 --domain: expected a full domain name such as home.example.com, got "b"',
    );
  });
});

describe("mergeSettings", (test) => {
  test("lets the later layer win, key by key, over the defaults", () => {
    const merged = mergeSettings([{ stream: "file", region: "eu-west-1" }, { stream: "environment" }, {}]);
    assert.is(merged.stream, "environment");
    assert.is(merged.region, "eu-west-1");
    assert.equal(merged.families, ["ipv4"]);
    assert.is(merged.check_urls?.length, 3);
  });
});
