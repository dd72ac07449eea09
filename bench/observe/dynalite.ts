import { startDynalite } from "../../test/dynalite.ts";

/** DynamoDB in a process of its own, as it is on AWS. */
const { client, table } = await startDynalite();
const { protocol, hostname, port } = (await client.config.endpoint?.()) ?? {};
process.send?.({ endpoint: `${protocol}//${hostname}:${port}`, table });
