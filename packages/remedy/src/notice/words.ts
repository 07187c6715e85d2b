/**
 * The sentences of notices, a language a constant. English says what the laws' own words ask for; the others were
 * written by the project and wait for native readers, which docs/remedy.md says.
 */
import type { NoticeWords } from "./elements.ts";

const en = {
  subject: "Notice: intimate image shared without consent ({name})",
  greeting: "To whom it may concern at {recipient},",
  intro: "This is a notice under {regime} ({citation}).",
  deadline: "The time for it: {says}",
  ask: "Please remove it, remove identical copies, and keep it from being uploaded again. Please confirm receipt and tell me what you decided, and why.",
  no_forward:
    "Please do not pass this notice, my name or my contact details on to the uploader, the site's operator or any public archive.",
  no_image: "No picture is attached, and none will be sent.",
  label_signature: "Signature",
  signed_by_hand: "Signed by hand on {date}; the signature is in the PDF of this letter.",
  label_what: "What it is",
  person_shown: "the person shown",
  i_am_shown: "I am the person shown.",
  i_act_for: "I act on behalf of {name}. My authority: {authority}.",
  recognisable_by: "Recognisable by: {by}.",
  by_face: "face",
  by_body: "body",
  by_mark: "a mark such as a tattoo or birthmark",
  by_voice: "voice",
  by_name: "a name beside it",
  by_surroundings: "surroundings",
  good_faith_nonconsent:
    "I believe in good faith that this depiction was published without the consent of the person shown.",
  consent_never: "They never agreed to its being made or shared.",
  consent_private_only: "It was made or sent in confidence, for one person; they never agreed to its being published.",
  consent_withdrawn: "An earlier consent was withdrawn.",
  origin_self: "They took it themselves.",
  origin_other: "Somebody else took it.",
  origin_synthetic: "It was made or altered by digital means and looks real.",
  copyright_owner: "I am the owner of the copyright in the work, or authorised to act for the owner.",
  work: "The work is an original photograph or recording: {description}{taken}. It was not licensed to anybody.",
  good_faith_copyright:
    "I have a good-faith belief that the use of the material in the manner complained of is not authorised by the copyright owner, its agent, or the law.",
  accuracy_perjury:
    "The information in this notice is accurate, and under penalty of perjury, I am authorised to act on behalf of the owner of an exclusive right that is allegedly infringed.",
  intimate: "I declare that it is an intimate image: it shows the person nude, partly nude or in a sexual act.",
  synthetic: "The imagery is fake: it was made or altered to show the person nude or in a sexual act.",
  illegal_because:
    "Publishing an intimate image of a person without their consent is illegal: it infringes their right to their own image and to the protection of their personal data, and is an offence in many member states.",
  bona_fide: "I have a bona fide belief that the information and allegations in this notice are accurate and complete.",
  erasure_ground:
    "I ask for erasure: the data is processed unlawfully, without my consent and against my overriding interest (Art. 17(1)(c) and (d)). If it was made public, please inform other controllers (Art. 17(2)).",
  risk: "There is reason to fear that it will be shared.",
  already_shared: "It was published without consent.",
  places_unknown: "Where it is or may appear is not known.",
  threat: "There is a threat to share it: {where}",
  vulnerable_yes: "The person is specially vulnerable.",
  vulnerable_no: "The person is not specially vulnerable.",
  vulnerable_unsure: "Whether the person is specially vulnerable is not certain.",
  lives_in: "The person lives in {country}.",
  screenshots: "Screenshots of posts and messages, without the intimate image, are kept and can be sent.",
  not_paid: "The person is not currently being paid for it.",
  removal_fee: "The site asks for money to remove it.",
  service_bing: "Bing",
  concern_ncii: "Non-consensual intimate imagery",
} as const;

export type WordKey = keyof typeof en;
type Words = Readonly<Record<WordKey, string>>;

