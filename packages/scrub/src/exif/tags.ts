/** EXIF, GPS and TIFF tags that say something about people (CIPA DC-008-2023, TIFF 6.0, DNG 1.7), by directory. */
import type { FindingKind, Severity } from "../types.ts";

export interface KnownTag {
  readonly name: string;
  readonly kind: FindingKind;
  readonly severity: Severity;
}

const tag = (name: string, kind: FindingKind, severity: Severity): KnownTag => ({ name, kind, severity });

export const EXIF_TAGS: ReadonlyMap<number, KnownTag> = new Map([
  [0x010d, tag("DocumentName", "author", "medium")],
  [0x010e, tag("ImageDescription", "author", "medium")],
  [0x010f, tag("Make", "device", "medium")],
  [0x0110, tag("Model", "device", "medium")],
  [0x011d, tag("PageName", "author", "medium")],
  [0x0131, tag("Software", "editing", "medium")],
  [0x0132, tag("ModifyDate", "time", "medium")],
  [0x013b, tag("Artist", "author", "high")],
  [0x013c, tag("HostComputer", "device", "high")],
  [0x02bc, tag("XMP", "editing", "medium")],
  [0x1000, tag("RelatedImageFileFormat", "other", "low")],
  [0x4746, tag("Rating", "other", "low")],
  [0x8298, tag("Copyright", "author", "high")],
  [0x83bb, tag("IPTC", "author", "medium")],
  [0x8649, tag("PhotoshopSettings", "editing", "medium")],
  [0x9003, tag("DateTimeOriginal", "time", "high")],
  [0x9004, tag("CreateDate", "time", "high")],
  [0x9010, tag("OffsetTime", "time", "medium")],
  [0x9011, tag("OffsetTimeOriginal", "time", "medium")],
  [0x9012, tag("OffsetTimeDigitized", "time", "medium")],
  [0x9290, tag("SubSecTime", "time", "low")],
  [0x9291, tag("SubSecTimeOriginal", "time", "low")],
  [0x9292, tag("SubSecTimeDigitized", "time", "low")],
  [0x927c, tag("MakerNote", "device", "high")],
  [0x9286, tag("UserComment", "author", "medium")],
  [0x935c, tag("ImageSourceData", "editing", "high")],
  [0x9c9b, tag("XPTitle", "author", "medium")],
  [0x9c9c, tag("XPComment", "author", "medium")],
  [0x9c9d, tag("XPAuthor", "author", "high")],
  [0x9c9e, tag("XPKeywords", "author", "medium")],
  [0x9c9f, tag("XPSubject", "author", "medium")],
  [0xa004, tag("RelatedSoundFile", "hidden_media", "medium")],
  [0xa214, tag("SubjectLocation", "other", "low")],
  [0xa420, tag("ImageUniqueID", "device", "high")],
  [0xa430, tag("CameraOwnerName", "author", "high")],
  [0xa431, tag("BodySerialNumber", "device", "high")],
  [0xa432, tag("LensInfo", "device", "low")],
  [0xa433, tag("LensMake", "device", "medium")],
  [0xa434, tag("LensModel", "device", "medium")],
  [0xa435, tag("LensSerialNumber", "device", "high")],
  [0xa436, tag("ImageTitle", "author", "medium")],
  [0xa437, tag("Photographer", "author", "high")],
  [0xa438, tag("ImageEditor", "author", "high")],
  [0xa439, tag("CameraFirmware", "device", "medium")],
  [0xa43a, tag("RAWDevelopingSoftware", "editing", "medium")],
  [0xa43b, tag("ImageEditingSoftware", "editing", "medium")],
  [0xa43c, tag("MetadataEditingSoftware", "editing", "medium")],
  [0xc4a5, tag("PrintImageMatching", "device", "low")],
  [0xc614, tag("UniqueCameraModel", "device", "medium")],
  [0xc62f, tag("CameraSerialNumber", "device", "high")],
  [0xc634, tag("DNGPrivateData", "device", "high")],
  [0xc68b, tag("OriginalRawFileName", "author", "medium")],
  [0xea1c, tag("Padding", "other", "low")],
  [0xfde8, tag("OwnerName", "author", "high")],
  [0xfde9, tag("SerialNumber", "device", "high")],
]);

export const GPS_TAGS: ReadonlyMap<number, KnownTag> = new Map([
  [0x06, tag("GPSAltitude", "location", "medium")],
  [0x07, tag("GPSTimeStamp", "time", "high")],
  [0x08, tag("GPSSatellites", "location", "low")],
  [0x0d, tag("GPSSpeed", "location", "medium")],
  [0x0f, tag("GPSTrack", "location", "medium")],
  [0x11, tag("GPSImgDirection", "location", "medium")],
  [0x12, tag("GPSMapDatum", "location", "low")],
  [0x14, tag("GPSDestLatitude", "location", "high")],
  [0x16, tag("GPSDestLongitude", "location", "high")],
  [0x18, tag("GPSDestBearing", "location", "medium")],
  [0x1b, tag("GPSProcessingMethod", "location", "low")],
  [0x1c, tag("GPSAreaInformation", "location", "high")],
  [0x1d, tag("GPSDateStamp", "time", "high")],
  [0x1f, tag("GPSHPositioningError", "location", "low")],
]);

export const ORIENTATION = 0x0112;
/** Directories within directories: their offset is the tag's value. */
export const SUB_DIRECTORIES: ReadonlyMap<number, string> = new Map([
  [0x8769, "Exif"],
  [0x8825, "GPS"],
  [0xa005, "Interoperability"],
  [0x014a, "SubIFD"],
]);
