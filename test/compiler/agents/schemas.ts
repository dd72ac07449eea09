import { z } from "zod";

export const Order = z.object({
  id: z.string(),
  total: z.number(),
  note: z.string().optional(),
  due: z.iso.datetime(),
  lines: z.array(z.object({ sku: z.string(), parts: z.array(z.string()).max(2) })).max(3),
});

export const Verdict = z.object({ ok: z.boolean(), reason: z.string().nullable(), score: z.number().optional() });

export const desk = { tiers: [{ audience: "desk", within: "4h" }] };

/** What every agent here has in common. */
export const about = { purpose: "Shows how its steps compile.", input: Order };
