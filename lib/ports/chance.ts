/** Where every random choice comes from. A seeded adapter makes a whole run reproducible. */
export interface Chance {
  /** A number in [0, 1). */
  random(): number;
  /** A UUID, version 4. */
  uuid(): string;
}
