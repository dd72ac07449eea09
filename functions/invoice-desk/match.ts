import type { StepHandler } from "../../lib/runtime/index.ts";
import { compareWithErp } from "./compare.ts";
import { readErpExport } from "./erp/index.ts";
import type { MatchInput, MatchResult } from "./schemas.ts";

/**
 * Matches the invoice against the ERP's nightly export.
 *
 * @throws `Holdfast.Permanent`: the export is too large, or not the export that is expected
 */
export const run: StepHandler<MatchInput, MatchResult> = async ({ invoice, erpExport }, context) =>
  compareWithErp(invoice, readErpExport(await context.blobs.read(erpExport)));
