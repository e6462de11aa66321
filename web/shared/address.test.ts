import { expect, it } from "vitest";
import { addressesForGames } from "./address";

it.each<[string, readonly string[], readonly string[]]>([
  ["localhost", ["192.168.1.5", "10.0.0.5"], ["192.168.1.5", "10.0.0.5"]],
  ["127.0.0.1", ["192.168.1.5"], ["192.168.1.5"]],
  ["f1timings.local", ["192.168.1.5"], ["192.168.1.5"]],
  ["10.0.0.5", ["192.168.1.5", "10.0.0.5"], ["10.0.0.5", "192.168.1.5"]],
  ["192.168.1.9", ["172.17.0.2"], ["172.17.0.2", "192.168.1.9"]],
  ["localhost", [], []],
])("the page at %s with the server's %j shows %j", (hostname, addresses, shown) =>
  expect(addressesForGames(hostname, addresses)).toEqual(shown),
);
