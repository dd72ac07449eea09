import type { Party } from "../schemas.ts";
import { incomplete } from "./problems.ts";
import { all, textAt } from "./read.ts";
import type { Element } from "./xml.ts";

/** The party as the ERP knows it: by VAT number, else by legal registration, else by electronic address. */
export function readParty(party: Element): Party {
  const vat = all(party, "cac:PartyTaxScheme").find((scheme) => textAt(scheme, "cac:TaxScheme/cbc:ID") === "VAT");
  const [name] = all(party, "cac:PartyName");
  const id =
    (vat && textAt(vat, "cbc:CompanyID")) ??
    textAt(party, "cac:PartyLegalEntity/cbc:CompanyID") ??
    textAt(party, "cbc:EndpointID");
  const called = textAt(party, "cac:PartyLegalEntity/cbc:RegistrationName") ?? (name && textAt(name, "cbc:Name"));
  if (id === null) throw incomplete("cac:Party/cac:PartyTaxScheme/cbc:CompanyID");
  if (called === null || called === undefined) throw incomplete("cac:Party/cac:PartyLegalEntity/cbc:RegistrationName");
  return { id, name: called };
}
