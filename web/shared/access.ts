/** Who uses this page, and how they come in: `/api/v1/me`, `/login`, `/logout`, `/setup`. */
import { api, ok, type Schemas } from "./api";
import { keeping } from "./preferences";

export type Me = Schemas["Me"];
export type Role = NonNullable<Me["role"]>;

export const SHORTEST_PASSWORD = 8;
const ROLES: readonly Role[] = ["viewer", "marshal", "admin"];

export const whoAmI = (): Promise<Me> => ok(api.GET("/api/v1/me"));
export const signIn = (name: string, password: string) =>
  ok(api.POST("/api/v1/login", { body: { name, password } }));
export const signOut = () => ok(api.POST("/api/v1/logout"));
export const setUp = (code: string, name: string, password: string) =>
  ok(api.POST("/api/v1/setup", { body: { code, name, password } }));

/** Whether somebody may do what needs this role: an admin may all that a marshal may. */
export function may(me: Me | null, needed: Role): boolean {
  return me?.role ? ROLES.indexOf(me.role) >= ROLES.indexOf(needed) : false;
}

/**
 * Who uses this page; whoever may not is led to the way in, and back afterwards.
 *
 * @param needed what the page needs; without it the page is for everybody while reading is open.
 * @returns null while the way leads elsewhere.
 */
export async function enter(needed?: Role): Promise<Me | null> {
  const me = await whoAmI();
  const isOpen = needed === undefined && (me.reading === "open" || me.role !== null);
  if (isOpen || (needed && may(me, needed))) return me;
  location.replace(keeping(me.needs_setup ? "/setup" : signInPath(location.pathname + location.search)));
  return null;
}

/**
 * Where to go after signing in: the `next` of the address, only if it is a path of this server.
 *
 * `//elsewhere` and `/\elsewhere` are other servers to a browser, whatever they look like.
 */
export function nextPath(search: string, otherwise: string): string {
  const next = new URLSearchParams(search).get("next") ?? "";
  return /^\/(?![/\\])[^\\\s]*$/.test(next) ? next : otherwise;
}

/** The sign-in page that leads back to a path. */
export function signInPath(path: string): string {
  return `/login?next=${encodeURIComponent(path)}`;
}
