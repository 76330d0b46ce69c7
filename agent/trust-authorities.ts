import { type Authorities, refusal } from "./config/authorities.ts";

/** What Node believes by itself, once it was asked. */
let own: readonly string[] | undefined;
let trusted = "";

/**
 * Believes these certificate authorities besides Node's own, and no others that were believed before: from now on, in
 * the whole process, so that what the AWS SDK asks for credentials is reached as the stream and the echo services are.
 * @throws {ExpectedFailure} 78 where one is no certificate
 */
export function trustAuthorities(authorities: Authorities | undefined): void {
  const certificates = authorities?.certificates ?? [];
  const wanted = certificates.join("\n");
  if (wanted === trusted) return;
  // Not loaded for the runs that need no network, or believe only what Node believes.
  const { getCACertificates, setDefaultCACertificates } = process.getBuiltinModule("node:tls");
  own ??= getCACertificates("default");
  try {
    setDefaultCACertificates([...own, ...certificates]);
  } catch (error) {
    throw refusal(authorities?.path ?? "", "one that cannot be read", error);
  }
  trusted = wanted;
}
