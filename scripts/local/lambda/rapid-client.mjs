// Stands in for rapid-client.node, the native part of AWS's runtime client (aws-lambda-ric), and speaks the same
// HTTP: https://docs.aws.amazon.com/lambda/latest/dg/runtimes-api.html. Loaded before it with --import.
// JavaScript, because stripping types would add 60 ms to each cold start that is measured.
import { Agent, request } from "node:http";
import { registerHooks } from "node:module";

const hooks = registerHooks({
  resolve(specifier, context, nextResolve) {
    if (specifier !== "./rapid-client.node") return nextResolve(specifier, context);
    hooks.deregister(); // The function's own imports are resolved by Node alone.
    return { url: import.meta.url, format: "module", shortCircuit: true };
  },
});

// The channel closes when the parent dies, however it dies.
process.once("disconnect", () => process.exit(1));
process.channel?.unref();

const [hostname, port] = (process.env.AWS_LAMBDA_RUNTIME_API ?? "").split(":");
const agent = new Agent({ keepAlive: true });

function call(method, path, body) {
  const { promise, resolve, reject } = Promise.withResolvers();
  const outgoing = request({ hostname, port, agent, method, path: `/2018-06-01/runtime/invocation/${path}` });
  outgoing.once("error", reject).once("response", (response) => {
    const chunks = [];
    response
      .on("data", (chunk) => chunks.push(chunk))
      .once("error", reject)
      .once("end", () => resolve({ response, text: Buffer.concat(chunks).toString() }));
  });
  outgoing.setHeader("Content-Type", "application/json");
  outgoing.end(body);
  return promise;
}

// The native client blocks until its answer is sent, and does not look at the outcome. Nothing blocks here:
// instead, the next invocation is asked for only when the answer to the last one is sent.
let answered;

export function done(requestId, body) {
  answered = call("POST", `${requestId}/response`, body).catch(() => {});
}

export function error(requestId, body) {
  answered = call("POST", `${requestId}/error`, body).catch(() => {});
}

export async function next() {
  await answered;
  const { response, text } = await call("GET", "next");
  if (response.statusCode !== 200) {
    throw new Error(`Failed to get next invocation, error ${response.statusCode}`);
  }
  return { bodyJson: text, headers: response.headers };
}
