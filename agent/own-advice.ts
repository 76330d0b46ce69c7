/** What Node adds to some messages about certificates is for who starts Node; for who configures this program it is this. */
export function ownAdvice(message: string): string {
  return message.replace(
    /; if the root CA is installed locally, try running Node\.js with --use-system-ca/,
    ", see ca_file",
  );
}
