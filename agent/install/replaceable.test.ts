import { assert, describe } from "../../scripts/describe.ts";
import { isProgram, ROOT_ALONE, whoCanReplace } from "./replaceable.ts";

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
    [[program, { ...directory, gid: 100, mode: 0o040775 }], "group 100 can write to /opt"],
    // The mode of a link means nothing, but whose it is does.
    [[{ ...program, mode: 0o120777 }, program], undefined],
    [[{ ...program, ...user, mode: 0o120777 }, program], "/opt/ddns belongs to user 1000"],
  ] as const;
  for (const [trail, expected] of cases) {
    test(`can be replaced: ${expected ?? "by nobody else"}, as of ${JSON.stringify(trail)}`, () => {
      assert.is(whoCanReplace(trail, ROOT_ALONE), expected);
    });
  }

  test("may belong to whoever is trusted", () => {
    assert.is(
      whoCanReplace([{ ...program, ...user, mode: 0o100775 }], { users: [1000], groups: [1000] }),
      undefined,
    );
  });

  test("is a file that can be executed", () => {
    assert.ok(isProgram([directory, program]));
    for (const trail of [[], [directory], [{ ...program, mode: 0o100644 }], [{ ...program, mode: 0o120777 }]])
      assert.not.ok(isProgram(trail), JSON.stringify(trail));
  });
});
