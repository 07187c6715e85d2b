/** Coordinates out of what was found, in the ways files write them. */
import type { Finding } from "@recourse/scrub";

export interface Place {
  /** Degrees, north positive. */
  readonly latitude: number;
  /** Degrees, east positive. */
  readonly longitude: number;
}

const NUMBER = String.raw`[+-]?\d{1,3}(?:\.\d+)?`;
/** "47.3769, 8.5417", perhaps with a height, and ISO 6709: "+47.3769+008.5417+408/". */
const PAIR = new RegExp(
  `^\\(?(${NUMBER})(?:\\s*[,;\\s]\\s*|(?=[+-]))(${NUMBER})(?:(?:\\s*[,;\\s]\\s*|(?=[+-]))${NUMBER})?(?:\\s*m)?/?\\)?$`,
  "u",
);
/** What is not called a position is one only if both numbers are finer than a degree: "12 34" is a street as well. */
const FINE = /\.\d+.*\.\d+/u;
/** XMP: "47,22.614N" or "47,22,36.8N" (Adobe XMP part 2, GPSCoordinate). */
const XMP = /^(\d{1,3}),(\d{1,2}(?:\.\d+)?)(?:,(\d{1,2}(?:\.\d+)?))?([NSEW])$/u;

const place = (latitude: number, longitude: number): Place | undefined =>
  Math.abs(latitude) <= 90 && Math.abs(longitude) <= 180 ? { latitude, longitude } : undefined;

const degreesOf = (value: string): number | undefined => {
  const [, degrees, minutes, seconds = "0", letter = ""] = XMP.exec(value) ?? [];
  if (degrees === undefined || minutes === undefined) return undefined;
  const size = Number(degrees) + Number(minutes) / 60 + Number(seconds) / 3600;
  return letter === "S" || letter === "W" ? -size : size;
};

/** Each place once, to four decimals (about ten metres), in the order they were found. */
export const placesOf = (findings: readonly Finding[]): readonly Place[] => {
  const places: Place[] = [];
  const add = (found: Place | undefined): void => {
    if (found === undefined) return;
    const same = (a: number, b: number): boolean => Math.abs(a - b) < 0.0001;
    if (!places.some((each) => same(each.latitude, found.latitude) && same(each.longitude, found.longitude)))
      places.push(found);
  };
  const located = findings.filter(({ kind }) => kind === "location");
  for (const { name, value } of located) {
    const [, latitude, longitude] = (name === "GPSPosition" || FINE.test(value) ? PAIR.exec(value) : null) ?? [];
    if (latitude !== undefined && longitude !== undefined) add(place(Number(latitude), Number(longitude)));
  }
  if (places.length > 0) return places;
  const half = (name: RegExp): number | undefined => {
    const found = located.find((finding) => name.test(finding.name));
    return found === undefined ? undefined : degreesOf(found.value);
  };
  const latitude = half(/GPSLatitude$/u);
  const longitude = half(/GPSLongitude$/u);
  if (latitude !== undefined && longitude !== undefined) add(place(latitude, longitude));
  return places;
};

/** "47.3769° N, 8.5417° E" would need letters of a language; signs need none. */
export const placeText = ({ latitude, longitude }: Place): string => `${latitude.toFixed(4)}, ${longitude.toFixed(4)}`;
