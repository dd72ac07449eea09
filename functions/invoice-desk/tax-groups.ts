import { decimal, sum, toMoney } from "./money.ts";
import type { Invoice, Tax } from "./schemas.ts";

interface TaxAmounts {
  readonly taxable: string;
  readonly amount: string;
}

/** All that is taxed under one category and rate: what the invoice states, and what its lines come to. */
export interface TaxGroup {
  readonly name: string;
  readonly stated: TaxAmounts;
  readonly computed: TaxAmounts;
}

interface Part extends Tax {
  readonly taxable: string;
}

/** One group for each category and rate that a line, an allowance, a charge or a stated subtotal names. */
export function taxGroups(invoice: Invoice): TaxGroup[] {
  const parts: Part[] = [
    ...invoice.lines.map(({ tax, net }) => ({ ...tax, taxable: net })),
    ...invoice.allowancesAndCharges.map(({ tax, kind, amount }) => ({
      ...tax,
      taxable: kind === "charge" ? amount : toMoney(decimal(amount).neg()),
    })),
  ];
  const partsByTax = groupByTax(parts);
  const statedByTax = groupByTax(invoice.taxes);

  return [...groupByTax([...parts, ...invoice.taxes])].map(([name, [first]]) => {
    const taxable = sum((partsByTax.get(name) ?? []).map((part) => part.taxable));
    const stated = statedByTax.get(name) ?? [];
    return {
      name,
      stated: {
        taxable: toMoney(sum(stated.map((tax) => tax.taxable))),
        amount: toMoney(sum(stated.map((tax) => tax.amount))),
      },
      computed: { taxable: toMoney(taxable), amount: toMoney(taxable.times(first.rate).div(100)) },
    };
  });
}

function groupByTax<T extends Tax>(items: readonly T[]): Map<string, [T, ...T[]]> {
  const groups = new Map<string, [T, ...T[]]>();
  for (const item of items) {
    const name = `${item.category} at ${decimal(item.rate).toFixed()} %`;
    const group = groups.get(name);
    if (group === undefined) groups.set(name, [item]);
    else group.push(item);
  }
  return groups;
}
