/**
 * Pages made by hand after what footers, forms and legal pages of real sites look like, in eight languages. The names
 * are of nobody. `best` is the contact a careful person would use first; `sure` are others that may be called sure.
 */
export interface PageCase {
  readonly name: string;
  readonly url: string;
  readonly html: string;
  /** "purpose address"; none: the page offers nothing. */
  readonly best: string | undefined;
  readonly sure?: readonly string[];
}

const footer = (...links: readonly (readonly [href: string, text: string])[]): string =>
  `<!doctype html><html><body><main><h1>Video</h1><p>1,204 views</p></main><footer><ul>${links
    .map(([href, text]) => `<li><a href="${href}">${text}</a></li>`)
    .join("")}</ul></footer></body></html>`;

const page = (name: string, html: string, best: string | undefined, ...sure: readonly string[]): PageCase => ({
  name,
  url: "https://www.pictures-site.com/watch/123",
  html,
  best,
  sure,
});
const S = "https://www.pictures-site.com";

export const PAGES: readonly PageCase[] = [
  // English
  page(
    "en: content removal in the footer",
    footer(
      ["/terms", "Terms"],
      ["/privacy", "Privacy"],
      ["/content-removal", "Content Removal Request"],
      ["/dmca", "DMCA"],
    ),
    `ncii ${S}/content-removal`,
    `dmca ${S}/dmca`,
    `privacy ${S}/privacy`,
  ),
  page(
    "en: NCII by name",
    footer(["/2257", "2257"], ["/ncii", "Non-Consensual Content"], ["/contact", "Contact"]),
    `ncii ${S}/ncii`,
  ),
  page(
    "en: report abuse and DMCA",
    footer(["/dmca.html", "DMCA / Copyright"], ["/report-abuse", "Report Abuse"], ["https://twitter.com/x", "Twitter"]),
    `dmca ${S}/dmca.html`,
    `abuse ${S}/report-abuse`,
  ),
  page(
    "en: only a contact page",
    footer(["/about", "About"], ["/contact-us", "Contact us"]),
    `general ${S}/contact-us`,
  ),
  page(
    "en: mail of the abuse desk",
    `<p>Report illegal content to <a href="mailto:abuse@pictures-site.com">abuse@pictures-site.com</a></p>`,
    "abuse abuse@pictures-site.com",
  ),
  page(
    "en: mail in plain text",
    `<footer>Abuse: abuse@pictures-site.com | Privacy: privacy@pictures-site.com</footer>`,
    "abuse abuse@pictures-site.com",
    "privacy privacy@pictures-site.com",
  ),
  page(
    "en: mail hidden from robots",
    `<p>DMCA agent: dmca [at] pictures-site [dot] com</p>`,
    "dmca dmca@pictures-site.com",
  ),
  page(
    "en: mail with a subject",
    `<a href="mailto:dmca%40pictures-site.com?subject=Takedown">Copyright infringement</a>`,
    "dmca dmca@pictures-site.com",
  ),
  page(
    "en: report beside a post",
    `<article><a href="/p/123/report">Report this post</a></article>`,
    `abuse ${S}/p/123/report`,
  ),
  page(
    "en: a form of its own",
    `<form action="/removal/submit" id="take-it-down"><h2>Take It Down Act request</h2><label>URL</label><input name=u></form>`,
    `ncii ${S}/watch/123`,
  ),
  page(
    "en: contact form only",
    `<form action="/mail.php"><label>Your message to us</label><textarea></textarea></form><a href="/help">Help</a>`,
    `general ${S}/help`,
  ),
  page(
    "en: nothing at all",
    `<html><body><video src="x.mp4"></video><a href="/next">Next</a></body></html>`,
    undefined,
  ),
  page(
    "en: support address that abuse mail goes to",
    `<p>To report abuse write to support@pictures-site.com</p>`,
    "abuse support@pictures-site.com",
  ),
  page(
    "en: an agent with another domain",
    `<p>Our designated DMCA agent: <a href="mailto:dmca@agents-of-law.com">dmca@agents-of-law.com</a></p>`,
    "dmca dmca@agents-of-law.com",
  ),
  page(
    "en: words in a script do not count",
    `<script>var a='<a href="/dmca">DMCA</a> abuse@pictures-site.com'</script><a href="/contact">Contact</a>`,
    `general ${S}/contact`,
  ),
  page(
    "en: no-reply is nobody",
    `<p>Sent by noreply@pictures-site.com</p><a href="/support">Support</a>`,
    `general ${S}/support`,
  ),
  page(
    "en: an icon with a title",
    `<a href="/report?id=5" title="Report content"><img src="flag.svg" alt=""></a>`,
    `abuse ${S}/report?id=5`,
  ),
  page(
    "en: relative to a base",
    `<base href="https://www.pictures-site.com/en/"><a href="legal/dmca">DMCA notice</a>`,
    `dmca ${S}/en/legal/dmca`,
  ),
  page(
    "en: the search engine's own help is not the site's",
    footer(
      ["https://support.google.com/websearch/answer/6302812", "Remove my content from Google"],
      ["/contact", "Contact"],
    ),
    `general ${S}/contact`,
  ),
  page(
    "en: a person's own mail is not sure",
    `<p>Written by jane.roe@mail-service.net</p>`,
    "general jane.roe@mail-service.net",
  ),
  page(
    "en: imprint mail under a label",
    `<address>Legal department: legal@pictures-site.com</address>`,
    "legal legal@pictures-site.com",
  ),
  page(
    "en: trust and safety",
    `<p>Trust &amp; Safety team: <a href="mailto:trust@pictures-site.com">e-mail us</a></p>`,
    "abuse trust@pictures-site.com",
  ),
  // Spanish
  page(
    "es: denunciar",
    footer(["/aviso-legal", "Aviso legal"], ["/privacidad", "Privacidad"], ["/denunciar", "Denunciar contenido"]),
    `abuse ${S}/denunciar`,
    `privacy ${S}/privacidad`,
  ),
  page(
    "es: imágenes íntimas",
    footer(["/ayuda", "Ayuda"], ["/retirar/intimate", "Retirar imágenes íntimas"]),
    `ncii ${S}/retirar/intimate`,
  ),
  page(
    "es: derechos de autor",
    footer(["/copyright-claim", "Infracción de derechos de autor"], ["/contacto", "Contacto"]),
    `dmca ${S}/copyright-claim`,
  ),
  page(
    "es: correo con arroba",
    `<p>Para denunciar: abuso (arroba) pictures-site.com</p>`,
    "abuse abuso@pictures-site.com",
  ),
  page("es: delegado de datos", `<p>Protección de datos: dpo@pictures-site.com</p>`, "privacy dpo@pictures-site.com"),
  page("es: contacto", footer(["/quienes-somos", "Quiénes somos"], ["/contacto", "Contacto"]), `general ${S}/contacto`),
  // German
  page(
    "de: Missbrauch melden",
    footer(["/impressum", "Impressum"], ["/datenschutz", "Datenschutz"], ["/missbrauch-melden", "Missbrauch melden"]),
    `abuse ${S}/missbrauch-melden`,
    `privacy ${S}/datenschutz`,
  ),
  page(
    "de: Meldung nach DSA",
    footer(["/dsa/melden", "Rechtswidrige Inhalte melden (DSA)"], ["/kontakt", "Kontakt"]),
    `abuse ${S}/dsa/melden`,
  ),
  page(
    "de: Impressum mit Adresse",
    `<h1>Impressum</h1><address>Beispiel GmbH<br>E-Mail: info@pictures-site.com<br>Jugendschutz: jugend@pictures-site.com</address>`,
    "general info@pictures-site.com",
  ),
  page(
    "de: Urheberrecht",
    footer(["/copyright/claim", "Urheberrechtsverletzung"], ["/agb", "AGB"]),
    `dmca ${S}/copyright/claim`,
  ),
  page("de: intime Bilder", footer(["/hilfe", "Hilfe"], ["/ncii", "Intime Aufnahmen entfernen"]), `ncii ${S}/ncii`),
  page("de: Adresse in Klammern", `<p>Meldungen an abuse (ät) pictures-site.com</p>`, "abuse abuse@pictures-site.com"),
  page("de: nur Impressum", footer(["/impressum", "Impressum"]), `legal ${S}/impressum`),
  // French
  page(
    "fr: signaler",
    footer(["/mentions-legales", "Mentions légales"], ["/signaler", "Signaler un contenu illicite"]),
    `abuse ${S}/signaler`,
  ),
  page(
    "fr: images intimes",
    footer(["/aide", "Aide"], ["/retrait/non-consensual", "Images intimes sans consentement"]),
    `ncii ${S}/retrait/non-consensual`,
  ),
  page(
    "fr: droit d’auteur",
    footer(["/dmca", "Violation du droit d’auteur"], ["/contact", "Contactez-nous"]),
    `dmca ${S}/dmca`,
  ),
  page(
    "fr: abus par courriel",
    `<p>Pour signaler un abus : <a href="mailto:abus@pictures-site.com">abus@pictures-site.com</a></p>`,
    "abuse abus@pictures-site.com",
  ),
  page("fr: données", footer(["/confidentialite", "Confidentialité"], ["/cgu", "CGU"]), `privacy ${S}/confidentialite`),
  page(
    "fr: contact",
    footer(["/qui-sommes-nous", "Qui sommes-nous"], ["/contact", "Contactez-nous"]),
    `general ${S}/contact`,
  ),
  // Italian
  page(
    "it: segnala",
    footer(["/note-legali", "Note legali"], ["/segnala", "Segnala contenuto illecito"]),
    `abuse ${S}/segnala`,
  ),
  page(
    "it: immagini intime",
    footer(["/rimozione/intimate", "Rimozione di immagini intime"], ["/contatti", "Contatti"]),
    `ncii ${S}/rimozione/intimate`,
  ),
  page(
    "it: diritto d’autore",
    footer(["/copyright-notice", "Violazione del copyright"], ["/privacy", "Riservatezza"]),
    `dmca ${S}/copyright-notice`,
    `privacy ${S}/privacy`,
  ),
  page(
    "it: segnalazioni per posta",
    `<p>Segnalazioni: segnalazioni@pictures-site.com</p>`,
    "abuse segnalazioni@pictures-site.com",
  ),
  page("it: contatti", footer(["/chi-siamo", "Chi siamo"], ["/contatti", "Contatti"]), `general ${S}/contatti`),
  // Portuguese
  page("pt: denunciar", footer(["/termos", "Termos"], ["/denuncia", "Denúncia de conteúdo"]), `abuse ${S}/denuncia`),
  page(
    "pt: imagens íntimas",
    footer(["/ajuda", "Ajuda"], ["/remover/intimate", "Remover imagens íntimas"]),
    `ncii ${S}/remover/intimate`,
  ),
  page("pt: direitos autorais", footer(["/dmca", "Direitos autorais"], ["/contato", "Contato"]), `dmca ${S}/dmca`),
  page("pt: denúncias", `<p>Denúncias: denuncias@pictures-site.com</p>`, "abuse denuncias@pictures-site.com"),
  page("pt: fale conosco", footer(["/fale-conosco", "Fale conosco"]), `general ${S}/fale-conosco`),
  // Japanese
  page("ja: 削除依頼", footer(["/kiyaku", "利用規約"], ["/report", "削除依頼・通報"]), `abuse ${S}/report`),
  page("ja: 著作権侵害", footer(["/dmca", "著作権侵害の申し立て"], ["/contact", "お問い合わせ"]), `dmca ${S}/dmca`),
  page("ja: リベンジポルノ", footer(["/ncii", "リベンジポルノの相談"], ["/help", "ヘルプ"]), `ncii ${S}/ncii`),
  page("ja: お問い合わせ", footer(["/inquiry", "お問い合わせ"]), `general ${S}/inquiry`),
  page("ja: メール", `<p>通報窓口：abuse＠pictures-site.com</p>`, "abuse abuse@pictures-site.com"),
  page("ja: 運営会社", footer(["/company", "運営会社"]), `legal ${S}/company`),
  // Arabic
  page("ar: الإبلاغ", footer(["/terms", "الشروط"], ["/report", "الإبلاغ عن محتوى"]), `abuse ${S}/report`),
  page("ar: حقوق النشر", footer(["/dmca", "حقوق النشر"], ["/contact", "اتصل بنا"]), `dmca ${S}/dmca`),
  page("ar: صور حميمة", footer(["/ncii", "إزالة صور حميمة"], ["/help", "مساعدة"]), `ncii ${S}/ncii`),
  page("ar: الخصوصية", footer(["/privacy", "سياسة الخصوصية"]), `privacy ${S}/privacy`),
  page("ar: تواصل", footer(["/contact", "تواصل معنا"]), `general ${S}/contact`),
  // Traps
  page(
    "trap: a video named after abuse",
    `<a href="/watch/99">Substance abuse, a documentary</a><a href="/contact">Contact</a>`,
    `general ${S}/contact`,
  ),
  page(
    "trap: another site's DMCA badge",
    footer(["https://www.dmca.com/Protection/Status.aspx", "DMCA protected"], ["/contact", "Contact"]),
    `general ${S}/contact`,
  ),
  page(
    "trap: financial reports",
    footer(["/annual-reports", "Annual reports"], ["/contact", "Contact"]),
    `general ${S}/contact`,
  ),
  page(
    "trap: an address of an example",
    `<p>Enter your mail, such as you@example.com</p><a href="/help">Help</a>`,
    `general ${S}/help`,
  ),
];
