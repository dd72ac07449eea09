import { beforeEach, describe, expect, it } from "vitest";
import { ErrorClass } from "../../lib/contract/index.ts";
import type { BlobStore } from "../../lib/ports/index.ts";

export interface OpenedBlobs {
  readonly blobs: BlobStore;
  /** URI of an empty folder; ends with a slash. */
  readonly folder: string;
}

/** What every BlobStore must do, whatever it is built on. */
export function blobStoreConformance(name: string, open: () => Promise<OpenedBlobs>): void {
  objectConformance(name, open);

  describe(`${name} as a list of objects`, () => {
    it("names the objects directly in a folder whose names start so, sorted, however many there are", async () => {
      const { blobs, folder } = await open();
      for (const key of ["b-2", "b-1", "a-1", "b-3", "b-4", "b-5"]) await blobs.create(`${folder}${key}`, key);
      await blobs.create(`${folder}b-inside/b-6`, "");
      const named = (...keys: string[]) => keys.map((key) => `${folder}${key}`);
      expect(await blobs.list(folder)).toEqual(expect.arrayContaining(named("a-1", "b-1", "b-2", "b-3", "b-4", "b-5")));
      expect(await blobs.list(folder, "b-")).not.toContain(`${folder}a-1`);
      expect(await blobs.list(folder, "b-")).not.toContain(`${folder}b-inside/b-6`);
      expect(await blobs.list(folder.slice(0, -1), "a")).toEqual(named("a-1"));
    });

    it("is empty where there is no folder", async () => {
      const { blobs, folder } = await open();
      expect(await blobs.list(`${folder}nowhere/`)).toEqual([]);
    });
  });
}

function objectConformance(name: string, open: () => Promise<OpenedBlobs>): void {
  describe(`${name} as blobs`, () => {
    let blobs: BlobStore;
    let folder = "";
    beforeEach(async () => {
      ({ blobs, folder } = await open());
    });
    const text = async (uri: string) => new TextDecoder().decode(await blobs.read(uri));

    it("gives back exactly what was created, text or bytes", async () => {
      const bytes = Uint8Array.from({ length: 1_000 }, (_, index) => index % 256);
      await blobs.create(`${folder}bytes`, bytes);
      expect(Buffer.from(await blobs.read(`${folder}bytes`))).toEqual(Buffer.from(bytes));
      await blobs.create(`${folder}text`, 'é "quoted" \u0000 {}');
      expect(await text(`${folder}text`)).toBe('é "quoted" \u0000 {}');
      await blobs.create(`${folder}empty`, "");
      expect(await text(`${folder}empty`)).toBe("");
    });

    it("creates an object once, and never overwrites it", async () => {
      const uri = `${folder}once`;
      await blobs.create(uri, "first");
      await expect(blobs.create(uri, "second")).rejects.toMatchObject({
        name: ErrorClass.Permanent,
        code: "blob-exists",
        message: expect.stringContaining(uri),
      });
      expect(await text(uri)).toBe("first");
    });

    it("lets one of many that create the same object at once succeed", async () => {
      const uri = `${folder}raced`;
      const all = await Promise.allSettled(["a", "b", "c", "d"].map((body) => blobs.create(uri, body)));
      expect(all.filter(({ status }) => status === "fulfilled")).toHaveLength(1);
      expect(["a", "b", "c", "d"][all.findIndex(({ status }) => status === "fulfilled")]).toBe(await text(uri));
    });

    it("does not find what was never created", async () => {
      await expect(blobs.read(`${folder}nothing`)).rejects.toMatchObject({
        name: ErrorClass.Permanent,
        code: "blob-not-found",
        message: expect.stringContaining(`${folder}nothing`),
      });
    });

    it("refuses objects that are larger than allowed, 10 MiB where nothing is said", async () => {
      const uri = `${folder}large`;
      await blobs.create(uri, new Uint8Array(10 * 1_024 * 1_024 + 1));
      await expect(blobs.read(uri)).rejects.toMatchObject({ name: ErrorClass.Permanent, code: "blob-too-large" });
      expect((await blobs.read(uri, { maxBytes: 11 * 1_024 * 1_024 })).length).toBe(10 * 1_024 * 1_024 + 1);
      await blobs.create(`${folder}small`, "1234");
      await expect(blobs.read(`${folder}small`, { maxBytes: 3 })).rejects.toMatchObject({ code: "blob-too-large" });
      expect(await blobs.read(`${folder}small`, { maxBytes: 4 })).toHaveLength(4);
    });

    it.each(["http://example.com/a", "ftp://bucket/key", "", "no-uri"])("refuses the URI %j", async (uri) => {
      const refusal = { name: ErrorClass.Permanent, code: "blob-scheme" };
      await expect(blobs.read(uri)).rejects.toMatchObject(refusal);
      await expect(blobs.create(uri, "")).rejects.toMatchObject(refusal);
    });
  });
}