const es: Words = {
  subject: "Notificación: imagen íntima difundida sin consentimiento ({name})",
  greeting: "A quien corresponda en {recipient}:",
  intro: "Esta es una notificación conforme a {regime} ({citation}).",
  deadline: "Plazo: {says}",
  ask: "Les pido que la retiren, que retiren las copias idénticas y que impidan que se vuelva a subir. Confirmen la recepción y comuníquenme su decisión y los motivos.",
  no_forward:
    "No transmitan esta notificación, mi nombre ni mis datos de contacto a quien la publicó, al operador del sitio ni a ningún archivo público.",
  no_image: "No se adjunta ninguna imagen ni se enviará ninguna.",
  label_signature: "Firma",
  signed_by_hand: "Firmado a mano el {date}; la firma está en el PDF de esta carta.",
  label_what: "De qué se trata",
  person_shown: "la persona que aparece",
  i_am_shown: "Soy la persona que aparece.",
  i_act_for: "Actúo en nombre de {name}. Mi autorización: {authority}.",
  recognisable_by: "Se la reconoce por: {by}.",
  by_face: "la cara",
  by_body: "el cuerpo",
  by_mark: "una marca, como un tatuaje o un lunar",
  by_voice: "la voz",
  by_name: "un nombre que aparece al lado",
  by_surroundings: "el entorno",
  good_faith_nonconsent: "Creo de buena fe que esta imagen se publicó sin el consentimiento de la persona que aparece.",
  consent_never: "Nunca consintió que se hiciera ni que se difundiera.",
  consent_private_only: "Se hizo o se envió en confianza, a una sola persona; nunca consintió que se publicara.",
  consent_withdrawn: "Un consentimiento anterior fue retirado.",
  origin_self: "La tomó ella misma.",
  origin_other: "La tomó otra persona.",
  origin_synthetic: "Se creó o alteró por medios digitales y parece real.",
  copyright_owner: "Soy titular de los derechos de autor de la obra, o tengo autorización para actuar por su titular.",
  work: "La obra es una fotografía o grabación original: {description}{taken}. No se ha licenciado a nadie.",
  good_faith_copyright:
    "Creo de buena fe que el uso del material no está autorizado por el titular de los derechos, su agente o la ley.",
  accuracy_perjury:
    "La información de esta notificación es exacta y, bajo pena de perjurio, estoy autorizado a actuar en nombre del titular de un derecho exclusivo presuntamente infringido.",
  intimate: "Declaro que es una imagen íntima: muestra a la persona desnuda, parcialmente desnuda o en un acto sexual.",
  synthetic: "La imagen es falsa: se creó o alteró para mostrar a la persona desnuda o en un acto sexual.",
  illegal_because:
    "Publicar una imagen íntima de una persona sin su consentimiento es ilegal: vulnera su derecho a la propia imagen y a la protección de sus datos personales, y es delito en muchos Estados miembros.",
  bona_fide: "Creo de buena fe que la información y las alegaciones de esta notificación son exactas y completas.",
  erasure_ground:
    "Solicito la supresión: los datos se tratan ilícitamente, sin mi consentimiento y en contra de mi interés prevalente (art. 17.1 c y d). Si se han hecho públicos, informen a los demás responsables (art. 17.2).",
  risk: "Hay motivos para temer que se difunda.",
  already_shared: "Se publicó sin consentimiento.",
  places_unknown: "No se sabe dónde está o dónde puede aparecer.",
  threat: "Hay una amenaza de difundirla: {where}",
  vulnerable_yes: "La persona es especialmente vulnerable.",
  vulnerable_no: "La persona no es especialmente vulnerable.",
  vulnerable_unsure: "No es seguro si la persona es especialmente vulnerable.",
  lives_in: "La persona vive en {country}.",
  screenshots: "Se conservan capturas de publicaciones y mensajes, sin la imagen íntima, y pueden enviarse.",
  not_paid: "La persona no cobra actualmente por ella.",
  removal_fee: "El sitio pide dinero por retirarla.",
  service_bing: "Bing",
  concern_ncii: "Imágenes íntimas sin consentimiento",
};

