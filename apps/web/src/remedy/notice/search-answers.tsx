/** A search engine's form: the answers to what it demands, and the links in lists that fit, each to be copied. */
import { type Facts, type Regime, type SearchForm, searchForms } from "@recourse/remedy";
import { useState } from "react";
import { Button } from "../../design/button.tsx";
import { Notice as Box } from "../../design/notice.tsx";
import { OutsideLink } from "../../design/outside-link.tsx";
import { copyText } from "./copy-text.ts";
import { English } from "../law-words.tsx";
import { needOf } from "./notice-checklist.tsx";
import { useWords } from "../words.tsx";

/** So many lists are shown at once. */
const SHOWN_LISTS = 10;

interface LinkListsProps {
  readonly form: SearchForm;
  readonly onCopy: (text: string) => void;
}

const LinkLists = ({ form: { lists, maxUrls, limitVerified }, onCopy }: LinkListsProps) => {
  const t = useWords();
  const [shown, setShown] = useState(SHOWN_LISTS);
  const size = lists[0]?.length ?? 0;
  return (
    <>
      <p>
        {maxUrls === null ? t("search.limit.unknown") : t("search.limit", { limit: maxUrls })}{" "}
        <span className="tag">{t(`mark.${limitVerified}`)}</span>
      </p>
      <ol className="list">
        {lists.slice(0, shown).map((urls, index) => {
          const first = index * size + 1;
          const name = t("search.links", { from: first, to: first + urls.length - 1, count: urls.length });
          return (
            <li key={first}>
              <strong>{name}</strong>
              {/* Shown, never to be pressed: nobody has to see the page again by a slip. */}
              <ul className="links small">
                {urls.map((url) => (
                  <li key={url} className="code" dir="ltr">
                    {url}
                  </li>
                ))}
              </ul>
              <Button kind="quiet" onPress={() => onCopy(urls.join("\n"))}>
                {t("search.copy", { what: name })}
              </Button>
            </li>
          );
        })}
      </ol>
      {lists.length > shown && (
        <Button kind="secondary" onPress={() => setShown(shown + SHOWN_LISTS)}>
          {t("search.more", { count: lists.length - shown })}
        </Button>
      )}
    </>
  );
};

interface SearchAnswersProps {
  readonly facts: Facts;
  readonly regime: Regime;
  readonly urls: readonly string[];
  readonly language: string;
}

/** Nothing while answers are missing: the fields above ask for them. */
export const SearchAnswers = ({ facts, regime, urls, language }: SearchAnswersProps) => {
  const t = useWords();
  const [said, setSaid] = useState("");
  const [nowMs] = useState(() => Date.now());
  const outcome = searchForms(facts, urls, { nowMs, language });
  const form = outcome.ok ? outcome.forms.find((each) => each.regime === regime.id) : undefined;
  if (form === undefined || form.state === "asks_more") return null;
  if (form.state === "not_for_this")
    return (
      <Box kind="attention">
        <p>{t("search.notFor")}</p>
      </Box>
    );
  const copy = (text: string): void => void copyText(text, t).then(setSaid);
  return (
    <section aria-labelledby="search-title">
      <h2 id="search-title">{t("search.title")}</h2>
      <p>{t("search.lead")}</p>
      {form.url?.startsWith("https://") === true && (
        <p>
          <OutsideLink site={form.url.slice("https://".length)}>{t("step.form", { name: form.name })}</OutsideLink>
        </p>
      )}
      <ul className="list">
        {form.demands.map(({ id, says, text = "" }) => {
          const need = regime.elements.find((element) => element.id === id)?.needs;
          // The links have lists of their own.
          if (need === undefined || need === "exact_urls") return null;
          return (
            <li key={id}>
              <strong>{t(needOf(need))}</strong>
              <div className="small">
                <English>{says}</English>
              </div>
              <div className="answer-text" lang={language} dir="auto">
                {text}
              </div>
              <Button kind="quiet" onPress={() => copy(text)}>
                {t("search.copy", { what: `\u2068${says}\u2069` })}
              </Button>
            </li>
          );
        })}
      </ul>
      {form.lists.length > 0 && <LinkLists form={form} onCopy={copy} />}
      <p role="status">{said}</p>
      <p className="soft">{t("search.stays")}</p>
    </section>
  );
};
