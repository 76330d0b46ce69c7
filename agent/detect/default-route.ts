/** Linux: RTF_UP and RTF_REJECT of <linux/route.h>. */
const UP = 0x1;
const REJECT = 0x200;

interface Route {
  readonly name: string;
  readonly metric: number;
}

/** The interface of the IPv4 default route, from the text of /proc/net/route; undefined without one. */
export function ipv4DefaultInterface(text: string): string | undefined {
  return best(
    text.split("\n").map((line) => {
      const [name = "", destination, , flags = "0", , , metric = "0", mask] = line.trim().split(/\s+/);
      const isDefault = destination === "00000000" && mask === "00000000";
      return isDefault && isUsable(flags) ? { name, metric: Number(metric) } : undefined;
    }),
  );
}

/** The interface of the IPv6 default route, from the text of /proc/net/ipv6_route; undefined without one. */
export function ipv6DefaultInterface(text: string): string | undefined {
  return best(
    text.split("\n").map((line) => {
      const [destination = "", length, , , , metric = "0", , , flags = "0", name = ""] = line
        .trim()
        .split(/\s+/);
      const isDefault = /^0{32}$/.test(destination) && length === "00";
      return isDefault && isUsable(flags) ? { name, metric: Number.parseInt(metric, 16) } : undefined;
    }),
  );
}

function isUsable(hexFlags: string): boolean {
  const flags = Number.parseInt(hexFlags, 16);
  return (flags & UP) !== 0 && (flags & REJECT) === 0;
}

/** The kernel takes the route with the lowest metric, and of equals the first. */
function best(routes: readonly (Route | undefined)[]): string | undefined {
  return routes.filter((route) => route !== undefined).sort((a, b) => a.metric - b.metric)[0]?.name;
}
