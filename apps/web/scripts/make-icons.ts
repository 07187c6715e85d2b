/**
 * Writes the icons of the app that shared files come to, `public/clean/icon-*.png`: a picture of hills, like that of
 * many a gallery, and nothing of this project. All that matters lies in the middle four fifths, so that systems may cut
 * it to any shape.
 */
import { fileURLToPath } from "node:url";
import sharp from "sharp";

const ICON = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 512 512">
  <rect width="512" height="512" fill="#6b7f8c"/>
  <rect x="116" y="136" width="280" height="240" rx="28" fill="#fff"/>
  <circle cx="188" cy="206" r="26" fill="#d9a441"/>
  <path d="M140 352l78-92 50 56 44-48 60 84z" fill="#6b7f8c"/>
</svg>`;

for (const size of [192, 512]) {
  const path = fileURLToPath(new URL(`../public/clean/icon-${size}.png`, import.meta.url));
  // oxlint-disable-next-line no-await-in-loop -- two small files
  await sharp(Buffer.from(ICON), { density: 144 })
    .resize(size, size)
    .png({ compressionLevel: 9, palette: true })
    .toFile(path);
}
