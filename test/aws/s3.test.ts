import { Readable } from "node:stream";
import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { afterAll, afterEach, describe, expect, it } from "vitest";
import { s3BlobStore } from "../../lib/aws/index.ts";
import { ErrorClass } from "../../lib/contract/index.ts";
import { classify } from "../../lib/runtime/index.ts";
import { blobStoreConformance } from "../conformance/blob-store.ts";
import { startS3, type Trouble } from "../fakes/s3-server.ts";
import { CREDENTIALS } from "../fakes/signature.ts";

const server = await startS3();
const { endpoint, objects, trouble } = server;
const configuration = { region: "eu-central-1", credentials: CREDENTIALS };
const dynamo = new DynamoDBClient(configuration);
const chance = { random: () => 0.01 };
const blobs = s3BlobStore({ client: dynamo, chance, endpoint });
afterEach(() => {
  trouble.length = 0;
});
afterAll(async () => {
  dynamo.destroy();
  await server.stop();
});

let folders = 0;
const newFolder = () => `s3://claims/folder-${++folders}/`;
const read = async (uri: string) => new TextDecoder().decode(await blobs.read(uri));

blobStoreConformance("S3 by signed requests", async () => ({ blobs, folder: newFolder() }));

describe("signed requests", () => {
  it.each(["plain.json", "a b+c&d=e.json", "über/täglich.json", "!'()*~.json", "100%25.json", "x?y#z", "a/../b//c/."])(
    "mean by %j what is listed under it",
    async (key) => {
      const folder = newFolder();
      await blobs.create(folder + key, key);
      expect(objects.has(folder.slice("s3://".length) + key)).toBe(true);
      expect(await read(folder + key)).toBe(key);
      const inside = (folder + key).lastIndexOf("/") + 1;
      expect(await blobs.list((folder + key).slice(0, inside))).toEqual([folder + key]);
    },
  );

  it("are refused when they are not signed by the right key", async () => {
    const credentials = { ...CREDENTIALS, secretAccessKey: "guessed" };
    const forger = new DynamoDBClient({ ...configuration, credentials });
    const forged = s3BlobStore({ client: forger, chance, endpoint });
    const refused = await forged.create(`${newFolder()}a`, "").catch(classify);
    expect(refused).toMatchObject({
      name: ErrorClass.Denied,
      message: expect.stringContaining("SignatureDoesNotMatch"),
      cause: { $metadata: { attempts: 1 } },
    });
    forger.destroy();
  });

  it("take no answer for a list of keys that is none", async () => {
    const requestHandler = {
      handle: async () => ({
        response: { statusCode: 200, headers: {}, body: Readable.from([Buffer.from("<html/>")]) },
      }),
    };
    const proxied = new DynamoDBClient({ ...configuration, requestHandler });
    await expect(s3BlobStore({ client: proxied, chance }).list(newFolder())).rejects.toThrow("no list of keys");
  });

  it("go to the bucket's own host in the client's region when no endpoint is given", async () => {
    const hosts: unknown[] = [];
    const requestHandler = {
      async handle({ protocol, hostname, path }: { protocol: string; hostname: string; path: string }) {
        hosts.push(`${protocol}//${hostname}${path}`);
        throw new Error("not sent");
      },
    };
    for (const region of ["eu-central-1", "cn-north-1"]) {
      const client = new DynamoDBClient({ ...configuration, region, requestHandler });
      await expect(s3BlobStore({ client, chance }).read("s3://claims/desk/a.json")).rejects.toThrow("not sent");
    }
    expect(hosts).toEqual([
      "https://claims.s3.eu-central-1.amazonaws.com/desk/a.json",
      "https://claims.s3.cn-north-1.amazonaws.com.cn/desk/a.json",
    ]);
  });
});

describe("in trouble", () => {
  const twice = (what: Trouble) => [what, what];

  it.each(["SlowDown", "InternalError", "broken before", "broken after"] as const)(
    "a read that is %s twice succeeds",
    async (what) => {
      const uri = `${newFolder()}a`;
      await blobs.create(uri, "here");
      trouble.push(...twice(what));
      const before = server.requests();
      expect(await read(uri)).toBe("here");
      expect(server.requests() - before).toBe(3);
    },
  );

  it.each(["SlowDown", "InternalError", "broken before"] as const)(
    "an object whose creation is %s twice is created",
    async (what) => {
      const uri = `${newFolder()}a`;
      trouble.push(...twice(what));
      await blobs.create(uri, "here");
      expect(await read(uri)).toBe("here");
    },
  );

  it("an object whose creation was lost is there already, with the content that it was created with", async () => {
    const uri = `${newFolder()}a`;
    trouble.push("broken after");
    await expect(blobs.create(uri, "here")).rejects.toMatchObject({ code: "blob-exists" });
    expect(await read(uri)).toBe("here");
  });

  it.each([
    ["SlowDown", ErrorClass.Throttled],
    ["InternalError", ErrorClass.Transient],
    ["broken before", ErrorClass.Transient],
  ] as const)("what is %s three times fails as %s", async (what, name) => {
    const uri = `${newFolder()}a`;
    for (const act of [() => blobs.read(uri), () => blobs.create(uri, "")]) {
      trouble.push(what, what, what);
      const before = server.requests();
      expect(classify(await act().catch((error: unknown) => error))).toMatchObject({ name });
      expect(server.requests() - before).toBe(3);
    }
  });

  it("a refusal after a request whose answer was lost says that it was not the first", async () => {
    const uri = `${newFolder()}a`;
    trouble.push("broken after", "SlowDown", "SlowDown");
    await expect(blobs.create(uri, "here")).rejects.toMatchObject({ name: "SlowDown", $metadata: { attempts: 3 } });
    expect(await read(uri)).toBe("here");
  });
});
