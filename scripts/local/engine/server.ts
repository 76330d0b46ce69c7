// A gRPC server on the loopback with the services that a Pulumi program calls.
import { EngineService, grpc, ResourceMonitorService } from "./library.ts";

/** A unary call as gRPC's library gives it, and how it is answered. */
type Handler = (
  call: { readonly request: never },
  answer: (error: object | null, response?: object) => void,
) => void;

type Calls = Readonly<Record<string, (request: never) => object>>;

export interface EngineServer {
  /** `127.0.0.1:PORT`. */
  readonly address: string;
  readonly close: () => void;
}

/** Serves both on one port. A call that has no function is answered with UNIMPLEMENTED, as by an older engine. */
export async function startEngineServer(calls: {
  readonly engineCalls: Calls;
  readonly monitorCalls: Calls;
}): Promise<EngineServer> {
  const server = new grpc.Server();
  server.addService(EngineService, handlersOf(calls.engineCalls));
  server.addService(ResourceMonitorService, handlersOf(calls.monitorCalls));
  const { promise, resolve, reject } = Promise.withResolvers<number>();
  server.bindAsync(
    "127.0.0.1:0",
    grpc.ServerCredentials.createInsecure(),
    (error: Error | null, port: number) => (error ? reject(error) : resolve(port)),
  );
  return { address: `127.0.0.1:${await promise}`, close: () => server.forceShutdown() };
}

function handlersOf(calls: Calls): Record<string, Handler> {
  return Object.fromEntries(Object.entries(calls).map(([name, call]) => [name, handlerOf(call)]));
}

function handlerOf(call: Calls[string]): Handler {
  return ({ request }, answer) => {
    try {
      answer(null, call(request));
    } catch (error) {
      answer({ code: grpc.status.UNKNOWN, details: error instanceof Error ? error.message : String(error) });
    }
  };
}
