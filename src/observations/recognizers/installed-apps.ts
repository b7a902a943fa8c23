/**
 * Recognises lists of installed apps: at least five distinct package names in one message. Fewer
 * are what an app says of itself and its libraries.
 *
 * Source: Android's documentation of application ids (Java package naming); domain research 5.3 for
 * the number.
 *
 * @module
 */
import type { GroupRecognizer, RecognizedIn, ValueContext } from "./recognizer.ts";

export const installedAppsRecognizer: GroupRecognizer = {
  name: "installed-apps",
  recognizeTogether(contexts) {
    const packages = new Map<
      string,
      { readonly context: ValueContext; readonly start: number; readonly end: number }
    >();
    for (const context of contexts) {
      if (!context.text.includes(".")) continue;
      for (const match of context.text.matchAll(PACKAGE)) {
        const [name] = match;
        const end = match.index + name.length;
        if (
          !isPackage(name, context.text.slice(match.index - 3, match.index)) ||
          packages.has(name)
        )
          continue;
        packages.set(name, { context, start: match.index, end });
      }
    }
    if (packages.size < LEAST_PACKAGES) return [];
    const [first] = packages.values();
    if (first === undefined) return [];
    const names = [...packages.keys()];
    const reason = `${names.length} distinct package names in one message`;
    const shown = names.slice(0, SHOWN).join(", ") + (names.length > SHOWN ? ", …" : "");
    const found: RecognizedIn = {
      ...first,
      property: "InstalledApps",
      confidence: "likely",
      reason,
      value: shown,
    };
    return [found];
  },
};

const LEAST_PACKAGES = 5;
const SHOWN = 20;
const PACKAGE =
  /(?<![A-Za-z0-9_./@:-])(?:com|org|net|io|cn|tv|de|ru|jp|kr|tw|in|fr|uk|eu|me|co|app|air|android|miui|ai|ch|es|it|nl|pl|se)\.[a-z][a-z0-9_]{1,30}(?:\.[A-Za-z][A-Za-z0-9_]{0,40}){0,6}(?![A-Za-z0-9_./@-])/g;

/**
 * Not a host name turned round, not a class of code and not one of its methods: those have a
 * capitalised word, at the end or before it, as the lines of a crash report do.
 */
function isPackage(name: string, before: string): boolean {
  return (
    !/\.[A-Z][^.]*(?:\.|$)/.test(name) &&
    !before.endsWith("//") &&
    !/\.(com|org|net|html?|js|json|png|xml|css|php)$/.test(name)
  );
}
