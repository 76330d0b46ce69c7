// Everything that exists in the cloud. `pulumi up` runs this.
import { createAlarms } from "./alarms.ts";
import { findBundle, loadSettings } from "./configuration.ts";
import { createDashboard } from "./dashboard.ts";
import { createDevice } from "./devices.ts";
import { createStream } from "./stream.ts";
import { createUpdater } from "./updater.ts";
import { lookUpZoneIds } from "./zones.ts";

const settings = loadSettings();
const bundlePath = findBundle(settings);
const zoneIds = await lookUpZoneIds(settings);

const stream = createStream(settings);
const updater = createUpdater({ settings, stream, zoneIds, bundlePath });
const alarms = createAlarms(settings);
const dashboard = createDashboard(settings, stream.region, alarms);
const configurations = settings.devices.map(
  (device) => [`config:${device.name}`, createDevice(device, stream, settings)] as const,
);

/** The outputs of the stack. Each `config:DEVICE` is the file that goes to that device. */
export default {
  stream: stream.name,
  region: stream.region,
  function: updater.name,
  dashboard,
  ...Object.fromEntries(configurations),
};
