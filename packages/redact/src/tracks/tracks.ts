/** Regions over the time of a video: key frames, and straight lines between them. */
import { checkRegion, pointsOf } from "../check.ts";
import { RedactError } from "../errors.ts";
import { LIMITS } from "../limits.ts";
import type { Point, Region } from "../types.ts";

export interface Keyframe {
  readonly timeSec: number;
  readonly region: Region;
}

export interface RegionTrack {
  /**
   * One at least, times ascending and different. All of one kind, polygons and strokes with as many points each.
   * Before the first and after the last one the region stays where it is there.
   */
  readonly keyframes: readonly Keyframe[];
  /** The track covers nothing before it; from the beginning if left out. */
  readonly fromSec?: number;
  /** The track covers nothing from then on; to the end if left out. */
  readonly untilSec?: number;
}

/** Throws RedactError if these are no tracks. */
export function checkTracks(tracks: readonly RegionTrack[]): void {
  const count = tracks.reduce((sum, { keyframes }) => sum + keyframes.length, 0);
  const points = tracks.reduce(
    (sum, { keyframes }) => sum + keyframes.reduce((of, k) => of + pointsOf(k.region), 0),
    0,
  );
  if (tracks.length > LIMITS.regions || count > LIMITS.keyframes || points > LIMITS.keyframes * 10) {
    throw new RedactError("regions_too_complex");
  }
  for (const { keyframes, fromSec = 0, untilSec = 0 } of tracks) {
    const [first] = keyframes;
    if (first === undefined || Number.isNaN(fromSec) || Number.isNaN(untilSec)) throw new RedactError("track_invalid");
    let before = Number.NEGATIVE_INFINITY;
    for (const { timeSec, region } of keyframes) {
      checkRegion(region);
      const alike = region.kind === first.region.kind && pointsOf(region) === pointsOf(first.region);
      if (!alike || !Number.isFinite(timeSec) || timeSec <= before) throw new RedactError("track_invalid");
      before = timeSec;
    }
  }
}

/** The regions to cover in the frame of this time. Tracks must have been checked. */
export const regionsAt = (tracks: readonly RegionTrack[], timeSec: number): readonly Region[] =>
  tracks
    .filter(({ fromSec, untilSec }) => timeSec >= (fromSec ?? -Infinity) && timeSec < (untilSec ?? Infinity))
    .flatMap(({ keyframes }) => regionAt(keyframes, timeSec) ?? []);

function regionAt(keyframes: readonly Keyframe[], timeSec: number): Region | undefined {
  // The first key frame that is later.
  let [low, high] = [0, keyframes.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((keyframes[middle]?.timeSec ?? 0) > timeSec) high = middle;
    else low = middle + 1;
  }
  const [before, after] = [keyframes[low - 1], keyframes[low]];
  if (before === undefined || after === undefined) return (before ?? after)?.region;
  return blend(before.region, after.region, (timeSec - before.timeSec) / (after.timeSec - before.timeSec));
}

function blend(a: Region, b: Region, share: number): Region {
  const mix = (from: number, to: number): number => from + (to - from) * share;
  const padding = a.paddingPx === undefined ? {} : { paddingPx: mix(a.paddingPx, b.paddingPx ?? a.paddingPx) };
  const points = (from: readonly Point[], to: readonly Point[]): readonly Point[] =>
    from.map((point, at) => ({ x: mix(point.x, to[at]?.x ?? point.x), y: mix(point.y, to[at]?.y ?? point.y) }));
  if (a.kind === "polygon" && b.kind === "polygon") return { ...a, ...padding, points: points(a.points, b.points) };
  if (a.kind === "stroke" && b.kind === "stroke") {
    return { ...a, ...padding, points: points(a.points, b.points), radiusPx: mix(a.radiusPx, b.radiusPx) };
  }
  if (!("width" in a) || !("width" in b)) throw new RedactError("track_invalid");
  return {
    kind: a.kind,
    ...padding,
    x: mix(a.x, b.x),
    y: mix(a.y, b.y),
    width: mix(a.width, b.width),
    height: mix(a.height, b.height),
  };
}
