/** Dates travel as seconds since the epoch. */
export const seconds = (date: Date): number => date.getTime() / 1000;
