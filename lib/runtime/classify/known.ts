import { ErrorClass } from "../../contract/index.ts";
import { API_CODES } from "./api-codes.ts";
import { AWS_NAMES } from "./aws-names.ts";
import { GRPC_NAMES } from "./grpc-codes.ts";
import { NETWORK_CODES } from "./network-codes.ts";

const KNOWN = new Map(
  [AWS_NAMES, NETWORK_CODES, API_CODES, GRPC_NAMES].flatMap((names) =>
    (Object.entries(names) as [ErrorClass, readonly string[]][]).flatMap(([errorClass, all]) =>
      all.map((name) => [name, errorClass] as const),
    ),
  ),
);

/** Families of names: services vary them, and OpenSSL has one for every way a certificate can be wrong. */
const FAMILIES: readonly (readonly [RegExp, ErrorClass])[] = [
  [/throttl|too_?many_?requests|rate_?limit/i, ErrorClass.Throttled],
  [/(^|_)CERT(_|$)|^ERR_(SSL|TLS)_|^EPROTO$|^HOSTNAME_MISMATCH$|_LEAF_SIGNATURE$/, ErrorClass.Permanent],
];

/** What a name or a code means by itself, "Exception" or "Error" at its end or not. */
export const meaningOf = (name: string): ErrorClass | undefined =>
  KNOWN.get(name.replace(/(Exception|Error)$/, "")) ?? FAMILIES.find(([family]) => family.test(name))?.[1];
