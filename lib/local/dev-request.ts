import { request } from "node:http";
import type { Json, JsonObject } from "../contract/index.ts";
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
        resolve({ status: response.statusCode ?? 0, body: parse(Buffer.concat(chunks).toString("utf8")) });
      } catch (error) {
        reject(error);
      }
    });
    sent.on("error", reject).end(text);
  });
}

function parse(text: string): JsonObject | undefined {
  try {
    const value: Json = JSON.parse(text);
    return typeof value === "object" && value !== null && !Array.isArray(value) ? (value as JsonObject) : undefined;
  } catch {
    return undefined;
  }
}
