import { API_ERRORS } from "./api-errors.ts";
import { AWS_ERRORS } from "./aws-errors.ts";
import { NODE_ERRORS } from "./node-errors.ts";
import { OTHER_ERRORS } from "./other-errors.ts";
import type { Thrown } from "./thrown.ts";

/** Real errors, each with its origin and the class that it is to be taken for. */
export const CATALOGUE: readonly Thrown[] = [...AWS_ERRORS, ...NODE_ERRORS, ...API_ERRORS, ...OTHER_ERRORS];
