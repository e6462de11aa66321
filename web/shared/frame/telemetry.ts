/** Where the games send to: what to type into their menu. */
import { addressesForGames, originForDevices } from "../address";
import { api, ok } from "../api";

export interface Telemetry {
  /** The most likely first; empty if the machine of the server is in no network. */
  readonly addresses: readonly string[];
  readonly port: number;
  /** The address of the pages for other devices, such as "http://192.168.1.5:8080". */
  readonly origin: string;
}

/** Read it from the server. */
export async function readTelemetry(): Promise<Telemetry> {
  const { addresses, port, pages } = await ok(api.GET("/api/v1/telemetry"));
  return {
    addresses: addressesForGames(location.hostname, addresses),
    port,
    origin: originForDevices(location.origin, pages),
  };
}
