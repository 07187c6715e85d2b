/** The sentences of second letters and complaints, in the languages of notices; all but English wait for native readers. */
import type { NoticeLanguage } from "../notice/words.ts";

const en = {
  again_subject: "Second letter: my notice of {date} ({name})",
  complaint_subject: "Complaint: no removal after a notice of {date} ({name})",
  greeting: "To whom it may concern at {recipient},",
  again_intro: "On {date} I sent you a notice under {regime} ({citation}). It named these addresses:",
  overdue: "The time for it is over. I have had no answer, and the content is still there.",
  silent: "I have had no answer, and the content is still there.",
  refused: "You refused. I ask you to look at it again, and to give me your reasons.",
  partly: "Part of it was removed. The rest is still there.",
  again_ask: "Please remove it now, and tell me what you decided and why. Without an answer I will turn to: {next}.",
  again_ask_plain: "Please remove it now, and tell me what you decided and why.",
  complaint_intro: "On {date} I sent {recipient} a notice under {regime} ({citation}). It named these addresses:",
  complaint_overdue: "The time for it is over. There was no answer, and the content is still there.",
  complaint_silent: "There was no answer, and the content is still there.",
  complaint_refused: "It refused.",
  complaint_partly: "Part of it was removed. The rest is still there.",
  law_says: "The law says of the time: {says}",
  complaint_ask: "Please look into it. A copy of the notice is below.",
  copy: "The notice of {date}:",
  no_image: "No picture is attached, and none will be sent.",
};
export type LetterWords = Readonly<Record<keyof typeof en, string>>;

const es: LetterWords = {
  again_subject: "Segunda carta: mi notificación del {date} ({name})",
  complaint_subject: "Reclamación: no se retiró tras una notificación del {date} ({name})",
  greeting: "A quien corresponda en {recipient}:",
  again_intro: "El {date} les envié una notificación conforme a {regime} ({citation}). Indicaba estas direcciones:",
  overdue: "El plazo ha terminado. No he recibido respuesta y el contenido sigue ahí.",
  silent: "No he recibido respuesta y el contenido sigue ahí.",
  refused: "Ustedes se negaron. Les pido que lo revisen de nuevo y que me den los motivos.",
  partly: "Una parte se retiró. El resto sigue ahí.",
  again_ask: "Retírenlo ahora y comuníquenme su decisión y los motivos. Si no hay respuesta, acudiré a: {next}.",
  again_ask_plain: "Retírenlo ahora y comuníquenme su decisión y los motivos.",
  complaint_intro:
    "El {date} envié a {recipient} una notificación conforme a {regime} ({citation}). Indicaba estas direcciones:",
  complaint_overdue: "El plazo ha terminado. No hubo respuesta y el contenido sigue ahí.",
  complaint_silent: "No hubo respuesta y el contenido sigue ahí.",
  complaint_refused: "Se negó.",
  complaint_partly: "Una parte se retiró. El resto sigue ahí.",
  law_says: "La ley dice sobre el plazo: {says}",
  complaint_ask: "Les pido que lo examinen. Abajo hay una copia de la notificación.",
  copy: "La notificación del {date}:",
  no_image: "No se adjunta ninguna imagen ni se enviará ninguna.",
};

const de: LetterWords = {
  again_subject: "Zweites Schreiben: meine Meldung vom {date} ({name})",
  complaint_subject: "Beschwerde: keine Entfernung nach Meldung vom {date} ({name})",
  greeting: "An die zuständige Stelle bei {recipient},",
  again_intro: "am {date} habe ich Ihnen eine Meldung nach {regime} ({citation}) geschickt. Sie nannte diese Adressen:",
  overdue: "Die Frist ist abgelaufen. Ich habe keine Antwort erhalten, und der Inhalt ist noch da.",
  silent: "Ich habe keine Antwort erhalten, und der Inhalt ist noch da.",
  refused: "Sie haben abgelehnt. Ich bitte Sie, es noch einmal zu prüfen und mir die Gründe zu nennen.",
  partly: "Ein Teil wurde entfernt. Der Rest ist noch da.",
  again_ask:
    "Bitte entfernen Sie ihn jetzt und teilen Sie mir mit, wie und warum Sie entschieden haben. Ohne Antwort wende ich mich an: {next}.",
  again_ask_plain: "Bitte entfernen Sie ihn jetzt und teilen Sie mir mit, wie und warum Sie entschieden haben.",
  complaint_intro:
    "am {date} habe ich {recipient} eine Meldung nach {regime} ({citation}) geschickt. Sie nannte diese Adressen:",
  complaint_overdue: "Die Frist ist abgelaufen. Es kam keine Antwort, und der Inhalt ist noch da.",
  complaint_silent: "Es kam keine Antwort, und der Inhalt ist noch da.",
  complaint_refused: "Die Stelle hat abgelehnt.",
  complaint_partly: "Ein Teil wurde entfernt. Der Rest ist noch da.",
  law_says: "Das Gesetz sagt zur Frist: {says}",
  complaint_ask: "Bitte prüfen Sie das. Eine Kopie der Meldung steht unten.",
  copy: "Die Meldung vom {date}:",
  no_image: "Es ist kein Bild beigefügt, und es wird keines geschickt.",
};

const fr: LetterWords = {
  again_subject: "Deuxième lettre : ma notification du {date} ({name})",
  complaint_subject: "Réclamation : pas de retrait après une notification du {date} ({name})",
  greeting: "À l’attention de {recipient},",
  again_intro:
    "Le {date}, je vous ai envoyé une notification au titre de {regime} ({citation}). Elle indiquait ces adresses :",
  overdue: "Le délai est passé. Je n’ai pas reçu de réponse et le contenu est toujours là.",
  silent: "Je n’ai pas reçu de réponse et le contenu est toujours là.",
  refused: "Vous avez refusé. Je vous demande de réexaminer la demande et de m’indiquer vos motifs.",
  partly: "Une partie a été retirée. Le reste est toujours là.",
  again_ask:
    "Veuillez le retirer maintenant et me faire savoir ce que vous avez décidé et pourquoi. Sans réponse, je m’adresserai à : {next}.",
  again_ask_plain: "Veuillez le retirer maintenant et me faire savoir ce que vous avez décidé et pourquoi.",
  complaint_intro:
    "Le {date}, j’ai envoyé à {recipient} une notification au titre de {regime} ({citation}). Elle indiquait ces adresses :",
  complaint_overdue: "Le délai est passé. Il n’y a pas eu de réponse et le contenu est toujours là.",
  complaint_silent: "Il n’y a pas eu de réponse et le contenu est toujours là.",
  complaint_refused: "La demande a été refusée.",
  complaint_partly: "Une partie a été retirée. Le reste est toujours là.",
  law_says: "La loi dit du délai : {says}",
  complaint_ask: "Veuillez examiner cette situation. Une copie de la notification figure ci-dessous.",
  copy: "La notification du {date} :",
  no_image: "Aucune image n’est jointe, et aucune ne sera envoyée.",
};

export const LETTER_WORDS: Readonly<Record<NoticeLanguage, LetterWords>> = { en, es, de, fr };
