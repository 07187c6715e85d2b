import type { LawElement, Notice, Regime } from "@recourse/remedy";
import { English } from "../law-words.tsx";
import { useWords } from "../words.tsx";

const SHORT = {
  signature: "signature",
  signature_copyright: "signature",
  depiction_and_location: "what",
  material_and_location: "what",
  locations: "where",
  locations_if_known: "where",
  locations_or_threat: "where",
  exact_urls: "where",
  good_faith_nonconsent: "consent",
  contact: "contact",
  contact_full: "contact",
  name_email: "contact",
  work: "work",
  good_faith_copyright: "statement",
  accuracy_perjury: "statement",
  intimate_declaration: "statement",
  synthetic_declaration: "statement",
  bona_fide: "statement",
  erasure_ground: "statement",
  not_paid: "statement",
  removal_fee: "statement",
  subject_or_behalf: "who",
  representative: "who",
  data_subject: "who",
  vulnerability: "who",
  connection: "who",
  explanation: "why",
  risk: "why",
  circumstances: "more",
  prior_steps: "more",
  screenshots: "more",
  search_terms: "more",
  service: "more",
  concern_type: "more",
} as const satisfies Readonly<Record<LawElement["needs"], string>>;

/** The key of what an element asks for, in a word or two. */
export const needOf = (need: LawElement["needs"]) => `need.${SHORT[need]}` as const;

interface NoticeChecklistProps {
  readonly notice: Notice;
  readonly regime: Regime;
}

/** Each element that the law asks for, with its citation, and whether it is there. */
export const NoticeChecklist = ({ notice, regime }: NoticeChecklistProps) => {
  const t = useWords();
  const left = notice.elements.filter(({ missing }) => missing.length > 0).length;
  return (
    <>
      <div role="status" className={`notice ${notice.complete ? "notice-good" : "notice-plain"}`}>
        <p>{notice.complete ? t("notice.complete") : t("notice.draft", { count: left })}</p>
      </div>
      <ul className="list checklist">
        {notice.elements.map((element) => {
          const need = regime.elements.find(({ id }) => id === element.id)?.needs ?? "concern_type";
          const isThere = element.missing.length === 0;
          return (
            <li key={element.id} className={isThere ? "element-there" : ""}>
              <div className="list-head">
                <strong>{t(needOf(need))}</strong>
                <span className={isThere ? "tag tag-good" : "tag"}>
                  {t(isThere ? "notice.there" : "notice.missing")}
                </span>
              </div>
              <div className="small">
                <English>{element.says}</English>
              </div>
              <div className="soft small">
                <English>{element.citation}</English> · {t(`mark.${element.verified}`)}
              </div>
            </li>
          );
        })}
      </ul>
    </>
  );
};
