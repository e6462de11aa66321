import { expect, test } from "vitest";
import { compareRigs } from "./order";

const rig = (key: string, place: number | null, number: number | null) => ({ rig: key, place, number });

test("rigs are listed by place, then by number, then by key", () => {
  const rigs = [
    rig("10.0.0.10", null, 10),
    rig("10.0.0.2", null, 2),
    rig("10.0.0.1", null, 100),
    rig("10.0.0.30", null, null),
    rig("10.0.0.4", null, null),
    rig("10.0.0.9", 2, 9),
    rig("10.0.0.8", 1, 12),
  ];
  expect(rigs.sort(compareRigs).map(({ rig }) => rig)).toEqual([
    "10.0.0.8",
    "10.0.0.9",
    "10.0.0.2",
    "10.0.0.10",
    "10.0.0.1",
    "10.0.0.4",
    "10.0.0.30",
  ]);
});
