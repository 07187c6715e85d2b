/** People to talk to: the directory of `@recourse/remedy`, without the rest of that package. */
export { SUPPORT, supportByCountry, type SupportEntry, supportFor, YOUTH_SUPPORT } from "@recourse/remedy/support";
