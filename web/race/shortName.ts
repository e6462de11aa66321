/** Names of people for rows with little room. */
const LONGEST_NAME = 19;

/**
 * A name that is too long for a row begins with an initial: `F. Montanari Gentilini`.
 *
 * @param most how many letters a row has room for.
 */
export function shortName(name: string, most = LONGEST_NAME): string {
  const [first = "", ...others] = name.trim().split(/\s+/);
  return name.length <= most || !others.length ? name : `${[...first][0]}. ${others.join(" ")}`;
}
