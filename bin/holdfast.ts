import { main } from "../lib/cli/index.ts";

// Which Node the SDK will need one day is no news to whoever looks at a run.
process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED ??= "true";
process.exitCode = await main(process.argv.slice(2));
