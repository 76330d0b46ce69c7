import { X509Certificate } from "node:crypto";
import { loadAuthorities } from "../config/authorities.ts";
import { isWritableByOthers } from "../config/config-file.ts";
import type { SettingValues } from "../config/settings.ts";
import { trustAuthorities } from "../trust-authorities.ts";
import type { AuthoritiesFacts, AuthorityFact } from "./judge-authorities.ts";
import { expect } from "./look-at-files.ts";

/** Reads and believes the authorities that are configured, for this and all other checks. */
export function lookAtAuthorities({ ca_file }: SettingValues): AuthoritiesFacts {
  try {
    const authorities = loadAuthorities(ca_file);
    trustAuthorities(authorities);
    if (authorities === undefined) return { kind: "none" };
    const { path, certificates } = authorities;
    return {
      kind: "believed",
      path,
      isWritableByOthers: isWritableByOthers(path),
      authorities: certificates.map(readAuthority),
    };
  } catch (error) {
    return { kind: "failure", failure: expect(error) };
  }
}

function readAuthority(pem: string): AuthorityFact {
  const { subject, valid_to } = new X509Certificate(pem).toLegacyObject();
  const name = subject.CN ?? subject.O ?? "";
  return { name: Array.isArray(name) ? name.join(" ") : name, validToMs: Date.parse(valid_to) };
}
