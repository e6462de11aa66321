/** The flags on the course: those of the marshal zones, and the flag of the whole session. */
import { pathOf, stretch, type Course, type Point } from "./course";
import { t } from "./words";

export interface Zone {
  readonly id: number;
  readonly flag: string;
  readonly path: string;
  /** Where its mark is. */
  readonly mark: Point;
}

/** The marshal zones that show a flag which concerns everybody, as `marshal_zones` of the view lists them. */
export function zonePaths(course: Course, marshalZones: readonly unknown[]): Zone[] {
  const zones = marshalZones.map((pair) => pair as readonly [number, string | null]);
  const starts = zones.map(([start]) => start).sort((a, b) => a - b);
  return zones.flatMap(([start, flag], id) => {
    if (flag !== "yellow" && flag !== "red" && flag !== "blue") return [];
    const end = starts[(starts.indexOf(start) + 1) % starts.length] ?? start;
    const points = stretch(course, start, end);
    const mark = points[Math.floor(points.length / 2)];
    return mark ? [{ id, flag, path: pathOf(points), mark }] : [];
  });
}

export interface CourseFlag {
  readonly tone: "yellow" | "red" | "chequered";
  /** Whether it is for the whole course, and not for some zones. */
  readonly isEverywhere: boolean;
  readonly glyph: string;
  readonly text: string;
}

/** How the flag of the session is shown; null while the track is clear. */
export function flagOnCourse(flag: string | null): CourseFlag | null {
  switch (flag) {
    case "yellow":
      return { tone: "yellow", isEverywhere: false, glyph: "⚑", text: t("state.yellow.title") };
    case "safety car":
      return { tone: "yellow", isEverywhere: true, glyph: "SC", text: t("state.sc.title") };
    case "virtual safety car":
      return { tone: "yellow", isEverywhere: true, glyph: "VSC", text: t("state.vsc.title") };
    case "formation lap":
      return { tone: "yellow", isEverywhere: true, glyph: "◌", text: t("map.formation") };
    case "red":
      return { tone: "red", isEverywhere: true, glyph: "⚑", text: t("state.red.title") };
    case "chequered":
      return { tone: "chequered", isEverywhere: true, glyph: "⚑", text: t("state.chequered.title") };
    default:
      return null;
  }
}
