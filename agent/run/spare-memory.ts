import { setFlagsFromString } from "node:v8";

/**
 * From now on V8 optimizes no code. Its optimizing compilers start on a process after some hundred cycles, and take up
 * to 45 MB that are not given back; a cycle every few minutes gains nothing by them. A flag of the whole binary would
 * have Node refuse the compiled code of its own modules at every start; this refuses it to what is loaded later, once.
 */
export function spareMemory(): void {
  for (const flag of ["--no-opt", "--no-maglev"]) setFlagsFromString(flag);
}
