/** Generated from the files in law/ by scripts/write-law.ts; do not edit. */
import file0 from "../../law/au-osa.json" with { type: "json" };
import file1 from "../../law/bing-concern.json" with { type: "json" };
import file2 from "../../law/br-mci-21.json" with { type: "json" };
import file3 from "../../law/ca-162-1.json" with { type: "json" };
import file4 from "../../law/ca-bc-iipa.json" with { type: "json" };
import file5 from "../../law/de-184k.json" with { type: "json" };
import file6 from "../../law/dk-73a.json" with { type: "json" };
import file7 from "../../law/es-aepd.json" with { type: "json" };
import file8 from "../../law/eu-2024-1385.json" with { type: "json" };
import file9 from "../../law/eu-dsa-16.json" with { type: "json" };
import file10 from "../../law/eu-gdpr-17.json" with { type: "json" };
import file11 from "../../law/fr-226-2-1.json" with { type: "json" };
import file12 from "../../law/gb-osa-48h.json" with { type: "json" };
import file13 from "../../law/gb-soa-66b.json" with { type: "json" };
import file14 from "../../law/google-fake.json" with { type: "json" };
import file15 from "../../law/google-intimate.json" with { type: "json" };
import file16 from "../../law/google-name.json" with { type: "json" };
import file17 from "../../law/google-removal-fee.json" with { type: "json" };
import file18 from "../../law/ie-coco.json" with { type: "json" };
import file19 from "../../law/in-it-rules.json" with { type: "json" };
import file20 from "../../law/it-144bis.json" with { type: "json" };
import file21 from "../../law/jp-2014.json" with { type: "json" };
import file22 from "../../law/kr-deletion.json" with { type: "json" };
import file23 from "../../law/mx-199-octies.json" with { type: "json" };
import file24 from "../../law/nz-hdca.json" with { type: "json" };
import file25 from "../../law/ph-9995.json" with { type: "json" };
import file26 from "../../law/pk-21.json" with { type: "json" };
import file27 from "../../law/sg-osra.json" with { type: "json" };
import file28 from "../../law/tw-13.json" with { type: "json" };
import file29 from "../../law/us-223h.json" with { type: "json" };
import file30 from "../../law/us-6851.json" with { type: "json" };
import file31 from "../../law/us-dmca.json" with { type: "json" };
import file32 from "../../law/us-take-it-down.json" with { type: "json" };
import file33 from "../../law/za-16.json" with { type: "json" };

export const LAW_FILES: readonly unknown[] = [
  file0,
  file1,
  file2,
  file3,
  file4,
  file5,
  file6,
  file7,
  file8,
  file9,
  file10,
  file11,
  file12,
  file13,
  file14,
  file15,
  file16,
  file17,
  file18,
  file19,
  file20,
  file21,
  file22,
  file23,
  file24,
  file25,
  file26,
  file27,
  file28,
  file29,
  file30,
  file31,
  file32,
  file33,
];
