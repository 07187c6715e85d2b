/**
 * The sentences of these screens: a catalogue of their own, so that they load with them. `useWords()` also knows the
 * page's own sentences.
 */
import { createContext, type ReactNode, use, useEffect, useState } from "react";
import {
  type Compiled,
  createTranslate,
  type LanguageCode,
  type MessageKey,
  type TranslateKeys,
  useLanguage,
  useText,
} from "../messages/translate.tsx";
import english from "../messages/remedy/en.json";

export type Words = TranslateKeys<keyof typeof english | MessageKey>;

// What the build makes of a catalogue differs from what the JSON says, hence the casts.
const ENGLISH = english as unknown as Compiled;
/** In English, the steps of a plan come with their sentences; in other languages by the rule that made them. */
const NO_STEPS: Compiled = {};
const LOADERS: Readonly<Record<LanguageCode, () => Promise<readonly [Compiled, Compiled]>>> = {
  en: async () => [ENGLISH, NO_STEPS],
  es: async () => {
    const [own, steps] = await Promise.all([import("../messages/remedy/es.json"), import("../messages/steps/es.json")]);
    return [own.default as unknown as Compiled, steps.default as unknown as Compiled];
  },
  ar: async () => {
    const [own, steps] = await Promise.all([import("../messages/remedy/ar.json"), import("../messages/steps/ar.json")]);
    return [own.default as unknown as Compiled, steps.default as unknown as Compiled];
  },
};

interface Loaded {
  readonly words: Words;
  /** Answers the key itself where there is no sentence. */
  readonly steps: TranslateKeys<string>;
}

const WordsContext = createContext<Loaded | undefined>(undefined);

/** Loads the sentences in the page's language; in English if they can't be loaded. */
export const WordsProvider = ({ children }: { readonly children: ReactNode }) => {
  const { code, translate } = useLanguage();
  const [loaded, setLoaded] = useState<Loaded>();
  useEffect(() => {
    let current = true;
    const show = ([catalogue, steps]: readonly [Compiled, Compiled]): void => {
      if (!current) return;
      const own = createTranslate(code, catalogue);
      setLoaded({
        words: (key, values) => (key in ENGLISH ? own(key, values) : translate(key as MessageKey, values)),
        steps: createTranslate(code, steps),
      });
    };
    LOADERS[code]().then(show, () => show([ENGLISH, NO_STEPS]));
    return () => {
      current = false;
    };
  }, [code, translate]);
  const t = useText();
  return loaded === undefined ? (
    <p role="status">{t("app.loading")}</p>
  ) : (
    <WordsContext value={loaded}>{children}</WordsContext>
  );
};

const useLoaded = (): Loaded => {
  const loaded = use(WordsContext);
  if (loaded === undefined) throw new Error("no WordsProvider above");
  return loaded;
};

export const useWords = (): Words => useLoaded().words;

export const useStepCatalogue = (): TranslateKeys<string> => useLoaded().steps;
