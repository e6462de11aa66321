/** Names of people for rows with little room. */
const LONGEST_NAME = 19;

/**
 * A name that is too long for a row begins with an initial: `F. Montanari Gentilini`. One that does not begin with a
 * letter stays as it is.
 *
 * @param most how many letters a row has room for.
 */
export function shortName(name: string, most = LONGEST_NAME): string {
  const [first = "", ...others] = name.trim().split(/\s+/);
  const initial = /^\p{L}/u.exec(first)?.[0];
  return name.length <= most || !initial || !others.length ? name : `${initial}. ${others.join(" ")}`;
}
