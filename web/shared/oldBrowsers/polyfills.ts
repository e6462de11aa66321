/** The methods that methods.ts names. `lib` in tsconfig.json makes the type checker refuse all other newer ones. */
import "core-js/modules/es.array.at";
import "core-js/modules/es.string.replace-all";

// Svelte asks it whether a row that leaves a list is moving. Without an answer the row leaves at once.
if (!("getAnimations" in Element.prototype)) {
  Object.defineProperty(Element.prototype, "getAnimations", {
    value: () => [],
    configurable: true,
    writable: true,
  });
}
