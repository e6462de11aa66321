import { expect, it } from "vitest";
import type { BoardRow, RigRow } from "../../../shared/rows";
import { cards, gridOf, pageOf, type KnownRig } from "./grid";

const rig = (id: string, facts: Partial<KnownRig> = {}): KnownRig => ({
  ...{ rig: id, label: `Rig ${id}`, place: null, number: null, driver: null },
  ...facts,
});
const heard = (id: string) => ({ id, driver: null }) as RigRow;
const place = (id: string, position: number) => ({ id, position }) as BoardRow;

it("shows rigs by place, with who sits there and their place on the board", () => {
  const known = [
    rig("b"),
    rig("a", { place: 2, driver: { name: "Ana", driver_id: "7" } }),
    rig("c", { place: 1 }),
  ];
  const shown = cards(known, [heard("a"), heard("b")], [place("d:7", 3), place("r:b", 4)]);
  expect(
    shown.map(({ id, driver, place, row }) => [id, driver, place?.position ?? null, row !== null]),
  ).toEqual([
    ["c", null, null, false],
    ["a", "Ana", 3, true],
    ["b", null, 4, true],
  ]);
});

it("leaves out a rig without place or driver that does not send", () => {
  expect(cards([rig("old")], [], [])).toEqual([]);
});

it.each([
  [1, false, 3, 2],
  [6, false, 3, 2],
  [8, false, 4, 2],
  [9, false, 4, 3],
  [30, false, 4, 3],
  [5, true, 1, 5],
  [8, true, 2, 4],
  [30, true, 2, 6],
])("has room for %i cards (portrait: %s) in %i columns and %i lines", (count, isPortrait, columns, lines) => {
  expect(gridOf(count, isPortrait)).toEqual({ columns, lines });
});

it("shows more cards in pages, one after the other", () => {
  const items = Array.from({ length: 14 }, (_, index) => index);
  expect(pageOf(items, 12, 3)).toEqual({ page: 2, pages: 2, items: [12, 13] });
  expect(pageOf([], 12, 5)).toEqual({ page: 1, pages: 1, items: [] });
});
