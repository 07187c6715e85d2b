/** The browser door: files to redacted files in workers of the page. Nothing leaves the page. */
export type { DoorErrorCode, Outcome } from "./codes.ts";
export type { PictureLimits } from "./decode.ts";
export { type OpenedVideo, openVideo, type OpenVideoOptions } from "./frames.ts";
export type { ShownFrame, VideoFacts } from "./frames-messages.ts";
export { type PictureOptions, redactPicture } from "./picture.ts";
export type { PictureType, RedactedPicture } from "./picture-messages.ts";
export { type SuggestOptions, suggestRegions } from "./suggest.ts";
export type { Suggestion, SuggestionKind, Suggestions } from "./suggest-messages.ts";
export { followRegion, type FollowOptions, redactVideo, type VideoOptions } from "./video.ts";
export type { FollowedRegion, RedactedVideo, VideoLimits, VideoRedaction } from "./video-messages.ts";
export type { WorkOptions } from "./work.ts";
