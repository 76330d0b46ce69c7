import { assert, describe } from "../../scripts/describe.ts";
import { judgeAuthorities } from "./judge-authorities.ts";

const NOW = Date.parse("2027-01-02T03:04:05Z");
const named = (...names: string[]) => names.map((name) => ({ name, validToMs: NOW }));
const judge = (names: readonly string[], nowMs: number) =>
  judgeAuthorities(
    { kind: "believed", path: "/ca.pem", isWritableByOthers: false, authorities: named(...names) },
    nowMs,
  );

describe("the doctor, of certificate authorities,", (test) => {
  test("names a few, and counts many", () => {
    const found = (...names: string[]) => judge(names, NOW)[0]?.found;
    assert.is(found("A", 'B "b"'), `/ca.pem: believed besides Node's own: "A", "B \\"b\\""`);
    assert.is(found("A", "B", "C", "D"), "/ca.pem: believed besides Node's own: 4 authorities");
  });

  test("warns of one that expired a millisecond ago, and hides its name in a report for the public", () => {
    assert.equal(judge(["A"], NOW + 1), [
      {
        check: "certificate authorities",
        status: "warning",
        found: '/ca.pem: expired, so that nothing is believed by it: "A"',
        fix: "get the new certificate from whoever runs the authority",
        names: ["A"],
      },
    ]);
  });

  test("says nothing where none is configured", () =>
    assert.equal(judgeAuthorities({ kind: "none" }, NOW), []));
});
