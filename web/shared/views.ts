/**
 * What the server's messages do to a view: the protocol of docs/protocol.md, and nothing of sockets or pages.
 *
 * A view is a table: rows by a stable id, columns declared once by the snapshot, and facts beside them. Everything
 * here is immutable: a row that did not change is the same object, so that a page redraws only what did.
 */
export type Cell = unknown;
export type Row = Readonly<Record<string, Cell>> & { readonly id: string };
export type Facts = Readonly<Record<string, Cell>>;

export interface View<R extends Row = Row, F extends Facts = Facts> {
  readonly seq: number;
  /** The server's run that numbers these; null where the view cannot be resumed. */
  readonly epoch: string | null;
  /** The first is the id. */
  readonly columns: readonly string[];
  /** In the order of the snapshot, later ones behind; an order that matters is a column. */
  readonly rows: ReadonlyMap<string, R>;
  readonly facts: F;
  /** Which binary frames belong to it; null where there are none. */
  readonly channel: number | null;
}

export interface ResumePoint {
  readonly epoch: string;
  readonly seq: number;
}

/** One message of the server; which of the optional fields it has says what it is. */
export interface Message {
  readonly view?: string;
  readonly seq?: number;
  /** With an update that joins several: it leads on from any number from this one on; else from the one before. */
  readonly since?: number;
  readonly epoch?: string | undefined;
  readonly snapshot?: {
    readonly columns?: readonly string[];
    readonly rows?: readonly (readonly Cell[])[];
    readonly facts?: Facts;
    readonly server_time?: string;
    /** The number that the view's binary frames carry. */
    readonly channel?: number;
  };
  readonly rows?: Readonly<Record<string, Readonly<Record<string, Cell>>>>;
  readonly gone?: readonly string[];
  readonly facts?: Facts;
  readonly event?: string;
  readonly data?: unknown;
  readonly heartbeat?: { readonly server_time: string };
  readonly hello?: {
    readonly protocol: number;
    readonly build: string;
    readonly epoch: string;
    readonly server_time: string;
  };
  readonly command?: string;
  readonly error?: { readonly title: string; readonly detail: string };
}

/** What a message did: `gap` means that something is missing, and that a new snapshot must be asked for. */
export type Outcome = "changed" | "same" | "gap";

export interface Step {
  readonly view: View | null;
  readonly outcome: Outcome;
}

/** The view after a message. */
export function apply(view: View | null, message: Message): Step {
  const seq = message.seq ?? 0;
  if (message.snapshot) return { view: fresh(message), outcome: "changed" };
  if (view === null || isOfAnotherRun(view, message)) return { view, outcome: "gap" };
  if (message.heartbeat) return { view, outcome: seq <= view.seq ? "same" : "gap" };
  if (seq <= view.seq) return { view, outcome: "same" };
  if ((message.since ?? seq - 1) > view.seq) return { view, outcome: "gap" };
  return { view: changed(view, message, seq), outcome: "changed" };
}

/** Where to go on after a reconnect; null where only a snapshot will do. */
export function resumePoint(view: View | null): ResumePoint | null {
  return view === null || view.epoch === null ? null : { epoch: view.epoch, seq: view.seq };
}

/** The server's clock in a message, in milliseconds since 1970. */
export function serverTime(message: Message): number | null {
  const text = (message.heartbeat ?? message.snapshot ?? message.hello)?.server_time;
  const time = typeof text === "string" ? Date.parse(text) : NaN;
  return Number.isNaN(time) ? null : time;
}

function isOfAnotherRun(view: View, message: Message): boolean {
  return message.epoch !== undefined && view.epoch !== null && message.epoch !== view.epoch;
}

function fresh({ seq, epoch, snapshot }: Message): View {
  const columns = snapshot?.columns ?? [];
  const rows = new Map<string, Row>();
  for (const cells of snapshot?.rows ?? []) {
    const id = String(cells[0]);
    const named = Object.fromEntries(columns.map((column, at) => [column, cells[at] ?? null]));
    rows.set(id, { ...named, id });
  }
  return {
    seq: seq ?? 0,
    epoch: epoch ?? null,
    columns,
    rows,
    facts: snapshot?.facts ?? {},
    channel: snapshot?.channel ?? null,
  };
}

function changed(view: View, message: Message, seq: number): View {
  const facts = message.facts ? { ...view.facts, ...message.facts } : view.facts;
  if (!message.rows && !message.gone?.length) return { ...view, seq, facts };
  const rows = new Map(view.rows);
  for (const id of message.gone ?? []) rows.delete(id);
  for (const [id, cells] of Object.entries(message.rows ?? {})) {
    rows.set(id, patched(rows.get(id) ?? unknown(view.columns, id), cells, view.columns));
  }
  return { ...view, seq, facts, rows };
}

function patched(row: Row, cells: Readonly<Record<string, Cell>>, columns: readonly string[]): Row {
  const named = Object.entries(cells).flatMap(([index, cell]) => {
    const column = columns[Number(index)];
    return column === undefined ? [] : [[column, cell] as const];
  });
  return { ...row, ...Object.fromEntries(named), id: row.id };
}

function unknown(columns: readonly string[], id: string): Row {
  return { ...Object.fromEntries(columns.map((column) => [column, null])), id };
}
