declare const BUILD_TIME: string | undefined;

/** Used where the program runs from its source. */
const SOURCE_TIME = "2026-11-01T00:00:00Z";

/** When this program was built, in milliseconds of Unix time. The bundler replaces BUILD_TIME. */
export const buildTimeMs = Date.parse(typeof BUILD_TIME === "string" ? BUILD_TIME : SOURCE_TIME);
