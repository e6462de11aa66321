/**
 * The HTTP API, typed from its OpenAPI document: `await ok(api.GET("/api/v1/laps", { params: { query } }))`.
 *
 * Every failure is an {@link ApiProblem}, with a message in the reader's language that says what to do.
 */
import createClient from "openapi-fetch";
import {
  fieldOf,
  fieldText,
  problemText,
  refusalText,
  type FieldFault,
  type Refusal,
} from "./language/problems";
import type { components, paths } from "./openapi";
import { displayToken } from "./preferences";

export type Schemas = components["schemas"];

/** The typed client: `GET`, `POST`, `PUT`, `PATCH`, `DELETE` with a path of the API. */
export const api = createClient<paths, "application/json">({ baseUrl: location.origin });

api.use({
  onRequest({ request }) {
    const token = displayToken();
    if (token) request.headers.set("Authorization", `Bearer ${token}`);
  },
});

/** An error answer (RFC 9457), or no answer (`status` 0). */
export class ApiProblem extends Error {
  override readonly name = "ApiProblem";
  readonly status: number;
  /** The last part of the problem's type, such as `not-found`; `offline` without an answer. */
  readonly kind: string;
  /** Which refusal of an act it is, such as `pin-taken`; null for other problems. */
  readonly refusal: string | null;
  /** The error of each wrong field, by its name without `body.`. */
  readonly fields: Readonly<Record<string, string>>;
  /** With a 409: the record as it is now. */
  readonly current: unknown;
  /** Seconds to wait before the next attempt; null if the server does not say. */
  readonly retryAfterS: number | null;

  /**
   * @param answer.retryAfter the header of that name.
   * @param answer.refusal the sentence of a refused act, in the reader's language.
   */
  constructor(
    status: number,
    body: Partial<ProblemBody>,
    { retryAfter = null, refusal = null }: { retryAfter?: string | null; refusal?: string | null } = {},
  ) {
    const kind = status ? (body.type?.split("#problem-")[1] ?? "unreadable") : "offline";
    const fields = (body.errors ?? []).map((fault) => [fieldOf(fault), refusal ?? fieldText(fault)] as const);
    const texts = fields.map(([, text]) => text);
    // A problem that a page throws itself has no type, and its detail is in words of the page.
    super(refusal ?? (body.detail && !body.type ? body.detail : problemText(kind, body.detail ?? "", texts)));
    this.status = status;
    this.kind = kind;
    this.refusal = body.refusal?.code ?? null;
    this.fields = Object.fromEntries(fields);
    this.current = body.current;
    this.retryAfterS = retryAfter && /^\d+$/.test(retryAfter) ? Number(retryAfter) : null;
  }
}

interface ProblemBody {
  readonly type: string;
  readonly detail: string;
  readonly errors: readonly FieldFault[];
  readonly refusal: Refusal | null;
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
 * @throws ApiProblem for every other answer, and without an answer.
 */
export async function ok<T>(call: Promise<Answer<T>>): Promise<NonNullable<T>> {
  let answer: Answer<T>;
  try {
    answer = await call;
  } catch {
    throw new ApiProblem(0, {});
  }
  if (answer.response.ok) return answer.data as NonNullable<T>;
  const body: Partial<ProblemBody> =
    typeof answer.error === "object" && answer.error !== null ? answer.error : {};
  const retryAfter = answer.response.headers.get("Retry-After");
  throw new ApiProblem(answer.response.status, body, {
    retryAfter,
    refusal: await refusalText(body.refusal, body.detail ?? ""),
  });
}

/** The items of all pages of a list; for lists that are short enough to show whole. */
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
