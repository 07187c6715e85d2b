/** Identifiers of Matroska's elements (RFC 9559, section 5.1) that are read or written. */
export const EBML = 0x1a45_dfa3;
export const DOC_TYPE = 0x4282;
export const VOID = 0xec;
export const CRC32 = 0xbf;

export const SEGMENT = 0x1853_8067;
export const SEEK_HEAD = 0x114d_9b74;
export const INFO = 0x1549_a966;
export const TRACKS = 0x1654_ae6b;
export const CLUSTER = 0x1f43_b675;
export const CUES = 0x1c53_bb6b;
export const ATTACHMENTS = 0x1941_a469;
export const CHAPTERS = 0x1043_a770;
export const TAGS = 0x1254_c367;

export const TIMESTAMP_SCALE = 0x2a_d7b1;
export const DURATION = 0x4489;
export const MUXING_APP = 0x4d80;
export const WRITING_APP = 0x5741;

export const TIMESTAMP = 0xe7;
export const SIMPLE_BLOCK = 0xa3;
export const BLOCK_GROUP = 0xa0;
export const BLOCK = 0xa1;
export const BLOCK_DURATION = 0x9b;
export const REFERENCE_BLOCK = 0xfb;
export const DISCARD_PADDING = 0x75a2;
export const BLOCK_ADDITIONS = 0x75a1;
export const BLOCK_MORE = 0xa6;
export const BLOCK_ADD_ID = 0xee;
export const BLOCK_ADDITIONAL = 0xa5;
export const CODEC_STATE = 0xa4;
export const ENCRYPTED_BLOCK = 0xaf;
export const POSITION = 0xa7;
export const PREV_SIZE = 0xab;

/** Elements that end a cluster whose size is not told: those that stand beside it or above it. */
export const BESIDE_CLUSTER: ReadonlySet<number> = new Set([
  EBML,
  SEGMENT,
  SEEK_HEAD,
  INFO,
  TRACKS,
  CLUSTER,
  CUES,
  ATTACHMENTS,
  CHAPTERS,
  TAGS,
]);
