/**
 * Every sentence of the page comes through here: `useText()` gives a function from a key and its arguments to text in
 * the language the person reads. Catalogues are compiled at build time; those beside English load when needed.
 */
import type { MessageFormatElement } from "@formatjs/icu-messageformat-parser";
import { IntlMessageFormat } from "intl-messageformat";
import { createContext, type ReactNode, use, useCallback, useEffect, useMemo, useState } from "react";
import english from "./en.json";

export type MessageKey = keyof typeof english;
/** A catalogue as the build makes it of its JSON. */
export type Compiled = Readonly<Record<string, string | MessageFormatElement[]>>;
type Values = Readonly<Record<string, string | number | Date>>;
export type TranslateKeys<Key extends string> = (key: Key, values?: Values) => string;
export type Translate = TranslateKeys<MessageKey>;

export const LANGUAGES = [
  { code: "en", name: "English", direction: "ltr" },
  { code: "es", name: "Español", direction: "ltr" },
  { code: "ar", name: "العربية", direction: "rtl" },
] as const;
export type LanguageCode = (typeof LANGUAGES)[number]["code"];

// What the build makes of a catalogue differs from what the JSON says, hence the casts.
const ENGLISH = english as unknown as Compiled;

/** English is part of the page: whatever can't be loaded, there is a language. */
const LOADERS: Readonly<Record<LanguageCode, () => Promise<Compiled>>> = {
  en: async () => ENGLISH,
  es: async () => (await import("./es.json")).default as unknown as Compiled,
  ar: async () => (await import("./ar.json")).default as unknown as Compiled,
};

interface Language {
  readonly code: LanguageCode;
  readonly translate: Translate;
  readonly choose: (code: LanguageCode) => void;
}

const LanguageContext = createContext<Language | undefined>(undefined);

/** The first language of the browser that there is a catalogue for. */
const preferredLanguage = (): LanguageCode => {
  for (const wanted of navigator.languages) {
    const found = LANGUAGES.find(({ code }) => wanted.toLowerCase().split("-")[0] === code);
    if (found !== undefined) return found.code;
  }
  return "en";
};

/** The language as the person's region writes dates, with the digits that case numbers have. */
export const localeOf = (code: LanguageCode): string => {
  const regional = navigator.languages.find((wanted) => wanted.toLowerCase().split("-")[0] === code);
  return `${regional ?? code}-u-nu-latn`;
};

export const createTranslate = (code: LanguageCode, catalogue: Compiled): TranslateKeys<string> => {
  const formats = new Map<string, IntlMessageFormat>();
  return (key, values) => {
    const message = catalogue[key];
    if (message === undefined) return key;
    if (typeof message === "string") return message;
    let format = formats.get(key);
    if (format === undefined) {
      format = new IntlMessageFormat(message, localeOf(code));
      formats.set(key, format);
    }
    return String(format.format(values));
  };
};

export const LanguageProvider = ({ children }: { readonly children: ReactNode }) => {
  const [wanted, setWanted] = useState<LanguageCode>(preferredLanguage);
  const [loaded, setLoaded] = useState<{ readonly code: LanguageCode; readonly translate: Translate } | undefined>(() =>
    wanted === "en" ? { code: "en", translate: createTranslate("en", ENGLISH) } : undefined,
  );
  useEffect(() => {
    let current = true;
    const show = (code: LanguageCode, catalogue: Compiled): void => {
      if (current) setLoaded({ code, translate: createTranslate(code, catalogue) });
    };
    LOADERS[wanted]().then(
      (catalogue) => show(wanted, catalogue),
      () => show("en", ENGLISH),
    );
    return () => {
      current = false;
    };
  }, [wanted]);
  useEffect(() => {
    if (loaded === undefined) return;
    document.documentElement.lang = loaded.code;
    document.documentElement.dir = LANGUAGES.find(({ code }) => code === loaded.code)?.direction ?? "ltr";
    document.title = loaded.translate("app.title");
  }, [loaded]);
  const choose = useCallback((code: LanguageCode) => setWanted(code), []);
  const language = useMemo(() => (loaded === undefined ? undefined : { ...loaded, choose }), [loaded, choose]);
  return language === undefined ? null : <LanguageContext value={language}>{children}</LanguageContext>;
};

export const useLanguage = (): Language => {
  const language = use(LanguageContext);
  if (language === undefined) throw new Error("no LanguageProvider above");
  return language;
};

export const useText = (): Translate => useLanguage().translate;
