/** A second letter about a notice that was not answered, or refused. It repeats the notice below, so that it stands alone. */
import type { NoticeLanguage } from "./words.ts";

export interface FollowUpInput {
  /** `over`: its time is over. `refused` or `partly`: as it was answered. */
  readonly reason: "over" | "refused" | "partly";
  readonly recipient: string;
  readonly language: NoticeLanguage;
  /** The day it was sent, as the reader writes days. */
  readonly sentOn: string;
  /** The notice as it was sent. */
  readonly subject: string;
  readonly body: string;
}

const WORDS: Readonly<
  Record<NoticeLanguage, Readonly<Record<FollowUpInput["reason"] | "again" | "open" | "ask", string>>>
> = {
  en: {
    again: "Second request: {subject}",
    open: "To whom it may concern at {recipient},\n\non {sentOn} I sent you the notice below.",
    over: "The time for it is over, and the content is still there or I had no answer.",
    refused: "You refused it. Please look at it again, and give me your reasons and the ways to complain about them.",
    partly: "Only a part of it was removed. Please remove the rest as well.",
    ask: "Please act now and tell me what you decided. If you do not, I will complain to the authority in charge.",
  },
  es: {
    again: "Segunda solicitud: {subject}",
    open: "A quien corresponda en {recipient}:\n\nel {sentOn} les envié la notificación que sigue.",
    over: "El plazo ha terminado y el contenido sigue ahí o no he recibido respuesta.",
    refused: "La rechazaron. Revísenla de nuevo y comuníquenme los motivos y las vías de reclamación.",
    partly: "Solo se retiró una parte. Retiren también el resto.",
    ask: "Actúen ahora y comuníquenme su decisión. De lo contrario reclamaré ante la autoridad competente.",
  },
  de: {
    again: "Zweite Aufforderung: {subject}",
    open: "Sehr geehrte Damen und Herren bei {recipient},\n\nam {sentOn} habe ich Ihnen die folgende Meldung gesandt.",
    over: "Die Frist ist abgelaufen, und der Inhalt ist noch da oder ich habe keine Antwort erhalten.",
    refused:
      "Sie haben sie abgelehnt. Bitte prüfen Sie sie erneut und nennen Sie mir die Gründe und die Wege der Beschwerde.",
    partly: "Nur ein Teil wurde entfernt. Bitte entfernen Sie auch den Rest.",
    ask: "Bitte handeln Sie jetzt und teilen Sie mir Ihre Entscheidung mit. Andernfalls beschwere ich mich bei der zuständigen Behörde.",
  },
  fr: {
    again: "Deuxième demande : {subject}",
    open: "À l’attention de {recipient},\n\nle {sentOn}, je vous ai envoyé la notification ci-dessous.",
    over: "Le délai est écoulé, et le contenu est toujours là ou je n’ai reçu aucune réponse.",
    refused: "Vous l’avez refusée. Merci de la réexaminer et de me communiquer vos motifs et les voies de recours.",
    partly: "Une partie seulement a été retirée. Merci de retirer aussi le reste.",
    ask: "Merci d’agir maintenant et de me communiquer votre décision. À défaut, je saisirai l’autorité compétente.",
  },
};

export const composeFollowUp = ({
  reason,
  recipient,
  language,
  sentOn,
  subject,
  body,
}: FollowUpInput): { readonly subject: string; readonly body: string } => {
  const words = WORDS[language];
  const values: Readonly<Record<string, string>> = { recipient, sentOn, subject };
  const fill = (text: string): string => text.replaceAll(/\{(\w+)\}/gu, (_, name: string) => values[name] ?? "");
  return {
    subject: fill(words.again),
    body: [fill(words.open), words[reason], words.ask, "", "----", "", body].join("\n"),
  };
};
