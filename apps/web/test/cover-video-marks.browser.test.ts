/** Brush, outline and suggested heads in a video, in Chromium: what is marked in one frame is covered where it goes. */
import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import type { FilmPlan } from "../../../packages/redact/test/browser/film-plan.ts";
import { noChromium } from "../../../tools/chromium.ts";
import { type FilmVisits, saveCovered, startFilmVisits } from "./film-visits.ts";
import { drawOn, findBarriers, readPhotograph } from "./visit.ts";

const [WIDTH, HEIGHT, RATE] = [320, 180, 10];
/** A square of bright noise that moves from left to right. */
const PLAN: FilmPlan = {
  container: "mp4",
  width: WIDTH,
  height: HEIGHT,
  framesPerSec: RATE,
  seconds: 1,
  seed: 1,
  side: 40,
  top: 70,
  left: { from: 40, perSec: 80 },
  sound: false,
};
/** Dark enough to be the fill, as encoders leave it. */
const COVERED = 45;

describe("marks of every kind in a video", { skip: noChromium, timeout: 300_000 }, () => {
  let films: FilmVisits;
  before(async () => {
    films = await startFilmVisits();
  });
  after(() => films?.close());

  it("a brush's way and an outline are followed, and cover what they were drawn over", async () => {
    const { page, problems, close } = await films.open(await films.makeFilm(PLAN));
    await page.getByRole("button", { name: "Show the video" }).click();
    const stage = page.getByRole("group", { name: "The picture and its marked parts" });
    const draw = (points: readonly (readonly [number, number])[]): Promise<void> =>
      drawOn(
        page,
        stage,
        points.map(([x, y]) => [x / WIDTH, y / HEIGHT] as const),
      );
    await page.getByText("Brush", { exact: true }).click();
    // Over the square and back, in many small steps.
    const there = Array.from({ length: 20 }, (_, n) => [44 + 1.6 * n, 78 + (n % 2)] as const);
    const back = Array.from({ length: 20 }, (_, n) => [76 - 1.6 * n, 102 - (n % 2)] as const);
    await draw([...there, ...back]);
    await page.getByText(/Brush mark 1: \d+% from the left/).waitFor();
    await page.getByRole("button", { name: "Follow it from here" }).press("Enter");
    await page.getByText("Followed to the end.").waitFor();
    await page.getByText("covers the whole video · 10 places set").waitFor();
    // An outline of four corners where nothing moves.
    await page.getByText("Outline", { exact: true }).click();
    for (const corner of [
      [250, 20],
      [290, 20],
      [290, 50],
      [250, 50],
    ] as const)
      await draw([corner]);
    await page.getByRole("button", { name: "Close the outline" }).click();
    await page.getByText(/Outline 2: \d+% from the left/).waitFor();
    assert.deepEqual(await findBarriers(page), []);
    await page.getByRole("button", { name: "Cover it for good" }).press("Enter");
    await page.getByText("There was no sound.").waitFor();
    const { frames } = await films.seeFilm(await saveCovered(page));
    assert.equal(frames.length, PLAN.seconds * RATE);
    for (const [at, frame] of frames.entries()) {
      const left = 40 + 8 * at;
      for (let y = 70; y < 110; y += 1)
        for (let x = left; x < left + 40; x += 1)
          assert.ok((frame[y * WIDTH + x] ?? 255) < COVERED, `frame ${at} shows ${x - left}, ${y} of the square`);
      for (const [x, y] of [
        [252, 22],
        [270, 35],
        [288, 48],
      ] as const)
        assert.ok((frame[y * WIDTH + x] ?? 255) < COVERED, `frame ${at}: the outline at ${x}, ${y}`);
      assert.ok((frame[150 * WIDTH + 20] ?? 0) > COVERED, `frame ${at} is covered where nothing was marked`);
    }
    assert.deepEqual(problems, []);
    await close();
  });

  it("heads of the moment shown are proposed when asked, followed when taken, covered in every frame", async () => {
    const [width, height] = [640, 360];
    const photograph = (await readPhotograph("more/astronaut")).toString("base64");
    const left = { from: 20, perSec: 100 };
    const film = { ...PLAN, width, height, side: 360, top: 0, left, picture: photograph };
    const original = await films.makeFilm(film);
    const visit = await films.open(original);
    const { page, requests, problems, close } = visit;
    await page.getByRole("button", { name: "Show the video" }).click();
    const asked = requests.length;
    await page.getByText("It looks at the moment shown, no other.").waitFor();
    // Nothing of the model was loaded before.
    assert.ok(!requests.some((address) => /face|model|tfjs|suggest/iu.test(address)));
    await page.getByRole("button", { name: "Look for faces and codes" }).press("Enter");
    await page.getByRole("button", { name: "Mark it: Face 1" }).press("Enter");
    await page.getByText("Followed to the end.").waitFor();
    await page.getByText("covers the whole video", { exact: true }).waitFor();
    assert.deepEqual(await findBarriers(page), []);
    assert.ok(requests.slice(asked).some((address) => /suggest/iu.test(address)));
    for (const address of requests.slice(asked))
      assert.ok(address.startsWith(`${films.visits.server.url}/`) || address.startsWith("blob:"), address);
    await page.getByRole("button", { name: "Cover it for good" }).press("Enter");
    await page.getByText("There was no sound.").waitFor();
    const shown = (await films.seeFilm(original)).frames;
    const { frames } = await films.seeFilm(await saveCovered(page));
    assert.equal(frames.length, shown.length);
    // Drawn by eye in fixtures/heads: 153, 14, 150 x 175 of 512 pixels; the face itself is its middle.
    const scale = 360 / 512;
    for (const [at, frame] of frames.entries()) {
      for (const [x, y] of [
        [190, 60],
        [228, 100],
        [265, 60],
        [228, 160],
      ] as const) {
        const place = Math.round(y * scale) * width + Math.round(left.from + (left.perSec / RATE) * at + x * scale);
        assert.ok((frame[place] ?? 255) < COVERED, `frame ${at} shows ${frame[place]} at ${x}, ${y} of the head`);
      }
      const free = 340 * width + 600;
      assert.ok(Math.abs((frame[free] ?? 0) - (shown[at]?.[free] ?? 255)) < 25, `frame ${at} is changed elsewhere`);
    }
    assert.deepEqual(problems, []);
    await close();
  });
});
