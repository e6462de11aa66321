/** The user of this page, signing in and out: `/api/v1/me`, `/login`, `/logout`, `/setup`. */
import { api, ok, type Schemas } from "./api";
import { withPreferences } from "./preferences";
import { ROLES, type Role } from "./roles";

export type Me = Schemas["Me"];
export { ROLES, type Role };

export const SHORTEST_PASSWORD = 8;

export const whoAmI = (): Promise<Me> => ok(api.GET("/api/v1/me"));
export const signIn = (name: string, password: string) =>
  ok(api.POST("/api/v1/login", { body: { name, password } }));
export const signOut = () => ok(api.POST("/api/v1/logout"));
export const setUp = (code: string, name: string, password: string) =>
  ok(api.POST("/api/v1/setup", { body: { code, name, password } }));

/** Whether a user may do what needs this role; a role includes the permissions of those before it. */
export function may(me: Me | null, needed: Role): boolean {
  return me?.role ? ROLES.indexOf(me.role) >= ROLES.indexOf(needed) : false;
}

/**
 * The user of this page; a user without permission is sent to sign in, and comes back afterwards.
 *
 * @param needed the role that the page needs; without it, everyone may see the page while reading is open.
 * @returns null while the browser opens another page.
 */
export async function enter(needed?: Role): Promise<Me | null> {
  const me = await whoAmI();
  const isOpen = needed === undefined && (me.reading === "open" || me.role !== null);
  if (isOpen || (needed && may(me, needed))) return me;
  location.replace(
    withPreferences(me.needs_setup ? "/setup" : signInPath(location.pathname + location.search)),
  );
  return null;
}

/**
 * The page to open after signing in: `next` of the address, if it is a path of this server.
 *
 * Browsers read `//elsewhere` and `/\elsewhere` as addresses of other servers.
 */
export function nextPath(search: string, otherwise: string): string {
  const next = new URLSearchParams(search).get("next") ?? "";
  return /^\/(?![/\\])[^\\\s]*$/.test(next) ? next : otherwise;
}

/** The address of the sign-in page that leads back to a path. */
export function signInPath(path: string): string {
  return `/login?next=${encodeURIComponent(path)}`;
}
