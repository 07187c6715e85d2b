/**
 * The words by which pages name their ways of contact, in the languages of the largest platforms. A word tells a
 * purpose; which of several counts is decided by their order here.
 */
import type { ContactPurpose } from "./contact.ts";

export interface PurposeWords {
  readonly purpose: ContactPurpose;
  /** What the text of a link or label says. */
  readonly text: RegExp;
  /** What an address's path says. */
  readonly path: RegExp;
}

// No \b: it knows letters of English only. What would stand inside of other words is written with its surroundings.
export const PURPOSE_WORDS: readonly PurposeWords[] = [
  {
    purpose: "ncii",
    text: /non-?consensual|\bncii\b|revenge ?porn|intimate (?:image|picture|photo|content|visual)|take it down act|content removal request|remove (?:my|a) (?:video|photo|picture|content)|im[aá]genes? [ií]ntimas?|contenido [ií]ntimo|sin (?:mi |su )?consentimiento|racheporno|intime (?:bilder|aufnahmen)|ohne einwilligung|images? intimes?|contenu intime|sans (?:mon |votre )?consentement|immagini intime|senza (?:il mio )?consenso|imagens? [ií]ntimas?|sem (?:o meu |seu )?consentimento|リベンジポルノ|性的画像|私事性的|интимн|без согласия|صور حميمة|صور خاصة دون|دون موافقة/iu,
    path: /ncii|non-?consensual|revenge-?porn|intimate|take-?it-?down|content-?removal|remove-?(?:my-?)?(?:content|video|photo)/iu,
  },
  {
    purpose: "dmca",
    text: /dmca|copyright (?:complaint|infringement|notice|claim|agent|report)|report copyright|infracci[oó]n de derechos|derechos de autor|urheberrechts(?:verletzung|beschwerde)|violation du droit d.auteur|droits? d.auteur|violazione del copyright|diritto d.autore|direitos autorais|著作権侵害|авторск|حقوق (?:النشر|الملكية|المؤلف)/iu,
    path: /dmca|copyright[-_/]?(?:complaint|infringement|notice|claim|agent|report|removal)|report[-_]?copyright/iu,
  },
  {
    purpose: "abuse",
    text: /report (?:abuse|content|this|a |illegal|an? )|abuse|illegal content|\bflag (?:this|content)|notice (?:and|&) action|denunciar|reportar|contenido il[ií]cito|contenido ilegal|abuso|missbrauch|melden|illegale inhalte|rechtswidrige inhalte|signaler|contenu illicite|abus\b|segnala|contenuti illegali|contenuto illecito|den[uú]nci|conte[uú]do ilegal|通報|違反(?:報告|を報告)|不適切|削除依頼|пожаловат|жалоб|нарушени|إبلاغ|الإبلاغ|بلاغ|إساءة/iu,
    path: /abuse|report(?![a-z])|denunci|missbrauch|melden|signal(?:er|ement)|segnala|flag(?![a-z])|notice-?(?:and-?)?action|\bdsa\b|tsuho|jalob/iu,
  },
  {
    purpose: "privacy",
    text: /privacy|data protection|privacidad|protecci[oó]n de datos|datenschutz|confidentialit|protection des donn|vie priv|riservatezza|protezione dei dati|privacidade|prote[cç][aã]o de dados|プライバシー|個人情報|конфиденциальност|персональных данных|الخصوصية|حماية البيانات|\bgdpr\b|\brgpd\b|\bdsgvo\b|\bdpo\b/iu,
    path: /privacy|privacidad|datenschutz|confidentialit|vie-?privee|riservatezza|privacidade|gdpr|rgpd|dsgvo/iu,
  },
  {
    purpose: "legal",
    text: /legal|imprint|terms|aviso legal|impressum|mentions l[eé]gales|note legali|termini|termos|利用規約|特定商取引|運営会社|правов|условия|شروط|قانون/iu,
    path: /legal|imprint|impressum|mentions-?legales|aviso-?legal|note-?legali|terms|tos(?![a-z])/iu,
  },
  {
    purpose: "general",
    text: /contact|support|help|contacto|ayuda|kontakt|hilfe|contactez|aide|contatti|assistenza|contato|ajuda|fale conosco|お問い?合わせ|問い合わせ|ヘルプ|связ|контакт|поддержк|помощь|اتصل|تواصل|مساعدة|الدعم/iu,
    path: /contact|support|help|kontakt|contatt|ayuda|aide|ajuda|inquiry/iu,
  },
];

/** The names before the @ that tell what an address is for. */
export const MAIL_NAMES: readonly (readonly [purpose: ContactPurpose, name: RegExp])[] = [
  ["ncii", /^(?:ncii|takeitdown|take-it-down|removals?|content-?removal|delete-?me)$/iu],
  ["dmca", /^(?:dmca|copyrights?|dmca-?agent|copyright-?agent|ip|piracy)$/iu],
  [
    "abuse",
    /^(?:abuse|abus|abuso|missbrauch|report|reports|reporting|notice|dsa|dsa-?contact|trust|safety|trust-?(?:and-?)?safety|complaints?|denuncias?|segnalazioni|signalement|zhaloba)$/iu,
  ],
  ["privacy", /^(?:privacy|dpo|gdpr|rgpd|datenschutz|privacidad|privacidade|data-?protection|dataprotection|dsb)$/iu],
  ["legal", /^(?:legal|law|legals|recht|juridique|juridico|compliance)$/iu],
  ["security", /^(?:security|secure|psirt|cert)$/iu],
  [
    "general",
    /^(?:contact|contacto|contato|kontakt|info|support|help|helpdesk|admin|webmaster|hello|office|hostmaster|inquiry|mail|service)$/iu,
  ],
];

/** Addresses that are nobody's: of examples, and of what sends without reading. */
export const NOBODY =
  /^(?:no-?reply|do-?not-?reply|mailer-daemon|postmaster|example|name|user|your-?name|you|email|test)$/iu;
