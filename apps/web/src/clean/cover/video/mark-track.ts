/** A mark over the time of a video: where it is at some moments, and from when until when it covers. */
import { regionsAt, type RegionTrack } from "@recourse/redact";
import type { FollowedRegion } from "@recourse/redact/browser";
import { boundsOf, fittedTo, regionOf, type Shape, type ShapeKind, shapeOf } from "../shape.ts";

export interface Place {
  /** In the video's own time, which may begin later than 0. */
  readonly timeSec: number;
  readonly shape: Shape;
  /** Found by following, not set by the person. */
  readonly isFollowed: boolean;
}

export interface MarkTrack {
  readonly id: number;
  readonly kind: ShapeKind;
  /** One at least, times ascending; outlines and brushes with as many points at each. Between two of them the mark goes in a straight line. */
  readonly places: readonly Place[];
  /** Covers nothing before; left out: from the beginning. */
  readonly fromSec?: number;
  /** Covers nothing from then on; left out: to the end. */
  readonly untilSec?: number;
}

/** Moments nearer than this are one: frames lie farther apart. */
const SAME_SEC = 0.0005;
const isSame = (a: number, b: number): boolean => Math.abs(a - b) < SAME_SEC;

export const trackOf = (shape: Shape, timeSec: number): MarkTrack => ({
  id: shape.id,
  kind: shape.kind,
  places: [{ timeSec, shape, isFollowed: false }],
});

export const regionTrackOf = ({ places, fromSec, untilSec }: MarkTrack): RegionTrack => ({
  keyframes: places.map(({ timeSec, shape }) => ({ timeSec, region: regionOf(shape) })),
  ...(fromSec !== undefined && { fromSec }),
  ...(untilSec !== undefined && { untilSec }),
});

/** The mark as it is at a time, or undefined where it covers nothing. The same rule as when it is covered for good. */
export const shapeAt = (track: MarkTrack, timeSec: number): Shape | undefined => {
  const [region] = regionsAt([regionTrackOf(track)], timeSec);
  return region === undefined ? undefined : shapeOf(region, track.id);
};

export const hasPlaceAt = ({ places }: MarkTrack, timeSec: number): boolean =>
  places.some((place) => isSame(place.timeSec, timeSec));

/** The times of the places that the person set before and after a time, and the first and last followed ones. */
export const placesAround = (
  { places }: MarkTrack,
  timeSec: number,
): { readonly before: number | undefined; readonly after: number | undefined } => {
  const times = places
    .filter(({ isFollowed }, at) => !isFollowed || places[at + 1]?.isFollowed !== true)
    .map((place) => place.timeSec);
  return {
    before: times.findLast((each) => each < timeSec - SAME_SEC),
    after: times.find((each) => each > timeSec + SAME_SEC),
  };
};

/**
 * The mark set to a place by hand. What was followed from there on, up to the next place set by hand, is forgotten:
 * it would jump back in the next frame.
 */
export const withPlace = (track: MarkTrack, timeSec: number, shape: Shape): MarkTrack => {
  const next = track.places.find((place) => !place.isFollowed && place.timeSec > timeSec + SAME_SEC)?.timeSec;
  const kept = track.places.filter(
    (place) =>
      !isSame(place.timeSec, timeSec) &&
      (!place.isFollowed || place.timeSec < timeSec || (next !== undefined && place.timeSec > next)),
  );
  const places = [...kept, { timeSec, shape, isFollowed: false }].toSorted((a, b) => a.timeSec - b.timeSec);
  return { ...track, places };
};

/** Without the place at this time; the last one stays. */
export const withoutPlace = (track: MarkTrack, timeSec: number): MarkTrack => {
  const places = track.places.filter((place) => !isSame(place.timeSec, timeSec));
  return places.length === 0 ? track : { ...track, places };
};

/**
 * What following found replaces what was there from its beginning on; behind where it was lost, the hand's places stay.
 * Rectangles are what is followed: the mark, as it was there, goes where they go.
 */
export const withFollowed = (
  track: MarkTrack,
  { keyframes, lostAtSec }: FollowedRegion,
  followed: Shape,
): MarkTrack => {
  const fromSec = keyframes[0]?.timeSec ?? 0;
  const before = track.places.filter((place) => place.timeSec < fromSec - SAME_SEC);
  const after = track.places.filter(
    (place) => lostAtSec !== undefined && !place.isFollowed && place.timeSec > lostAtSec - SAME_SEC,
  );
  const found = keyframes.map(({ timeSec, region }, at): Place => {
    const shape = fittedTo(followed, boundsOf(shapeOf(region, track.id)));
    return { timeSec, shape, isFollowed: at > 0 };
  });
  return { ...track, places: [...before, ...found, ...after] };
};

export const startingAt = ({ fromSec: _before, ...track }: MarkTrack, fromSec: number): MarkTrack => {
  const { untilSec, ...rest } = track;
  return { ...rest, fromSec, ...(untilSec !== undefined && untilSec > fromSec && { untilSec }) };
};

export const endingAt = ({ untilSec: _before, ...track }: MarkTrack, untilSec: number): MarkTrack => {
  const { fromSec, ...rest } = track;
  return { ...rest, untilSec, ...(fromSec !== undefined && fromSec < untilSec && { fromSec }) };
};

export const wholeTime = ({ fromSec: _from, untilSec: _until, ...track }: MarkTrack): MarkTrack => track;

/** What a person sees and changes at one moment, brought back into the marks. */
export const withShapes = (
  tracks: readonly MarkTrack[],
  timeSec: number,
  shapes: readonly Shape[],
): readonly MarkTrack[] => {
  const kept = tracks.flatMap((track) => {
    const now = shapeAt(track, timeSec);
    const next = shapes.find(({ id }) => id === track.id);
    // Not there at this moment: nothing was said of it.
    if (now === undefined) return [track];
    if (next === undefined) return [];
    return [isEqual(now, next) ? track : withPlace(track, timeSec, next)];
  });
  const fresh = shapes.filter(({ id }) => tracks.every((track) => track.id !== id));
  return [...kept, ...fresh.map((shape) => trackOf(shape, timeSec))];
};

const isEqual = (a: Shape, b: Shape): boolean =>
  a.radiusPx === b.radiusPx &&
  a.points.length === b.points.length &&
  a.points.every(({ x, y }, at) => x === b.points[at]?.x && y === b.points[at]?.y);
