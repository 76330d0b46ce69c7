// Loaded into the kinesis-local process before its own code.
// It listens on every interface, has no option for that, and never tells which port it was given; here
// it listens on the loopback only, on ports the system chooses, and tells its plain HTTP port to its parent.
import { Server } from "node:net";

// kinesis-local calls listen(port, callback). Its TLS server has no use here, but cannot be switched off.
const plainPort = Number(process.env.KINESIS_MOCK_PLAIN_PORT);
const listen = Server.prototype.listen as (this: Server, ...args: unknown[]) => Server;

function listenOnLoopback(this: Server, port: number, ...rest: unknown[]): Server {
  this.once("listening", () => {
    const address = this.address();
    const isPlain = port === plainPort && address !== null && typeof address === "object";
    if (isPlain) process.send?.({ port: address.port });
  });
  return listen.call(this, { host: "127.0.0.1", port: 0 }, ...rest);
}

Server.prototype.listen = listenOnLoopback as typeof Server.prototype.listen;

// The channel closes when the parent dies, however it dies.
process.once("disconnect", () => process.exit(1));
process.channel?.unref();
