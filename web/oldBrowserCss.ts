/**
 * Adapts the styles to the oldest supported browser, Chromium 79, where Vite alone does not: `:where()`, with which
 * Svelte scopes selectors (Chromium 88), `gap` in flex boxes (84), and `overflow-wrap: anywhere` (80).
 *
 * What has no such replacement and would be missed fails the build.
 */
import { parse, type AtRule, type Declaration, type Plugin, type Rule } from "postcss";

// A style sheet cannot ask for `gap` in flex boxes. Chromium has had both since version 84, Safari 15 has both too.
const WITHOUT_FLEX_GAP = "not (color: revert)";
const WITHOUT_ANYWHERE = "not (overflow-wrap: anywhere)";

const TOO_NEW = [
  [/:(is|where|has)\(/, "selector"],
  [/:not\([^)]*,/, "selector"],
  [/^(container|layer|property|scope|starting-style)$/, "at-rule"],
  [/^(aspect-ratio|inset-(block|inline).*|translate|scale|rotate)$/, "property"],
  [/\d[dls]v[hwb]\b|\d(vi|vb|cq\w+)\b|\b(color-mix|oklch|oklab|lab|lch|light-dark)\(/, "value"],
] as const;
type Kind = (typeof TOO_NEW)[number][1];

/** What is known of the elements that a selector's last part matches. */
type Box = Readonly<
  Partial<Record<"display" | "flex-direction" | "flex-wrap" | "row-gap" | "column-gap", string>>
>;
type Flow = "row" | "column" | "lines";

export const oldBrowserCss: Plugin = {
  postcssPlugin: "old-browsers",
  Once(root) {
    const boxes = new Map<string, Box>();
    root.walkAtRules((rule) => refuseTooNew(rule, "at-rule", rule.name));
    root.walkDecls((declaration) => {
      refuseTooNew(declaration, "property", declaration.prop);
      refuseTooNew(declaration, "value", declaration.value);
    });
    root.walkRules((rule) => {
      rule.selector = rule.selector.replace(/:where\((\.svelte-\w+)\)/g, "$1");
      refuseTooNew(rule, "selector", rule.selector);
      addFallback(rule, WITHOUT_FLEX_GAP, withoutFlexGap(rule, boxes));
      addFallback(rule, WITHOUT_ANYWHERE, withoutAnywhere(rule));
    });
  },
};

function addFallback(rule: Rule, condition: string, fallback: string | null): void {
  const from = rule.source?.input.from;
  if (fallback) rule.after(parse(`@supports ${condition} { ${fallback} }`, { from }));
}

function refuseTooNew(node: AtRule | Declaration | Rule, kind: Kind, text: string): void {
  if (TOO_NEW.some(([pattern, of]) => of === kind && pattern.test(text)))
    throw node.error(`Chromium 79 does not know this ${kind}: ${text}`);
}

function withoutAnywhere(rule: Rule): string | null {
  const has = rule.some(
    (node) => node.type === "decl" && node.prop === "overflow-wrap" && node.value === "anywhere",
  );
  return has ? `${rule.selector} { word-break: break-word }` : null;
}

/** The rules that give the children of a flex box margins in place of its gap; null if this rule changes none. */
function withoutFlexGap(rule: Rule, boxes: Map<string, Box>): string | null {
  const own = boxOf(rule);
  const key = rule.selectors.map((selector) => selector.split(/[\s>+~]+/).at(-1)).join();
  const before = boxes.get(key) ?? {};
  const box = { ...before, ...own };
  boxes.set(key, box);
  const [old, now] = [flowOf(before), flowOf(box)];
  if (!Object.keys(own).length || (!old && !now)) return null;
  const children = (which: string) => rule.selectors.map((selector) => `${selector} > ${which}`).join();
  const reset = old && old !== now ? `${children("*")} { margin: 0 }` : "";
  return reset + (now ? margins(now, box, children) : "");
}

function margins(flow: Flow, box: Box, children: (which: string) => string): string {
  const { "row-gap": row = "0px", "column-gap": column = "0px" } = box;
  if (flow === "row") return `${children("* + *")} { margin-left: ${column} }`;
  if (flow === "column") return `${children("* + *")} { margin-top: ${row} }`;
  return `${children(":not(:last-child)")} { margin-right: ${column} } ${children("*")} { margin-bottom: ${row} }`;
}

/** How a flex box with a gap places its children; null for every other box. Without a gap between lines it has one. */
function flowOf(box: Box): Flow | null {
  if (box.display !== "flex" && box.display !== "inline-flex") return null;
  if ((box["row-gap"] ?? box["column-gap"]) === undefined) return null;
  if (box["flex-direction"]?.startsWith("column")) return "column";
  return box["flex-wrap"] === "wrap" && box["row-gap"] !== undefined ? "lines" : "row";
}

function boxOf(rule: Rule): Box {
  const box: Record<string, string> = {};
  rule.each((node) => {
    if (node.type !== "decl") return;
    if (/^(display|flex-direction|flex-wrap|row-gap|column-gap)$/.test(node.prop))
      box[node.prop] = node.value;
    if (node.prop === "gap") {
      const [row = "", column = row] = lengths(node.value);
      box["row-gap"] = row;
      box["column-gap"] = column;
    }
  });
  return box;
}

/** The lengths of a value such as `0 calc(1em + 2px)`. */
function lengths(value: string): string[] {
  return value.match(/(?:[^\s()]|\((?:[^()]|\([^()]*\))*\))+/g) ?? [];
}
