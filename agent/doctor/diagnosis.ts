import { type ExitCode, exitCode, heaviestExitCode } from "../exit-code.ts";

/** `unknown`: could not be confirmed, and nothing says that it is wrong. */
export type Status = "ok" | "warning" | "problem" | "unknown";

/** One line of the doctor: what was looked at, what was found, and what to do about it. */
export interface Diagnosis {
  readonly check: string;
  readonly status: Status;
  readonly found: string;
  /** For anything but `ok`: what a person can do now. */
  readonly fix?: string;
  /** Of a problem: how a command ends that meets it. */
  readonly exitCode?: ExitCode;
  /** Words in the line that tell whose it is, and do not show by their form. */
  readonly names?: readonly string[];
}

type Told = Omit<Diagnosis, "status" | "exitCode"> & { readonly fix: string };

export const ok = (told: Omit<Diagnosis, "status" | "exitCode" | "fix">): Diagnosis => ({
  ...told,
  status: "ok",
});
export const warning = (told: Told): Diagnosis => ({ ...told, status: "warning" });
export const unknown = (told: Told): Diagnosis => ({ ...told, status: "unknown" });
export const problem = (code: ExitCode, told: Told): Diagnosis => ({
  ...told,
  status: "problem",
  exitCode: code,
});

/** The exit code of the worst problem; 0 where there is none. */
export function doctorExitCode(diagnoses: readonly Diagnosis[]): ExitCode {
  return heaviestExitCode(diagnoses.map((diagnosis) => diagnosis.exitCode ?? exitCode.ok));
}

/** One line for a person. */
export function formatDiagnosis({ check, status, found, fix }: Diagnosis): string {
  return `${status.padEnd(7)}  ${check}: ${found}${fix === undefined ? "" : ` - to do: ${fix}`}`;
}

/** One line of JSON for a program. */
export function encodeDiagnosis({ names: _, ...told }: Diagnosis): string {
  return JSON.stringify(told);
}