const de: Words = {
  subject: "Meldung: intimes Bild ohne Einwilligung verbreitet ({name})",
  greeting: "Sehr geehrte Damen und Herren bei {recipient},",
  intro: "dies ist eine Meldung nach {regime} ({citation}).",
  deadline: "Frist: {says}",
  ask: "Bitte entfernen Sie es, entfernen Sie gleiche Kopien und verhindern Sie, dass es erneut hochgeladen wird. Bitte bestätigen Sie den Eingang und teilen Sie mir Ihre Entscheidung mit Begründung mit.",
  no_forward:
    "Bitte geben Sie diese Meldung, meinen Namen und meine Kontaktdaten nicht an die hochladende Person, den Betreiber der Seite oder ein öffentliches Archiv weiter.",
  no_image: "Es ist kein Bild beigefügt, und es wird keines gesendet.",
  label_signature: "Unterschrift",
  signed_by_hand: "Von Hand unterschrieben am {date}; die Unterschrift steht im PDF dieses Briefes.",
  label_what: "Worum es geht",
  person_shown: "der abgebildeten Person",
  i_am_shown: "Ich bin die abgebildete Person.",
  i_act_for: "Ich handle im Namen von {name}. Meine Vollmacht: {authority}.",
  recognisable_by: "Erkennbar an: {by}.",
  by_face: "Gesicht",
  by_body: "Körper",
  by_mark: "einem Merkmal wie Tätowierung oder Muttermal",
  by_voice: "Stimme",
  by_name: "einem Namen daneben",
  by_surroundings: "Umgebung",
  good_faith_nonconsent:
    "Ich bin in gutem Glauben überzeugt, dass diese Darstellung ohne Einwilligung der abgebildeten Person veröffentlicht wurde.",
  consent_never: "Sie hat weder der Aufnahme noch der Verbreitung je zugestimmt.",
  consent_private_only:
    "Sie entstand oder wurde gesendet im Vertrauen, für eine einzige Person; einer Veröffentlichung wurde nie zugestimmt.",
  consent_withdrawn: "Eine frühere Einwilligung wurde widerrufen.",
  origin_self: "Sie hat sie selbst aufgenommen.",
  origin_other: "Jemand anderes hat sie aufgenommen.",
  origin_synthetic: "Sie wurde digital erzeugt oder verändert und wirkt echt.",
  copyright_owner: "Ich bin Inhaber des Urheberrechts am Werk oder bevollmächtigt, für den Inhaber zu handeln.",
  work: "Das Werk ist eine eigene Fotografie oder Aufnahme: {description}{taken}. Niemandem wurde eine Nutzung erlaubt.",
  good_faith_copyright:
    "Ich bin in gutem Glauben überzeugt, dass die Nutzung weder vom Rechteinhaber, seinem Vertreter noch vom Gesetz erlaubt ist.",
  accuracy_perjury:
    "Die Angaben in dieser Meldung sind richtig, und ich erkläre unter Strafandrohung des Meineids, dass ich befugt bin, für den Inhaber eines ausschließlichen Rechts zu handeln, das verletzt sein soll.",
  intimate:
    "Ich erkläre, dass es ein intimes Bild ist: Es zeigt die Person nackt, teilweise nackt oder bei einer sexuellen Handlung.",
  synthetic:
    "Das Bild ist gefälscht: Es wurde erzeugt oder verändert, um die Person nackt oder bei einer sexuellen Handlung zu zeigen.",
  illegal_because:
    "Ein intimes Bild einer Person ohne ihre Einwilligung zu veröffentlichen, ist rechtswidrig: Es verletzt ihr Recht am eigenen Bild und den Schutz ihrer personenbezogenen Daten und ist in vielen Mitgliedstaaten strafbar.",
  bona_fide:
    "Ich bin in gutem Glauben davon überzeugt, dass die Angaben und Anführungen in dieser Meldung richtig und vollständig sind.",
  erasure_ground:
    "Ich verlange die Löschung: Die Daten werden unrechtmäßig verarbeitet, ohne meine Einwilligung und gegen mein überwiegendes Interesse (Art. 17 Abs. 1 lit. c und d). Wurden sie öffentlich gemacht, informieren Sie bitte andere Verantwortliche (Art. 17 Abs. 2).",
  risk: "Es ist zu befürchten, dass es verbreitet wird.",
  already_shared: "Es wurde ohne Einwilligung veröffentlicht.",
  places_unknown: "Wo es ist oder erscheinen könnte, ist nicht bekannt.",
  threat: "Es wird gedroht, es zu verbreiten: {where}",
  vulnerable_yes: "Die Person ist besonders schutzbedürftig.",
  vulnerable_no: "Die Person ist nicht besonders schutzbedürftig.",
  vulnerable_unsure: "Ob die Person besonders schutzbedürftig ist, ist nicht sicher.",
  lives_in: "Die Person lebt in {country}.",
  screenshots:
    "Bildschirmfotos von Beiträgen und Nachrichten, ohne das intime Bild, sind gesichert und können gesendet werden.",
  not_paid: "Die Person wird derzeit nicht dafür bezahlt.",
  removal_fee: "Die Seite verlangt Geld für die Entfernung.",
  service_bing: "Bing",
  concern_ncii: "Intime Bilder ohne Einwilligung",
};

