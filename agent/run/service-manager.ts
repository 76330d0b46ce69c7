import { spawn } from "node:child_process";

/** What systemd is told of a service; nothing where nobody asks for it. */
export interface ServiceManager {
  readonly ready: () => void;
  readonly reloading: () => void;
  readonly status: (text: string) => void;
  /** Resolves when it is told, or a little later all the same: an end waits for nobody. */
  readonly stopping: () => Promise<void>;
  /** Tells that the service is alive; sent no more often than needed. */
  readonly alive: (ms: number) => void;
  /** How often `alive` must be called; undefined where nobody watches. */
  readonly watchdogMs: number | undefined;
}

const SEND_TIMEOUT_MS = 3_000;
const END_TIMEOUT_MS = 300;
const LONGEST_STATUS = 200;

/**
 * Speaks the protocol of sd_notify(3) where NOTIFY_SOCKET asks for it. Node has no datagram sockets of the
 * Unix kind, so `systemd-notify` sends: the message comes from another process than the service's main one,
 * and the unit needs `NotifyAccess=all`.
 */
export function createServiceManager(
  environment: NodeJS.ProcessEnv,
  warn: (message: string) => void,
): ServiceManager {
  const send = environment.NOTIFY_SOCKET ? createSender(environment, warn) : async () => {};
  const watchdogMs = environment.NOTIFY_SOCKET ? readWatchdogMs(environment) : undefined;
  let sinceMs = 0;
  let isPinging = false;
  return {
    ready: () => void send(["READY=1"]),
    // CLOCK_MONOTONIC, as Type=notify-reload wants it.
    reloading: () => void send(["RELOADING=1", `MONOTONIC_USEC=${process.hrtime.bigint() / 1000n}`]),
    status: (text) => void send([`STATUS=${text.replace(/\p{Cc}+/gu, " ").slice(0, LONGEST_STATUS)}`]),
    async stopping() {
      const { promise, resolve } = Promise.withResolvers<void>();
      const timer = setTimeout(resolve, END_TIMEOUT_MS);
      await Promise.race([send(["STOPPING=1"]), promise]);
      clearTimeout(timer);
    },
    alive(ms) {
      sinceMs += ms;
      if (watchdogMs === undefined || isPinging || sinceMs < watchdogMs) return;
      sinceMs = 0;
      isPinging = true;
      void send(["WATCHDOG=1"]).then(() => {
        isPinging = false;
      });
    },
    watchdogMs,
  };
}

/** A third of the time after which systemd would kill: one ping may get lost. */
function readWatchdogMs({ WATCHDOG_USEC, WATCHDOG_PID }: NodeJS.ProcessEnv): number | undefined {
  const microseconds = Number(WATCHDOG_USEC);
  const isOurs = !WATCHDOG_PID || Number(WATCHDOG_PID) === process.pid;
  return isOurs && microseconds > 0 ? microseconds / 3000 : undefined;
}

type Send = (assignments: readonly string[]) => Promise<void>;

/** Sends in order: one at a time. */
function createSender({ NOTIFY_SOCKET, PATH }: NodeJS.ProcessEnv, warn: (message: string) => void): Send {
  let before: Promise<void> = Promise.resolve();
  let isBroken = false;
  const sendNow = (assignments: readonly string[]) =>
    new Promise<void>((resolve) => {
      if (isBroken) return resolve();
      const child = spawn("systemd-notify", [...assignments], {
        stdio: "ignore",
        env: { NOTIFY_SOCKET, PATH },
        timeout: SEND_TIMEOUT_MS,
      });
      child.once("error", (error) => {
        isBroken = true;
        warn(`NOTIFY_SOCKET: expected systemd-notify to send to it, but ${error.message}`);
        resolve();
      });
      child.once("exit", () => resolve());
    });
  return (assignments) => {
    before = before.then(() => sendNow(assignments));
    return before;
  };
}
