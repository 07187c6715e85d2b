/** The support directory; a door of its own, so that who needs only this loads no law. */
export {
  type CountrySupport,
  isSupportStale,
  SUPPORT,
  SUPPORT_REVIEW_DAYS,
  supportByCountry,
  type SupportEntry,
  supportFor,
  YOUTH_SUPPORT,
} from "./directory.ts";