const fr: Words = {
  subject: "Notification : image intime diffusée sans consentement ({name})",
  greeting: "À l’attention de {recipient},",
  intro: "Ceci est une notification au titre de {regime} ({citation}).",
  deadline: "Délai : {says}",
  ask: "Merci de la retirer, de retirer les copies identiques et d’empêcher une nouvelle mise en ligne. Merci de confirmer la réception et de me communiquer votre décision et ses motifs.",
  no_forward:
    "Merci de ne transmettre ni cette notification, ni mon nom, ni mes coordonnées à l’auteur de la mise en ligne, à l’exploitant du site ou à une archive publique.",
  no_image: "Aucune image n’est jointe et aucune ne sera envoyée.",
  label_signature: "Signature",
  signed_by_hand: "Signé à la main le {date} ; la signature figure dans le PDF de cette lettre.",
  label_what: "De quoi il s’agit",
  person_shown: "la personne représentée",
  i_am_shown: "Je suis la personne représentée.",
  i_act_for: "J’agis au nom de {name}. Mon pouvoir : {authority}.",
  recognisable_by: "Reconnaissable à : {by}.",
  by_face: "visage",
  by_body: "corps",
  by_mark: "un signe tel qu’un tatouage ou une tache de naissance",
  by_voice: "voix",
  by_name: "un nom affiché à côté",
  by_surroundings: "environnement",
  good_faith_nonconsent:
    "Je crois de bonne foi que cette représentation a été publiée sans le consentement de la personne représentée.",
  consent_never: "Elle n’a jamais consenti ni à sa réalisation ni à sa diffusion.",
  consent_private_only:
    "Elle a été faite ou envoyée en confiance, à une seule personne ; la publication n’a jamais été consentie.",
  consent_withdrawn: "Un consentement antérieur a été retiré.",
  origin_self: "Elle l’a prise elle-même.",
  origin_other: "Une autre personne l’a prise.",
  origin_synthetic: "Elle a été créée ou modifiée par des moyens numériques et paraît réelle.",
  copyright_owner: "Je suis titulaire du droit d’auteur sur l’œuvre, ou autorisé à agir pour son titulaire.",
  work: "L’œuvre est une photographie ou un enregistrement original : {description}{taken}. Aucune licence n’a été accordée.",
  good_faith_copyright:
    "Je crois de bonne foi que l’utilisation n’est autorisée ni par le titulaire du droit, ni par son mandataire, ni par la loi.",
  accuracy_perjury:
    "Les informations de cette notification sont exactes et, sous peine de parjure, je suis autorisé à agir au nom du titulaire d’un droit exclusif prétendument enfreint.",
  intimate:
    "Je déclare qu’il s’agit d’une image intime : elle montre la personne nue, partiellement nue ou dans un acte sexuel.",
  synthetic: "L’image est fausse : elle a été créée ou modifiée pour montrer la personne nue ou dans un acte sexuel.",
  illegal_because:
    "Publier une image intime d’une personne sans son consentement est illicite : cela porte atteinte à son droit à l’image et à la protection de ses données personnelles, et constitue une infraction dans de nombreux États membres.",
  bona_fide:
    "Je crois de bonne foi que les informations et allégations de cette notification sont exactes et complètes.",
  erasure_ground:
    "Je demande l’effacement : les données sont traitées illicitement, sans mon consentement et contre mon intérêt prépondérant (art. 17, § 1, c et d). Si elles ont été rendues publiques, merci d’informer les autres responsables (art. 17, § 2).",
  risk: "Il y a lieu de craindre qu’elle soit diffusée.",
  already_shared: "Elle a été publiée sans consentement.",
  places_unknown: "On ne sait pas où elle se trouve ni où elle peut apparaître.",
  threat: "Quelqu’un menace de la diffuser : {where}",
  vulnerable_yes: "La personne est particulièrement vulnérable.",
  vulnerable_no: "La personne n’est pas particulièrement vulnérable.",
  vulnerable_unsure: "Il n’est pas certain que la personne soit particulièrement vulnérable.",
  lives_in: "La personne vit dans ce pays : {country}.",
  screenshots:
    "Des captures des publications et messages, sans l’image intime, sont conservées et peuvent être envoyées.",
  not_paid: "La personne n’est pas actuellement rémunérée pour cette image.",
  removal_fee: "Le site demande de l’argent pour la retirer.",
  service_bing: "Bing",
  concern_ncii: "Images intimes sans consentement",
};

/** Languages that notices are written in; what there is none for is written in English. */
export const NOTICE_LANGUAGES = ["en", "es", "de", "fr"] as const;
export type NoticeLanguage = (typeof NOTICE_LANGUAGES)[number];

const WORDS: Readonly<Record<NoticeLanguage, Words>> = { en, es, de, fr };

export const wordsIn = (language: NoticeLanguage): NoticeWords => WORDS[language];

/** The first of the wanted languages (ISO 639) that there are words in, and that the regime takes. */
export const noticeLanguage = (wanted: string | undefined, taken: readonly string[]): NoticeLanguage =>
  NOTICE_LANGUAGES.find((language) => language === wanted && taken.includes(language)) ?? "en";
