import { checkSettings } from "../agent/config/check-settings.ts";
import { parseConfigFile } from "../agent/config/parse-settings.ts";
import { assert, describe } from "../scripts/describe.ts";
import { deviceToml } from "./device-toml.ts";
import { settingsOf } from "./settings-fixture.ts";

const ACCESS = {
  stream: "update-route53",
  region: "eu-west-1",
  accessKeyId: "AKIAIOSFODNN7EXAMPLE",
  // Secret access keys have characters of base64.
  secretAccessKey: "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY",
};

/** As the agent reads it, with the checks of one setting against the other. */
function readAsAgent(toml = "") {
  const values = parseConfigFile({ path: "a.toml", toml });
  checkSettings(values, String);
  return values;
}

describe("the configuration file of a device", (test) => {
  const [attic, shed] = settingsOf().devices.map((device) => deviceToml(device, ACCESS));

  test("reads well", () => {
    assert.is(
      shed,
      `# shed: has a secret in it, so /etc/update-route53.toml with mode 0600.
domains = ["shed.kept.org"]
families = ["ipv4"]
stream = "update-route53"
region = "eu-west-1"
access_key_id = "AKIAIOSFODNN7EXAMPLE"
secret_access_key = "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY"

[device]
name = "shed"
private_key_file = "/etc/update-route53.key"
`,
    );
  });

  test("is accepted by the agent as it is", () => {
    const { domains, ...others } = readAsAgent(attic);
    assert.equal(domains, [{ fqdn: "attic.home.kept.dev." }]);
    assert.equal(others, {
      families: ["ipv4"],
      stream: "update-route53",
      region: "eu-west-1",
      access_key_id: ACCESS.accessKeyId,
      secret_access_key: ACCESS.secretAccessKey,
      "device.name": "attic",
    });
  });

  test("has the canonical form of names, and all families", () => {
    const devices = [
      {
        name: "a.b-c_d",
        domains: ["BÜCHER.kept.org.", "*.kept.org"],
        publishes: ["BÜCHER.kept.org.", "*.kept.org"],
        families: ["ipv4", "ipv6"],
      },
    ];
    const [toml] = settingsOf({ devices }).devices.map((device) => deviceToml(device, ACCESS));
    const { domains, families } = readAsAgent(toml);
    assert.equal(
      domains?.map(({ fqdn }) => fqdn),
      ["xn--bcher-kva.kept.org.", "*.kept.org."],
    );
    assert.equal(families, ["ipv4", "ipv6"]);
  });

  test("keeps the region that no agent would know as a text", () => {
    const [device] = settingsOf().devices;
    if (!device) throw new Error("expected a device");
    const toml = deviceToml(device, { ...ACCESS, region: 'a"b\\\n' });
    assert.throws(
      () => readAsAgent(toml),
      /^a\.toml:5: region: expected an AWS region such as eu-west-1, got "a\\"b\\\\\\n"$/,
    );
  });
});
