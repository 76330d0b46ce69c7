import { assert, describe } from "../../scripts/describe.ts";
import { checkSettings } from "./check-settings.ts";
import { mergeSettings, parseConfigFile } from "./parse-settings.ts";

const check = (toml: string) =>
  checkSettings(mergeSettings([parseConfigFile({ path: "a.toml", toml })]), (key) => `<${key}>`);

describe("checkSettings", (test) => {
  const refused: [string, string, RegExp][] = [
    [
      "a name twice",
      'domains = ["a.example", { name = "A.example.", ttl = 60 }]',
      /^<domains>: expected each name once, found "a\.example\." twice for ipv4$/,
    ],
    [
      "a name of no family that is wanted",
      'domains = ["a.example", { name = "b.example", families = ["ipv6"] }]',
      /^<domains>: expected a family that families lists \(ipv4\), found only ipv6 for "b\.example"$/,
    ],
    [
      "a service with two votes",
      'check_urls = ["https://a.example", "https://A.example/"]',
      /^<check_urls>: expected each URL once, found "https:\/\/a\.example\/" twice$/,
    ],
    [
      "a quorum that cannot be reached",
      'check_urls = ["https://a.example"]\nquorum = 2',
      /^<quorum>: expected at most 1, as many as there are check_urls, got 2$/,
    ],
  ];
  for (const [name, toml, message] of refused) {
    test(`refuses ${name}`, () => assert.throws(() => check(toml), message));
  }

  test("accepts a name twice for different families", () => {
    check(`families = ["ipv4", "ipv6"]
      domains = [{ name = "a.example", families = ["ipv4"] }, { name = "a.example", families = ["ipv6"], ttl = 60 }]`);
  });
});
