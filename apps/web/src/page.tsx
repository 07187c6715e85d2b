import type { ReactNode } from "react";
import { ExitButton } from "./exit/exit-button.tsx";
import { exitPage } from "./exit/exit-page.ts";
import { LANGUAGES, useLanguage } from "./messages/translate.tsx";
import { Support } from "./support/support.tsx";

const LanguageChoice = () => {
  const { code, choose, translate: t } = useLanguage();
  return (
    <label className="language">
      <span className="visually-hidden">{t("app.language")}</span>
      <select
        value={code}
        onChange={(event) => {
          const found = LANGUAGES.find((each) => each.code === event.target.value);
          if (found !== undefined) choose(found.code);
        }}
      >
        {LANGUAGES.map((each) => (
          <option key={each.code} value={each.code} lang={each.code}>
            {each.name}
          </option>
        ))}
      </select>
    </label>
  );
};

/** What is on every screen: the ways out at the top, people to talk to at the bottom. */
export const Page = ({ children }: { readonly children: ReactNode }) => {
  const { translate: t } = useLanguage();
  return (
    <div className="page">
      <a className="skip-link" href="#main">
        {t("app.skip")}
      </a>
      <button className="skip-link" type="button" onClick={exitPage}>
        {t("exit.focus")}
      </button>
      <header className="page-header">
        <div className="page-header-inner">
          <ExitButton />
          <LanguageChoice />
        </div>
      </header>
      <main id="main" className="page-main" tabIndex={-1}>
        {children}
      </main>
      <footer className="page-footer">
        <div className="page-footer-inner">
          <Support />
        </div>
      </footer>
    </div>
  );
};
