/** A number of 32 bits for each item number, in pages: item numbers are nearly dense, for a bank counts them. */

const PAGE = 1024;

export interface Places {
  /** 0 where there is none. */
  get(number: number): number;
  /** 0 for none. */
  set(number: number, place: number): void;
}

interface Page {
  readonly places: Uint32Array;
  used: number;
}

export const createPlaces = (): Places => {
  const pages = new Map<number, Page>();
  /** The latest. */
  let lastKey = -1;
  let lastPage: Page | undefined;
  const pageOf = (key: number): Page | undefined => {
    if (key !== lastKey) {
      lastKey = key;
      lastPage = pages.get(key);
    }
    return lastPage;
  };
  return {
    get: (number) => pageOf(Math.floor(number / PAGE))?.places[number % PAGE] ?? 0,
    set(number, place) {
      const key = Math.floor(number / PAGE);
      let page = pageOf(key);
      if (page === undefined) {
        if (place === 0) return;
        page = { places: new Uint32Array(PAGE), used: 0 };
        pages.set(key, page);
        lastPage = page;
      }
      const at = number % PAGE;
      page.used += Number(place !== 0) - Number(page.places[at] !== 0);
      page.places[at] = place;
      if (page.used > 0) return;
      pages.delete(key);
      lastPage = undefined;
    },
  };
};
