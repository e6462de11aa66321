/**
 * The HTTP API, typed from its OpenAPI document: `await ok(api.GET("/api/v1/laps", { params: { query } }))`.
 *
 * Whatever is not a success is an {@link ApiProblem}, whose message says what to do.
 */
import createClient from "openapi-fetch";
import { t } from "./language";
import type { components, paths } from "./openapi";
import { displayToken } from "./preferences";

export type Schemas = components["schemas"];

/** The typed client: `GET`, `POST`, `PUT`, `PATCH`, `DELETE` with a path of the document. */
export const api = createClient<paths, "application/json">({ baseUrl: location.origin });

api.use({
  onRequest({ request }) {
    const token = displayToken();
    if (token) request.headers.set("Authorization", `Bearer ${token}`);
  },
});

/** An error answer (RFC 9457), or no answer at all (`status` 0). */
export class ApiProblem extends Error {
  override readonly name = "ApiProblem";
  readonly status: number;
  /** The last part of the problem's type, such as `not-found`; `offline` where nobody answered. */
  readonly kind: string;
  readonly title: string;
  /** What is wrong with which field, by its name without `body.`. */
  readonly fields: Readonly<Record<string, string>>;
  /** With a 409: the state that the change did not know of. */
  readonly current: unknown;
  /** Seconds to wait, where the server said so. */
  readonly retryAfterS: number | null;

  constructor(status: number, body: Partial<ProblemBody>, retryAfter: string | null = null) {
    super(body.detail ?? t(status ? "problem.unreadable" : "problem.offline"));
    this.status = status;
    this.kind = status ? (body.type?.split("#problem-")[1] ?? "unknown") : "offline";
    this.title = body.title ?? "";
    this.fields = Object.fromEntries(
      (body.errors ?? []).map((one) => [one.where.replace(/^\w+\./, ""), one.message]),
    );
    this.current = body.current;
    this.retryAfterS = retryAfter && /^\d+$/.test(retryAfter) ? Number(retryAfter) : null;
  }
}

interface ProblemBody {
  readonly type: string;
  readonly title: string;
  readonly detail: string;
  readonly errors: readonly { readonly where: string; readonly message: string }[];
  readonly current: unknown;
}

interface Answer<T> {
  readonly data?: T;
  readonly error?: unknown;
  readonly response: Response;
}

/**
 * The body of a successful answer.
 *
 * @throws ApiProblem for every other.
 */
export async function ok<T>(call: Promise<Answer<T>>): Promise<NonNullable<T>> {
  let answer: Answer<T>;
  try {
    answer = await call;
  } catch {
    throw new ApiProblem(0, {});
  }
  if (answer.response.ok) return answer.data as NonNullable<T>;
  const body = typeof answer.error === "object" && answer.error !== null ? answer.error : {};
  throw new ApiProblem(answer.response.status, body, answer.response.headers.get("Retry-After"));
}

/** All pages of a list, for what is short enough to show whole. */
export async function everything<T>(
  page: (cursor?: string) => Promise<{ items: T[]; next?: string | null }>,
): Promise<T[]> {
  const items: T[] = [];
  for (let cursor: string | undefined; ;) {
    const { items: more, next } = await page(cursor);
    items.push(...more);
    if (!next) return items;
    cursor = next;
  }
}
