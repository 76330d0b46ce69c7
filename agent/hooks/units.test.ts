import { assert, describe } from "../../scripts/describe.ts";
import { hookFiles } from "../install/hook-files.ts";
import { deadlineSeconds } from "../settle.ts";

describe("a service of systemd", (test) => {
  const trigger = { kind: "hook", interface: "wan0", hint: undefined } as const;
  for (const name of ["update-route53.service", "update-route53-run.service"]) {
    test(`has longer to start than a hook goes on: ${name}`, () => {
      const [, minutes] = /^TimeoutStartSec=(\d+)min$/m.exec(hookFiles[name] ?? "") ?? [];
      assert.ok(Number(minutes) * 60 > deadlineSeconds({ settings: {}, trigger }), minutes);
    });
  }
});
