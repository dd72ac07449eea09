import { SFNClient } from "@aws-sdk/client-sfn";
import { adapt } from "./adapt.ts";
import { MINISTACK } from "./endpoint.ts";
import { releaseByHand } from "./release.ts";

/** `adapt <cloud assembly> [assembly deployed before]` and `release`: what ministack needs around `cdk deploy`. */
const [command, assembly, before] = process.argv.slice(2);
if (command === "adapt" && assembly !== undefined) {
  await adapt(assembly, MINISTACK, before);
} else if (command === "release") {
  await releaseByHand(new SFNClient({}));
} else {
  console.error("Usage: ministack.ts adapt <cloud assembly> [assembly deployed before] | ministack.ts release");
  process.exitCode = 2;
}
