/**
 * The messages of `/ws` and how they change a view, as docs/protocol.md describes; pure functions.
 *
 * A view is a table with rows by a stable id, columns that the snapshot declares, and facts about the whole. Nothing
 * is changed in place: an unchanged row stays the same object, so that a page redraws only the rows that changed.
 */
export type Cell = unknown;
export type Row = Readonly<Record<string, Cell>> & { readonly id: string };
export type Facts = Readonly<Record<string, Cell>>;

export interface View<R extends Row = Row, F extends Facts = Facts> {
  readonly seq: number;
  /** Identifies the numbering of `seq`; null if the view cannot be resumed. */
  readonly epoch: string | null;
  /** The first column is the id. */
  readonly columns: readonly string[];
  /** In the order of the snapshot, later rows at the end; if the order matters, it is a column. */
  readonly rows: ReadonlyMap<string, R>;
  readonly facts: F;
  /** The channel of its binary messages; null if it has none. */
  readonly channel: number | null;
}

export interface ResumePoint {
  readonly epoch: string;
  readonly seq: number;
}

/** One message of the server; its kind follows from the fields that it has. */
export interface Message {
  readonly view?: string;
  readonly seq?: number;
  /** In an update that joins several: it applies to a view from this `seq` on; without it, from the previous `seq`. */
  readonly since?: number;
  readonly epoch?: string | undefined;
  readonly snapshot?: {
    readonly columns?: readonly string[];
    readonly rows?: readonly (readonly Cell[])[];
    readonly facts?: Facts;
    readonly server_time?: string;
    /** The number in the view's binary messages. */
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
  /** Why nothing can be stored; null as soon as it can. */
  readonly storage?: { readonly trouble: string | null };
  readonly error?: { readonly title: string; readonly detail: string; readonly view?: string };
}

/** The effect of a message; `gap` means that a message is missing and a new snapshot is needed. */
export type Outcome = "changed" | "same" | "gap";

export interface Step {
  readonly view: View | null;
  readonly outcome: Outcome;
}

/** The view after a message. */
export function apply(view: View | null, message: Message): Step {
  const seq = message.seq ?? 0;
  if (message.snapshot) return { view: fromSnapshot(message), outcome: "changed" };
  if (view === null || isFromOtherEpoch(view, message)) return { view, outcome: "gap" };
  if (message.heartbeat) return { view, outcome: seq <= view.seq ? "same" : "gap" };
  if (seq <= view.seq) return { view, outcome: "same" };
  if ((message.since ?? seq - 1) > view.seq) return { view, outcome: "gap" };
  return { view: updatedView(view, message, seq), outcome: "changed" };
}

/** Where to resume after a reconnect; null if a snapshot is needed. */
export function resumePoint(view: View | null): ResumePoint | null {
  return view === null || view.epoch === null ? null : { epoch: view.epoch, seq: view.seq };
}

/** The server's clock in a message, in milliseconds since 1970. */
export function serverTime(message: Message): number | null {
  const text = (message.heartbeat ?? message.snapshot ?? message.hello)?.server_time;
  const time = typeof text === "string" ? Date.parse(text) : NaN;
  return Number.isNaN(time) ? null : time;
}

function isFromOtherEpoch(view: View, message: Message): boolean {
  return message.epoch !== undefined && view.epoch !== null && message.epoch !== view.epoch;
}

function fromSnapshot({ seq, epoch, snapshot }: Message): View {
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

function updatedView(view: View, message: Message, seq: number): View {
  const facts = message.facts ? { ...view.facts, ...message.facts } : view.facts;
  if (!message.rows && !message.gone?.length) return { ...view, seq, facts };
  const rows = new Map(view.rows);
  for (const id of message.gone ?? []) rows.delete(id);
  for (const [id, cells] of Object.entries(message.rows ?? {})) {
    rows.set(id, updatedRow(rows.get(id) ?? emptyRow(view.columns, id), cells, view.columns));
  }
  return { ...view, seq, facts, rows };
}

function updatedRow(row: Row, cells: Readonly<Record<string, Cell>>, columns: readonly string[]): Row {
  const named = Object.entries(cells).flatMap(([index, cell]) => {
    const column = columns[Number(index)];
    return column === undefined ? [] : [[column, cell] as const];
  });
  return { ...row, ...Object.fromEntries(named), id: row.id };
}

function emptyRow(columns: readonly string[], id: string): Row {
  return { ...Object.fromEntries(columns.map((column) => [column, null])), id };
}
