import { defineAgent, eq, escalate, ladder, onEvent, tier, ungated } from "../../lib/definition/index.ts";
import { Invoice, InvoiceReceived, MatchResult, Notification, Payment } from "./schemas.ts";

export const invoiceDesk = defineAgent({
  name: "invoice-desk",
  purpose: "Match supplier invoices to purchase orders and propose their payment to the ERP.",
  owners: { business: "ap-lead@example.com", service: "agents-oncall@example.com" },
  success: [{ metric: "completion", atLeast: 0.95 }],
  runbook: "https://runbooks.example.com/holdfast",
  input: InvoiceReceived,
  triggers: [onEvent({ source: "erp.invoices", detailType: "InvoiceReceived", dedupeBy: "invoiceId" })],
  budget: { usd: 0.5, steps: 60, wallClock: "7d" },
  escalations: {
    clerks: ladder([tier("ap-clerks", { within: "4h" }), tier("ap-lead", { within: "1d" })], {
      otherwise: "compensate",
    }),
  },
})
  .step("extract", {
    handler: "./extract.ts",
    effect: "read",
    needs: [{ bucket: "invoice-desk-inbox", access: "read" }],
    input: ($) => ({ invoiceId: $.input.invoiceId, document: $.input.document }),
    output: Invoice,
    onFailure: escalate("clerks"),
  })
  .step("match", {
    handler: "./match.ts",
    effect: "read",
    needs: [{ bucket: "invoice-desk-inbox", access: "read" }],
    input: ($) => ({ invoice: $.extract, erpExport: $.input.erpExport }),
    output: MatchResult,
    retry: "patient",
    onFailure: escalate("clerks"),
  })
  .choose("decide", {
    branches: [
      { name: "clean", when: ($) => eq($.match.verdict, "clean"), steps: (flow) => flow },
      { name: "tolerable", when: ($) => eq($.match.verdict, "tolerable"), steps: (flow) => flow },
      {
        name: "mismatch",
        when: ($) => eq($.match.verdict, "mismatch"),
        steps: (flow) =>
          flow.approval("approve-mismatch", {
            ladder: "clerks",
            request: ($) => ({
              invoiceId: $.input.invoiceId,
              supplier: $.extract.supplier.name,
              payable: $.extract.totals.payable,
              currency: $.extract.currency,
              match: $.match,
            }),
          }),
      },
    ],
    otherwise: (flow) => flow.end(($) => ({ verdict: $.match.verdict, reasons: $.match.reasons, payment: null })),
  })
  .step("propose-payment", {
    handler: "./propose-payment.ts",
    effect: "write",
    gate: ungated("Clean and tolerable invoices are paid by policy; a mismatch has been approved by then."),
    compensate: "./cancel-payment.ts",
    needs: [
      { bucket: "invoice-desk-payments", access: "read" },
      { bucket: "invoice-desk-payments", access: "create" },
    ],
    input: ($) => ({
      invoiceId: $.input.invoiceId,
      invoice: $.extract,
      match: $.match,
      payments: $.input.payments,
    }),
    output: Payment,
  })
  .step("notify", {
    handler: "./notify.ts",
    effect: "none",
    input: ($) => ({
      invoiceId: $.input.invoiceId,
      invoice: $.extract,
      match: $.match,
      payment: $["propose-payment"],
    }),
    output: Notification,
  })
  .returns(($) => ({
    verdict: $.match.verdict,
    reasons: $.match.reasons,
    payment: $["propose-payment"],
    summary: $.notify.text,
  }));
