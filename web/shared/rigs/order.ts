/** The order in which rigs are listed: by place, then by number. */
interface Ranked {
  readonly place: number | null;
  readonly number: number | null;
}

const WITHOUT_PLACE = 1e9;

/** Where a rig stands in the order, lower first; Infinity for a rig of which nothing is known yet. */
export function rigRank(rig: Ranked | undefined): number {
  return rig?.place ?? WITHOUT_PLACE + (rig?.number ?? Infinity);
}

/** Compares two rigs for a list; those of the same rank by key, with numbers as numbers. */
export function compareRigs(one: Ranked & { rig: string }, other: Ranked & { rig: string }): number {
  return (
    Math.sign(rigRank(one) - rigRank(other)) || one.rig.localeCompare(other.rig, undefined, { numeric: true })
  );
}
