/** The changes to slides, as requests of the API; each throws an ApiProblem if the server refuses it. */
import type { Attempt } from "../../office/action.svelte";
import { api, ApiProblem, ok, type Schemas } from "../../shared/api";
import { t } from "../words";
import { isSmallEnough, shrunk } from "./shrink";

export type Slide = Schemas["Slide"];
type NewSlide = Schemas["NewSlide"];
const USUAL = { name: "", title: "", body: "", is_shown: true, shown_s: 10 } as const;
type Edit = Omit<Schemas["SlideEdit"], "version">;

export const readSlides = (): Promise<Slide[]> => ok(api.GET("/api/v1/slides")).then(({ items }) => items);

export function makeSlide(facts: Partial<NewSlide>, { key }: Attempt): Promise<Slide> {
  const params = { header: { "Idempotency-Key": key } };
  return ok(api.POST("/api/v1/slides", { params, body: { ...USUAL, ...facts } }));
}

export function editSlide(slide: Slide, edit: Edit, { current }: Attempt): Promise<Slide> {
  const body = { version: current?.version ?? slide.version, ...edit };
  return ok(api.PATCH("/api/v1/slides/{slide_id}", { params: { path: { slide_id: slide.id } }, body }));
}

export async function deleteSlide(slide: Slide, { current }: Attempt): Promise<void> {
  const query = { version: current?.version ?? slide.version };
  const path = { slide_id: slide.id };
  await ok(api.DELETE("/api/v1/slides/{slide_id}", { params: { path, query } }));
}

/** Upload a file and show it on a slide of its own, named after the file. */
export async function makePictureSlide(file: File, attempt: Attempt): Promise<Slide> {
  const data = await shrunk(file);
  if (!isSmallEnough(data)) throw new ApiProblem(413, { detail: t("slides.too-large", { name: file.name }) });
  const { picture } = await ok(
    api.POST("/api/v1/slide-pictures", {
      // The file itself, which the types of the API describe as text.
      body: data as unknown as string,
      bodySerializer: (body: unknown) => body as Blob,
      headers: { "Content-Type": data.type || "image/png" },
    }),
  );
  const name = file.name.replace(/\.\w+$/, "").slice(0, 80);
  return makeSlide({ name, picture }, attempt);
}
