/** The days on which search results are looked at again, for what was sent to a search engine. */
import { type CalendarEntry, type CaseNotice, findRegime, lookAgainList } from "@recourse/remedy";

/** ISO 8601, the soonest first; none for what went elsewhere. */
export const lookAgainDays = ({ kind, regime, urls, sentAt }: CaseNotice): readonly string[] =>
  kind !== "notice" || sentAt === undefined || findRegime(regime)?.recipients.every((to) => to === "search") !== true
    ? []
    : lookAgainList([{ regime, urls, sentAt }]).map(({ at }) => at);

/** Those to come, for the calendar; `title` says nothing of what it is about. */
export const lookAgainEntries = (notice: CaseNotice, nowMs: number, title: string): readonly CalendarEntry[] =>
  lookAgainDays(notice).flatMap((at, index) =>
    Date.parse(at) <= nowMs
      ? []
      : [
          {
            uid: `${notice.id}-${index}`,
            clock: {
              state: "running",
              ...(notice.sentAt === undefined ? {} : { startsAt: notice.sentAt }),
              endsAt: at,
            },
            title,
          },
        ],
  );
