import { assert, describe } from "../../scripts/describe.ts";
import { checkLogVariable, chooseLog } from "./choose.ts";

describe("chooseLog", (test) => {
  const onTerminal = (argv: string[], environment = {}) => chooseLog(argv, environment, () => true).format;
  const piped = (argv: string[], environment = {}) => chooseLog(argv, environment, () => false).format;

  test("has colours on a terminal that wants them, and nowhere else", () => {
    assert.is(onTerminal([]), "human");
    assert.is(onTerminal([], { NO_COLOR: "" }), "human");
    assert.is(onTerminal([], { NO_COLOR: "0" }), "plain");
    assert.is(onTerminal([], { TERM: "dumb" }), "plain");
    assert.is(onTerminal(["--log", "plain"]), "plain");
    assert.is(piped([]), "plain");
    assert.is(piped(["--log", "human"]), "plain");
  });

  test("takes the flag in both spellings, and before the environment", () => {
    const environment = { UPDATE_ROUTE53_LOG: "json" };
    assert.is(piped(["ip"], environment), "json");
    assert.is(piped(["ip", "--log", "syslog"], environment), "syslog");
    assert.is(piped(["ip", "--log=syslog"], environment), "syslog");
  });

  test("passes over what is no format, for others to refuse", () => {
    for (const argv of [["--log"], ["--log="], ["--log", "xml"], ["--logs=json"]]) {
      assert.is(piped(argv), "plain");
      assert.is(piped(argv, { UPDATE_ROUTE53_LOG: "syslog" }), "syslog");
    }
    assert.is(onTerminal([], { UPDATE_ROUTE53_LOG: "xml" }), "human");
  });

  test("says more or less as asked", () => {
    const lowest = (...argv: string[]) => chooseLog(argv, {}, () => true).lowest;
    assert.equal([lowest(), lowest("--verbose"), lowest("--quiet")], ["info", "debug", "error"]);
  });
});

describe("checkLogVariable", (test) => {
  test("refuses a format that does not exist", () => {
    assert.throws(
      () => checkLogVariable({ UPDATE_ROUTE53_LOG: "xml" }),
      /^UPDATE_ROUTE53_LOG: expected one of human, plain, json, syslog, got "xml"$/,
    );
  });
  test("takes one that does, and none", () => {
    for (const text of [undefined, "", "json"]) checkLogVariable({ UPDATE_ROUTE53_LOG: text });
  });
});
