/** Secrets by the names that declarations give them. */
export interface Secrets {
  /** @throws when there is none of that name, or it cannot be read; the error never says what it is. */
  read(name: string): Promise<string>;
}
