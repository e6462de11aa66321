/** Reads the boards of the pages; a board that has not changed is not read again. */
import { api, ok } from "../../../shared/api";
import { live } from "../../../shared/connection/live.svelte";
import { neededBoards, pagesOf, type KnownBoard, type Page, type Place } from "./pages";

type ReadBoard = KnownBoard & { readonly places: readonly Place[] };

export class BoardReader {
  /** By the board as the list of boards described it. */
  #kept = new Map<string, ReadBoard>();

  async read(): Promise<Page[]> {
    const limit = { params: { query: { limit: 1 } } };
    const { meeting_id, circuit } = await ok(api.GET("/api/v1/leaderboard", limit));
    const { items } = await ok(api.GET("/api/v1/boards"));
    const known = this.#kept;
    const read = neededBoards(items, meeting_id, circuit).map(async (board) => {
      const key = JSON.stringify(board);
      return [key, known.get(key) ?? (await readBoard(board))] as const;
    });
    const kept = new Map(await Promise.all(read));
    // It was forgotten meanwhile if it is another one.
    if (this.#kept === known) this.#kept = kept;
    return pagesOf([...kept.values()], circuit, live.serverNow());
  }

  /** An act may have changed names on any board. */
  forget(): void {
    this.#kept = new Map();
  }
}

async function readBoard(board: KnownBoard): Promise<ReadBoard> {
  const query = { meeting: board.meeting_id, circuit: board.circuit };
  const { items } = await ok(api.GET("/api/v1/leaderboard", { params: { query } }));
  return { ...board, places: items.map((item) => ({ ...item, name: item.driver ?? item.rig_name })) };
}
