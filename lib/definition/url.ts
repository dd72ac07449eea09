import { z } from "zod";

const LOOPBACK = /^http:\/\/(localhost|127\.0\.0\.1|\[::1\])(:\d+)?(\/|$)/;

export const Url = z
  .string()
  .max(1_000)
  .regex(/^https?:\/\/[^\s@/?#{}\\]+([/?#][^\s\\]*)?$/, "must be a URL, without credentials and with a host of its own")
  .refine((url) => url.startsWith("https://") || LOOPBACK.test(url), "must be https, unless it is this machine");

/** The host of a URL, which may hold {name} after it. */
export const hostOf = (url: string): string => new URL(url.replace(/[{}]/g, "")).host;
