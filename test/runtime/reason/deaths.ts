import type { Line } from "./loops.ts";

/**
 * Processes that make their moves one after the other until one of them dies: before or after a write, a question or a
 * call. What it had under way then still comes about; it does nothing more. Those after it live.
 *
 * @param moments how many moves are made, counted from the last death, until each death.
 */
export function mortals(moments: readonly number[]) {
  const left = [...moments];
  const places: string[] = [];
  const deaths: string[] = [];
  let made = 0;
  const lineOf = (): Line => {
    let isDead = false;
    const requireAlive = () => {
      if (isDead) throw new Error("The process is dead.");
    };
    const move = (place: string) => {
      requireAlive();
      places.push(place);
      made += 1;
      if (made === left[0]) {
        left.shift();
        made = 0;
        isDead = true;
        deaths.push(place);
      }
      requireAlive();
    };
    return async (what, act) => {
      if (what === "") {
        requireAlive();
        return act();
      }
      move(`before ${what}`);
      const result = await act();
      move(`after ${what}`);
      return result;
    };
  };
  return { places, deaths, lineOf };
}
