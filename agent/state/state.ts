import { addressFamily, type Family } from "../../lambda/contract/address.ts";
import type { Fqdn } from "../../lambda/contract/fqdn.ts";

/** What the stream has acknowledged for one name and family. */
export interface PublishedEntry {
  readonly ip: string;
  readonly ttlSeconds?: number;
  readonly publishedAtMs: number;
  /** When to publish it again although nothing changed. */
  readonly refreshAtMs: number;
}

/** What could not be published yet. */
export interface PendingEntry {
  readonly ip: string;
  readonly sinceMs: number;
  /** A person gave it: no source need know it again. */
  readonly isGiven?: true;
}

/** What this device remembers, by name and family. */
export interface State {
  readonly published: ReadonlyMap<string, PublishedEntry>;
  readonly pending: ReadonlyMap<string, PendingEntry>;
}

export const emptyState: State = { published: new Map(), pending: new Map() };

const VERSION = 1;

export function stateKey(fqdn: Fqdn, family: Family): string {
  return `${fqdn} ${family}`;
}

export type ParsedState = { readonly state: State; readonly problem?: string };

/**
 * Reads the text of a state file. Anything but what `encodeState` wrote is an empty state and a problem:
 * the worst that comes of it is one more publication.
 * @param destination the stream it must be about: what another stream was told says nothing
 */
export function parseState(text: string, destination: string): ParsedState {
  const empty = (problem: string): ParsedState => ({ state: emptyState, problem });
  let file: unknown;
  try {
    file = JSON.parse(text);
  } catch {
    return empty("it is not JSON");
  }
  if (!isObject(file) || file.version !== VERSION) return empty("it is of another version");
  if (file.destination !== destination) return { state: emptyState };
  const published = readEntries<PublishedEntry>(file.published, isPublishedEntry);
  const pending = readEntries<PendingEntry>(file.pending, isPendingEntry);
  return published && pending ? { state: { published, pending } } : empty("an entry is malformed");
}

export function encodeState({ published, pending }: State, destination: string): string {
  const file = {
    version: VERSION,
    destination,
    published: Object.fromEntries(published),
    pending: Object.fromEntries(pending),
  };
  return `${JSON.stringify(file, null, 1)}\n`;
}

type Fields = Readonly<Record<string, unknown>>;

function isObject(value: unknown): value is Fields {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function readEntries<T>(value: unknown, isEntry: (entry: Fields) => boolean): Map<string, T> | undefined {
  if (!isObject(value)) return undefined;
  const entries = Object.entries(value);
  if (!entries.every(([key, entry]) => isObject(entry) && isAddressOf(entry.ip, key) && isEntry(entry)))
    return undefined;
  return new Map(entries as [string, T][]);
}

/** Whether it is an address of the family that the key names. */
function isAddressOf(ip: unknown, key: string): boolean {
  const family = typeof ip === "string" ? addressFamily(ip) : undefined;
  return family !== undefined && key.endsWith(` ${family}`);
}

function isPublishedEntry({ ttlSeconds, publishedAtMs, refreshAtMs }: Fields): boolean {
  const isTtl = ttlSeconds === undefined || Number.isInteger(ttlSeconds);
  return isTtl && Number.isFinite(publishedAtMs) && Number.isFinite(refreshAtMs);
}

function isPendingEntry({ sinceMs, isGiven }: Fields): boolean {
  return Number.isFinite(sinceMs) && (isGiven === undefined || isGiven === true);
}
