import { findLinks, groupLinks, type LinkGroup, type LinkProblem, MAX_LINKS } from "@recourse/remedy";
import { useDeferredValue, useEffect, useMemo, useRef, useState } from "react";
import { Fold } from "../../design/fold.tsx";
import { Progress } from "../../design/progress.tsx";
import { useLanguage } from "../../messages/translate.tsx";
import { AnswerField } from "../answer-field.tsx";
import { LONG_TEXT, linksOfLongText } from "./long-text.ts";
import { PlaceName } from "../place-name.tsx";
import { useWords } from "../words.tsx";

const SHOWN_GROUPS = 30;
const SHOWN_LINES = 8;
const PROBLEMS = ["not_a_place", "unreadable", "private"] as const satisfies readonly LinkProblem[];

/** What the place is called: a service by its name, else the name that was registered. */
export const placeOf = ({ service, domain }: LinkGroup): string => service?.name ?? domain;

const Group = ({ group }: { readonly group: LinkGroup }) => {
  const t = useWords();
  const [isOpen, setOpen] = useState(false);
  const { links, service } = group;
  const kind = links.every(({ isOnion }) => isOnion)
    ? "onion"
    : links.every(({ isShortener }) => isShortener)
      ? "short"
      : (service?.kind ?? "site");
  return (
    <li>
      <div className="list-head">
        <strong>
          <PlaceName>{placeOf(group)}</PlaceName>
        </strong>
        <span className="tag">{t("links.group", { count: links.length })}</span>
      </div>
      <div className="soft small">{t(`links.kind.${kind}`)}</div>
      <Fold title={t("links.show", { place: placeOf(group) })} level={2} onOpen={() => setOpen(true)}>
        {/* Shown, never to be pressed: nobody has to see the page again by a slip. */}
        {isOpen && (
          <ul className="links small">
            {links.map(({ url }) => (
              <li key={url} className="code" dir="ltr">
                {url}
              </li>
            ))}
          </ul>
        )}
      </Fold>
    </li>
  );
};

interface PasteLinksProps {
  readonly value: string;
  readonly onChange: (text: string) => void;
}

/** Any number of links in any mess, and what was found in it while it is typed. */
export const PasteLinks = ({ value, onChange }: PasteLinksProps) => {
  const t = useWords();
  const { code } = useLanguage();
  const [done, setDone] = useState<number>();
  const [wasLong, setLong] = useState(false);
  const text = useDeferredValue(value);
  const found = useMemo(() => findLinks(text), [text]);
  const groups = useMemo(() => groupLinks(found.links), [found]);
  const repaired = found.links.filter((link) => link.repaired).length;
  const latest = useRef(value);
  const isHere = useRef(true);
  useEffect(() => {
    latest.current = value;
  }, [value]);
  useEffect(() => {
    isHere.current = true;
    return () => {
      isHere.current = false;
    };
  }, []);

  const takeLong = async (long: string): Promise<void> => {
    setDone(0);
    const urls = await linksOfLongText(long, (fraction) => {
      if (isHere.current) setDone(fraction);
    });
    setDone(undefined);
    setLong(true);
    const before = latest.current.trimEnd();
    onChange(`${before}${before === "" ? "" : "\n"}${urls.join("\n")}`);
  };

  return (
    <>
      <AnswerField
        label={t("links.label")}
        hint={t("links.hint")}
        value={value}
        onChange={onChange}
        onPaste={(pasted) => {
          if (pasted.length <= LONG_TEXT) return false;
          void takeLong(pasted);
          return true;
        }}
        lines={6}
        isCode
      />
      {done !== undefined && <Progress label={t("links.reading", { percent: done })} fraction={done} />}
      <p role="status">
        {found.links.length === 0
          ? t("links.none")
          : t("links.found", { links: found.links.length, places: groups.length })}
      </p>
      {wasLong && <p className="soft small">{t("links.long")}</p>}
      {found.more && <p>{t("links.more", { limit: MAX_LINKS })}</p>}
      {repaired > 0 && <p className="soft small">{t("links.repaired", { count: repaired })}</p>}
      {PROBLEMS.map((problem) => {
        const lines = [...new Set(found.problems.filter((each) => each.problem === problem).map(({ line }) => line))];
        if (lines.length === 0) return null;
        const shown = lines.slice(0, SHOWN_LINES).map(String);
        const list = new Intl.ListFormat(code, { type: "unit" }).format(
          lines.length > SHOWN_LINES ? [...shown, "…"] : shown,
        );
        return (
          <p key={problem} className="soft small">
            {t(`links.problem.${problem}`, { lines: lines.length, list })}
          </p>
        );
      })}
      {groups.length > 0 && (
        <ul className="list">
          {groups.slice(0, SHOWN_GROUPS).map((group) => (
            <Group key={placeOf(group)} group={group} />
          ))}
        </ul>
      )}
      {groups.length > SHOWN_GROUPS && (
        <p className="soft small">{t("links.others", { count: groups.length - SHOWN_GROUPS })}</p>
      )}
    </>
  );
};
