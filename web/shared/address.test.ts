import { expect, it } from "vitest";
import { addressesForGames, originForDevices } from "./address";

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

it.each<[string, readonly string[], string]>([
  ["http://localhost:8080", ["192.168.1.5", "10.0.0.5"], "http://192.168.1.5:8080"],
  ["http://127.0.0.1", ["192.168.1.5"], "http://192.168.1.5"],
  ["http://[::1]:8080", ["192.168.1.5"], "http://192.168.1.5:8080"],
  ["http://10.0.0.5:8080", ["192.168.1.5"], "http://10.0.0.5:8080"],
  ["https://timing.example", ["192.168.1.5"], "https://timing.example"],
  ["http://localhost:8080", [], "http://localhost:8080"],
])("other devices open the pages that are at %s here, on a server at %j, at %s", (origin, pages, opened) =>
  expect(originForDevices(origin, pages)).toBe(opened),
);
