/** Markers of JPEG (ITU-T T.81, table B.1): the second byte behind 0xFF. */
export const SOI = 0xd8;
export const EOI = 0xd9;
export const SOS = 0xda;
export const DQT = 0xdb;
export const DNL = 0xdc;
export const DRI = 0xdd;
export const DHT = 0xc4;
export const DAC = 0xcc;
export const APP0 = 0xe0;
export const APP15 = 0xef;
export const COM = 0xfe;
export const TEM = 0x01;

export const isRestart = (marker: number): boolean => marker >= 0xd0 && marker <= 0xd7;

/** SOF0 to SOF15 without DHT, JPG and DAC. */
export const isFrame = (marker: number): boolean =>
  marker >= 0xc0 && marker <= 0xcf && marker !== DHT && marker !== 0xc8 && marker !== DAC;

/** Sequential, progressive and lossless, by Huffman or arithmetic coding; not the hierarchical ones, which no viewer reads. */
export const isKnownFrame = (marker: number): boolean => [0xc0, 0xc1, 0xc2, 0xc3, 0xc9, 0xca, 0xcb].includes(marker);
