declare const BUILD_TIME: string | undefined;
declare const BUILD_COMMIT: string | undefined;

/** Used where the program runs from its source. */
const SOURCE_TIME = "2026-11-01T00:00:00Z";

/** When this program was built, in milliseconds of Unix time. The bundler replaces BUILD_TIME. */
export const buildTimeMs = Date.parse(typeof BUILD_TIME === "string" ? BUILD_TIME : SOURCE_TIME);

/** What was built, and when: `commit 0123456789ab of 2026-11-01`. Undefined where the program runs from its source. */
export const buildName =
  typeof BUILD_COMMIT === "string" && typeof BUILD_TIME === "string"
    ? `commit ${BUILD_COMMIT} of ${BUILD_TIME.slice(0, 10)}`
    : undefined;
