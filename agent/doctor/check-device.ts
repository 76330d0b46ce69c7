import { openDevice } from "../install/device.ts";
import { destinationOfSettings } from "../state/destination.ts";
import type { Diagnosis } from "./diagnosis.ts";
import { type AuthoritiesFacts, judgeAuthorities } from "./judge-authorities.ts";
import { judgeConfiguration, judgeDeviceKey, judgePermissions } from "./judge-files.ts";
import { judgeHooks } from "./judge-hooks.ts";
import { judgeInstance, judgePending, judgeStateDirectory } from "./judge-state.ts";
import { type Configuration, lookAtDeviceKey, lookAtSecrets } from "./look-at-files.ts";
import { lookAtHooks } from "./look-at-hooks.ts";
import { lookAtState, lookForInstance } from "./look-at-state.ts";

/** A check by its name; it gives one line, or one for each thing it looks at. */
export interface Check {
  readonly name: string;
  readonly run: () => Promise<readonly Diagnosis[]>;
}

/** What can be told without a network. */
export function deviceChecks(configuration: Configuration, authorities: AuthoritiesFacts): readonly Check[] {
  const { settings, path } = configuration;
  const directory = settings.state_directory ?? "";
  return [
    { name: "configuration", run: async () => [judgeConfiguration(configuration)] },
    { name: "permissions", run: async () => [judgePermissions(lookAtSecrets(settings, path))] },
    { name: "device key", run: async () => [judgeDeviceKey(lookAtDeviceKey(configuration))] },
    { name: "certificate authorities", run: async () => judgeAuthorities(authorities, Date.now()) },
    {
      name: "state directory",
      async run() {
        const facts = lookAtState(directory, destinationOfSettings(settings));
        return [judgeStateDirectory(facts), ...judgePending(facts)];
      },
    },
    { name: "hooks", run: async () => [judgeHooks(lookAtHooks(openDevice("/")))] },
    { name: "other instance", run: async () => [judgeInstance(await lookForInstance(directory))] },
  ];
}
