// Runs pkg in a process of its own: it reads its home directory, moves to another folder and talks.
import { createRequire } from "node:module";
import type { PkgTask } from "./sea.ts";

// pkg's command and its exec() make a single executable application without any asset. The function that both end
// in takes the whole of Node's configuration.
type Sea = (
  mainPath: string,
  options: { targets: readonly PkgTask["target"][]; signature: boolean; seaConfig: PkgTask["seaConfig"] },
) => Promise<void>;

const { pkgFolder, mainPath, target, seaConfig }: PkgTask = JSON.parse(process.argv[2] ?? "");
const { default: sea }: { default: Sea } = createRequire(`${pkgFolder}/`)("@yao-pkg/pkg/lib-es5/sea.js");
await sea(mainPath, { targets: [target], signature: false, seaConfig });
