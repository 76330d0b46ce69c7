import type { Device } from "./device.ts";
import { LIBRARY, mechanisms } from "./mechanisms.ts";
import type { Choice } from "./plan-install.ts";

/** What `install` was told when it wrote what is on the device; nothing where it never did. */
export function installedChoice({ text }: Device): Choice {
  const notify = text(`${LIBRARY}/notify`);
  const [, agent = ""] = /^agent=(.+)$/m.exec(notify) ?? [];
  const [, names = ""] = /^interfaces="(.*)"$/m.exec(notify) ?? [];
  const services = mechanisms.flatMap(({ commands }) => (commands ? [text(commands.about)] : []));
  return {
    agent,
    interfaces: names.split(" ").filter(Boolean),
    isDaemon: services.some((service) => / run --log /.test(service)),
  };
}
