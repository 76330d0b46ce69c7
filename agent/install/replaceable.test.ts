import { assert, describe } from "../../scripts/describe.ts";
import { whoCanReplace } from "./replaceable.ts";

const program = { path: "/opt/ddns", uid: 0, gid: 0, mode: 0o100755 };
const directory = { path: "/opt", uid: 0, gid: 0, mode: 0o040755 };
const user = { uid: 1000, gid: 1000 };

describe("a program that root runs", (test) => {
  const cases = [
    [[program, directory], undefined],
    [[], undefined],
    [[{ ...program, ...user }, directory], "/opt/ddns belongs to user 1000"],
    [[program, { ...directory, ...user }], "/opt belongs to user 1000"],
    [[{ ...program, mode: 0o100757 }, directory], "everybody can write to /opt/ddns"],
    [[program, { ...directory, mode: 0o041777 }], "everybody can write to /opt"],
    [[program, { ...directory, gid: 1000, mode: 0o040775 }], "group 1000 can write to /opt"],
    // As Debian has /usr/local.
    [[program, { ...directory, gid: 50, mode: 0o042775 }], undefined],
    [[program, { ...directory, gid: 1000 }], undefined],
  ] as const;
  for (const [trail, expected] of cases) {
    test(`can be replaced: ${expected ?? "by nobody else"}, as of ${JSON.stringify(trail)}`, () => {
      assert.is(whoCanReplace(trail, [0]), expected);
    });
  }

  test("may belong to whoever is trusted", () => {
    assert.is(whoCanReplace([{ ...program, ...user }], [0, 1000]), undefined);
  });
});
