import { assert, describe } from "../describe.ts";
import { describeLogLine } from "./describe-log-line.ts";

const told = (logged: unknown) => describeLogLine(JSON.stringify(logged))?.join(": ");

describe("describeLogLine", (test) => {
  test("tells what Route 53 has accepted", () => {
    const names = { fqdn: "a.example", type: "A", address: "1.2.3.4" };
    assert.is(
      told({ level: "INFO", message: "applied", outcome: "applied", ...names, changeId: "C1", uuid: "u" }),
      "Route 53: a.example A 1.2.3.4 accepted, change C1, uuid u",
    );
  });

  test("tells why something was refused or failed", () => {
    assert.is(
      told({ level: "WARN", message: "not its name", outcome: "refused", uuid: "u" }),
      "Lambda: refused: not its name, uuid u",
    );
    assert.is(told({ level: "ERROR", message: "no time" }), "Lambda: ERROR: no time");
  });

  test("tells what is no JSON as it is", () => {
    assert.equal(describeLogLine("Error: it fell"), ["Lambda", "Error: it fell"]);
    assert.equal(describeLogLine("null"), ["Lambda", "null"]);
  });

  test("leaves out sums and metrics", () => {
    assert.is(told({ level: "INFO", message: "1 of 1 applied", outcome: "summary" }), undefined);
    assert.is(told({ _aws: {}, Applied: 1 }), undefined);
  });
});
