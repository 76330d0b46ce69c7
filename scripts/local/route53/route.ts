// Which operation a request is, and the input members in its path and query: read off the operation schemas that the
// SDK exports for its own use, so that no URI, element or parameter name is written here.
// https://smithy.io/2.0/spec/http-bindings.html
import * as sdk from "@aws-sdk/client-route-53";
import { invalidInput, Route53Error } from "./error.ts";

export type OperationSchema = typeof sdk.GetChange$;
export type StructureSchema = typeof sdk.ChangeInfo$;

/** What the SDK's schemas call a long or integer, as the schema of a member. */
const NUMERIC_SCHEMA = 1;

interface Route {
  readonly operation: string;
  readonly method: string;
  readonly path: RegExp;
  readonly labels: readonly string[];
  readonly schema: OperationSchema;
}

export interface MatchedRoute {
  readonly operation: string;
  readonly schema: OperationSchema;
  /** The members bound to the path and the query. */
  readonly input: Record<string, unknown>;
}

const routes: readonly Route[] = Object.values(sdk).flatMap((exported) =>
  isOperationSchema(exported) ? routeOf(exported) : [],
);

/** @throws UnknownOperationException where Route 53 has no such operation, InvalidInput for a parameter it cannot read. */
export function matchRoute(method: string, target: string): MatchedRoute {
  const url = new URL(target, "http://route53.invalid");
  for (const route of routes) {
    const labels = route.method === method ? route.path.exec(url.pathname) : null;
    if (!labels) continue;
    const fromPath = route.labels.map((label, index) => [label, decodeLabel(labels[index + 1] ?? "")]);
    const input = { ...decodeQuery(route.schema, url.searchParams), ...Object.fromEntries(fromPath) };
    return { operation: route.operation, schema: route.schema, input };
  }
  throw new Route53Error("UnknownOperationException", 404, [`${method} ${url.pathname} is no operation`]);
}

/** The structure an operation takes (its input) or answers (its output). */
export function structureOf(schema: OperationSchema, side: "input" | "output"): StructureSchema {
  const reference = schema[side === "input" ? 4 : 5];
  return (typeof reference === "function" ? reference() : reference) as StructureSchema;
}

function routeOf(schema: OperationSchema): Route {
  const [method = "", template = ""] = (traitsOf(schema[3]).http ?? []) as string[];
  const labels = [...template.matchAll(/\{(\w+)\+?\}/g)].map(([, label]) => label ?? "");
  const pattern = template.replace(/\{\w+\+?\}/g, "([^/]+)");
  return { operation: schema[2], method, path: new RegExp(`^${pattern}/?$`), labels, schema };
}

function decodeQuery(schema: OperationSchema, query: URLSearchParams): Record<string, unknown> {
  const [, , , , names, members] = structureOf(schema, "input");
  const input: Record<string, unknown> = {};
  for (const [index, name] of names.entries()) {
    const member: unknown = members[index];
    const [type, traits] = Array.isArray(member) ? member : [member, 0];
    const parameter = traitsOf(traits).httpQuery;
    const text = typeof parameter === "string" ? query.get(parameter) : null;
    if (text === null) continue;
    input[name] = type === NUMERIC_SCHEMA ? decodeNumber(String(parameter), text) : text;
  }
  return input;
}

function decodeNumber(parameter: string, text: string): number {
  if (/^-?\d{1,15}$/.test(text)) return Number(text);
  throw invalidInput(`Invalid request: ${parameter} must be an integer, got ${JSON.stringify(text)}`);
}

function decodeLabel(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    throw invalidInput(`Invalid request: the path holds ${JSON.stringify(text)}`);
  }
}

/** Traits are an object, or a number of bits where none has a value. */
function traitsOf(traits: unknown): Record<string, unknown> {
  return typeof traits === "object" && traits !== null ? (traits as Record<string, unknown>) : {};
}

function isOperationSchema(exported: unknown): exported is OperationSchema {
  return Array.isArray(exported) && exported[0] === 9;
}
