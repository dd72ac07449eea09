import { ErrorClass, HoldfastError } from "../../../lib/contract/index.ts";
import { COLUMNS } from "./columns.ts";

const permanent = (code: string, message: string) => new HoldfastError(ErrorClass.Permanent, code, message);

export const unreadable = (problem: string) =>
  permanent("erp-export-unreadable", `The ERP export ${problem}. Export it again, as CSV in UTF-8 or Latin-1.`);

export const wrongHeaders = (given: readonly string[], problem: string) => {
  const expected = Object.values(COLUMNS).map((names) => names.map((name) => `"${name}"`).join(" or "));
  const shown = given.slice(0, 30).map((header) => `"${header.slice(0, 40)}"`);
  return permanent(
    "erp-export-headers",
    `The ERP export has the headers ${shown.join(", ") || "(none)"}: ${problem}. Each of these is expected, in any order and case: ${expected.join("; ")}. Restore the header in the export, or add its new name to erp/columns.ts.`,
  );
};

export const ambiguousAmounts = (given: readonly string[]) =>
  permanent(
    "erp-export-amounts",
    `The ERP export has amounts such as ${given.map((amount) => `"${amount}"`).join(" and ")}, which leave open whether comma or dot marks the decimals. Export amounts with two decimals, all in one notation.`,
  );
