/** The binary frames of the view `map:<rig>`, as docs/protocol.md describes them. */

/** A car at one moment; NaN is not known. */
export interface MapCar {
  /** The id of its row. */
  readonly id: string;
  /** 1-based, 0 if not known. */
  readonly position: number;
  /** The bits of {@link FLAG}. */
  readonly flags: number;
  /** World position in metres. */
  readonly x: number;
  readonly z: number;
  readonly lapM: number;
}

/** All cars at one moment. */
export interface MapFrame {
  /** The game's clock, in milliseconds. */
  readonly gameMs: number;
  readonly cars: readonly MapCar[];
}

/** The bits of a car's flags that the map shows. */
export const FLAG = {
  own: 1,
  ai: 2,
  pitting: 8,
  inBox: 16,
  inGarage: 32,
  finished: 256,
  retired: 512,
  disqualified: 1024,
  leader: 2048,
} as const;

const VERSION = 1;
const HEADER = 16;
const RECORD = 16;

/** The frame in a binary message; null if it belongs to another view, or has another version. */
export function readMapFrame(data: ArrayBuffer, channel: number | null): MapFrame | null {
  if (data.byteLength < HEADER) return null;
  const view = new DataView(data);
  const count = view.getUint8(1);
  if (view.getUint8(0) !== VERSION || data.byteLength !== HEADER + count * RECORD) return null;
  if (view.getUint16(2, true) !== channel) return null;
  const cars = Array.from({ length: count }, (_, index) => readCar(view, HEADER + index * RECORD));
  return { gameMs: view.getUint32(8, true), cars };
}

function readCar(view: DataView, at: number): MapCar {
  return {
    id: String(view.getUint8(at)),
    position: view.getUint8(at + 1),
    flags: view.getUint16(at + 2, true),
    x: view.getFloat32(at + 4, true),
    z: view.getFloat32(at + 8, true),
    lapM: view.getFloat32(at + 12, true),
  };
}
