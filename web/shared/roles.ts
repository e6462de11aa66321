/** All roles, from least to most, generated from the server: `make types`. */
export const ROLES = ["viewer", "marshal", "admin"] as const;

export type Role = (typeof ROLES)[number];
