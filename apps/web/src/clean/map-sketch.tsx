import { useText } from "../messages/translate.tsx";
import { type Place, placeText } from "./coordinates.ts";
import { WORLD_PATH } from "./world.generated.ts";

/** Half degrees, from 84° north to 58° south, where the path ends. */
const WORLD = { x: 0, y: 12, width: 720, height: 284 };
const NEAR = { width: 90, height: 71 };

const clamp = (value: number, low: number, high: number): number => Math.min(high, Math.max(low, value));

/** Where on earth: a coarse drawing of coasts that comes with the page, so that nobody's map server learns the place. */
export const MapSketch = ({ place }: { readonly place: Place }) => {
  const t = useText();
  const x = 2 * (place.longitude + 180);
  const y = 2 * (90 - place.latitude);
  const near = {
    x: clamp(x - NEAR.width / 2, 0, WORLD.width - NEAR.width),
    y: clamp(y - NEAR.height / 2, 0, 360 - NEAR.height),
  };
  return (
    <figure className="map">
      <div className="map-views" role="img" aria-label={t("clean.map", { place: placeText(place) })}>
        <svg viewBox={`${WORLD.x} ${WORLD.y} ${WORLD.width} ${WORLD.height}`} aria-hidden="true" focusable="false">
          <path d={WORLD_PATH} className="map-land" />
          <rect {...near} width={NEAR.width} height={NEAR.height} className="map-frame" />
          <circle cx={x} cy={y} r="5" className="map-dot" />
        </svg>
        <svg
          viewBox={`${near.x} ${near.y} ${NEAR.width} ${NEAR.height}`}
          className="map-near"
          aria-hidden="true"
          focusable="false"
        >
          <path d={WORLD_PATH} className="map-land" />
          <circle cx={x} cy={y} r="5" className="map-ring" />
          <circle cx={x} cy={y} r="1.6" className="map-dot" />
        </svg>
      </div>
      <figcaption className="soft small">{t("clean.map.note")}</figcaption>
    </figure>
  );
};
