import { systemClock } from "../../lib/aws/index.ts";
import { webhookSender } from "../../lib/runtime/index.ts";
import { secrets } from "./secrets.ts";

/** For the entries of agents that name webhooks. */
export const webhooks = () => webhookSender({ secrets, clock: systemClock, post: fetch });
