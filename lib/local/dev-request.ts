import { request } from "node:http";
import { type JsonObject, parseObject } from "../contract/index.ts";
import type { DevAddress } from "./dev-file.ts";

export interface DevAnswer {
  /** Of HTTP. */
  readonly status: number;
  /** Undefined where it is no JSON object. */
  readonly body: JsonObject | undefined;
}

/** Sends an operation over a connection of its own. @throws what the connection failed with. */
export function sendToDev({ endpoint, key }: DevAddress, operation: string, members: object): Promise<DevAnswer> {
  const text = JSON.stringify({ ...members, key });
  const headers = {
    "content-type": "application/x-amz-json-1.0",
    "content-length": Buffer.byteLength(text),
    "x-amz-target": `Holdfast.${operation}`,
  };
  return new Promise((resolve, reject) => {
    const sent = request(endpoint, { method: "POST", headers, agent: false }, async (response) => {
      try {
        const chunks: Uint8Array[] = [];
        for await (const chunk of response) chunks.push(chunk);
        resolve({ status: response.statusCode ?? 0, body: parseObject(Buffer.concat(chunks).toString("utf8")) });
      } catch (error) {
        reject(error);
      }
    });
    sent.on("error", reject).end(text);
  });
}
