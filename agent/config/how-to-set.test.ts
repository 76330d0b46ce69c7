import { assert, describe } from "../../scripts/describe.ts";
import { howToSet } from "./how-to-set.ts";

describe("howToSet", (test) => {
  test("names the file that was read, where a key outside of tables is one", () => {
    assert.is(
      howToSet('region = "eu-west-1"', "/x/a.toml"),
      'put region = "eu-west-1" at the top of /x/a.toml',
    );
  });

  test("names the file to make where none was read", () => {
    assert.is(
      howToSet('region = "eu-west-1"', undefined),
      'put region = "eu-west-1" at the top of a new file /etc/update-route53.toml',
    );
  });

  test("names the table", () => {
    assert.is(howToSet('name = "attic"', "a.toml", "device"), 'put name = "attic" below [device] in a.toml');
  });
});
