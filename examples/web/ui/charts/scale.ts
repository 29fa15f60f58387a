/** The next round number: 1, 2 or 5 and zeros. */
export function roundUp(value: number): number {
  if (value <= 0) return 1;
  const power = 10 ** Math.floor(Math.log10(value));
  const step = [1, 2, 5, 10].find((each) => each * power >= value) ?? 10;
  return step * power;
}

/** Round numbers from 0 to a little above the greatest, at most `most` steps. */
export function ticksTo(greatest: number, most = 4): number[] {
  const step = Math.max(1, roundUp(greatest / most));
  const count = Math.max(1, Math.ceil(greatest / step));
  return Array.from({ length: count + 1 }, (_, at) => at * step);
}
