/** Whether two identities are one: spelling by case and space does not make another. */
export const isSamePerson = (one: string, other: string) => folded(one) === folded(other);

const folded = (identity: string) => identity.normalize("NFKC").trim().toLowerCase();
