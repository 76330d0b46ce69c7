/** Exit codes of the commands, by the names of sysexits.h. */
export const exitCode = {
  ok: 0,
  /** EX_USAGE: the command line is wrong. */
  usage: 64,
  /** EX_DATAERR: the address or name given cannot be published. */
  refused: 65,
  /** EX_UNAVAILABLE: no address could be learnt. */
  noAddress: 69,
  /** EX_SOFTWARE: a bug of ours. */
  bug: 70,
  /** EX_CANTCREAT: a file exists already or cannot be written. */
  cannotCreate: 73,
  /** EX_TEMPFAIL: could not publish now; trying again is safe and may help. */
  tryAgain: 75,
  /** EX_NOPERM: AWS refuses the credentials, for this stream or at all. */
  noPermission: 77,
  /** EX_CONFIG: something in the configuration must change. */
  configuration: 78,
} as const;

export type ExitCode = (typeof exitCode)[keyof typeof exitCode];

/** What the help says of each. */
export const exitCodeMeaning: Readonly<Record<ExitCode, string>> = {
  [exitCode.ok]: "done",
  [exitCode.usage]: "the command line is wrong",
  [exitCode.refused]: "the address or name given cannot be published",
  [exitCode.noAddress]: "no address could be learnt",
  [exitCode.bug]: "a bug in this program",
  [exitCode.cannotCreate]: "the file exists already or cannot be written",
  [exitCode.tryAgain]: "could not publish now; trying again is safe",
  [exitCode.noPermission]: "AWS refuses the credentials, for this stream or at all",
  [exitCode.configuration]: "something in the configuration must change",
};

/** A failure that we expect: it ends the command with one line and an exit code, never with a stack. */
export class ExpectedFailure extends Error {
  readonly exitCode: ExitCode;

  constructor(code: ExitCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = "ExpectedFailure";
    this.exitCode = code;
  }
}

/** Where several things failed: the first of these that occurs is the exit code of the command. */
const BY_WEIGHT: readonly ExitCode[] = [
  exitCode.bug,
  exitCode.configuration,
  exitCode.noPermission,
  exitCode.refused,
  exitCode.tryAgain,
  exitCode.noAddress,
];

/** The exit code for several results: what needs a person comes before what may pass by itself. */
export function heaviestExitCode(codes: readonly ExitCode[]): ExitCode {
  return BY_WEIGHT.find((code) => codes.includes(code)) ?? exitCode.ok;
}
