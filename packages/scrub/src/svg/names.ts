/** Elements and attributes that are kept: those by which SVG 1.1 and 2, and browsers, draw. */

const set = (words: string): ReadonlySet<string> => new Set(words.split(" "));

export const TEXTS = set("text tspan textPath");
/** Not drawn where they stand, only where something refers to them. */
export const NEVER_DRAWN = set("defs symbol clipPath mask marker pattern linearGradient radialGradient filter");
export const ANIMATIONS = set("animate animateTransform animateMotion set");

const GEOMETRY: Readonly<Record<string, string>> = {
  svg: "x y width height viewBox preserveAspectRatio",
  symbol: "x y width height viewBox preserveAspectRatio refX refY",
  use: "x y width height",
  path: "d pathLength",
  rect: "x y width height rx ry pathLength",
  circle: "cx cy r pathLength",
  ellipse: "cx cy rx ry pathLength",
  line: "x1 y1 x2 y2 pathLength",
  polyline: "points pathLength",
  polygon: "points pathLength",
  text: "x y dx dy rotate textLength lengthAdjust",
  tspan: "x y dx dy rotate textLength lengthAdjust",
  textPath: "startOffset method spacing side textLength lengthAdjust",
  image: "x y width height preserveAspectRatio",
  linearGradient: "x1 y1 x2 y2 gradientUnits gradientTransform spreadMethod",
  radialGradient: "cx cy r fx fy fr gradientUnits gradientTransform spreadMethod",
  stop: "offset",
  pattern: "x y width height patternUnits patternContentUnits patternTransform viewBox preserveAspectRatio",
  clipPath: "clipPathUnits",
  mask: "x y width height maskUnits maskContentUnits",
  marker: "refX refY markerWidth markerHeight markerUnits orient viewBox preserveAspectRatio",
  filter: "x y width height filterUnits primitiveUnits filterRes",
  feBlend: "mode",
  feColorMatrix: "type values",
  feComponentTransfer: "",
  feFuncR: "type tableValues slope intercept amplitude exponent offset",
  feFuncG: "type tableValues slope intercept amplitude exponent offset",
  feFuncB: "type tableValues slope intercept amplitude exponent offset",
  feFuncA: "type tableValues slope intercept amplitude exponent offset",
  feComposite: "operator k1 k2 k3 k4",
  feConvolveMatrix: "order kernelMatrix divisor bias targetX targetY edgeMode kernelUnitLength preserveAlpha",
  feDiffuseLighting: "surfaceScale diffuseConstant kernelUnitLength",
  feDisplacementMap: "scale xChannelSelector yChannelSelector",
  feDistantLight: "azimuth elevation",
  fePointLight: "x y z",
  feSpotLight: "x y z pointsAtX pointsAtY pointsAtZ specularExponent limitingConeAngle",
  feDropShadow: "dx dy stdDeviation",
  feFlood: "",
  feGaussianBlur: "stdDeviation edgeMode",
  feImage: "preserveAspectRatio",
  feMerge: "",
  feMergeNode: "",
  feMorphology: "operator radius",
  feOffset: "dx dy",
  feSpecularLighting: "surfaceScale specularConstant specularExponent kernelUnitLength",
  feTile: "",
  feTurbulence: "baseFrequency numOctaves seed stitchTiles type",
  g: "",
  a: "",
  switch: "",
  defs: "",
  animate: "attributeName attributeType values from to by",
  set: "attributeName attributeType to",
  animateTransform: "attributeName attributeType type values from to by",
  animateMotion: "path keyPoints rotate values from to by",
  mpath: "",
};

const PRIMITIVE = "x y width height in in2 result";
const TIMING =
  "begin end dur min max restart repeatCount repeatDur fill calcMode keyTimes keySplines additive accumulate";

const ATTRIBUTES = new Map(
  Object.entries(GEOMETRY).map(([name, own]) => {
    const more = name.startsWith("fe") ? PRIMITIVE : ANIMATIONS.has(name) ? TIMING : "";
    return [name, set(`${own} ${more}`.trim())] as const;
  }),
);

export const isKept = (local: string): boolean => ATTRIBUTES.has(local);
export const isOwnAttribute = (element: string, attribute: string): boolean =>
  ATTRIBUTES.get(element)?.has(attribute) === true;

/** Properties that are attributes as well (SVG 2, 6.6), and, behind the bar, those of style only that draw. */
const PRESENTATION =
  "alignment-baseline baseline-shift clip clip-path clip-rule color color-interpolation color-interpolation-filters color-rendering direction display dominant-baseline fill fill-opacity fill-rule filter flood-color flood-opacity font font-family font-size font-size-adjust font-stretch font-style font-variant font-weight glyph-orientation-horizontal glyph-orientation-vertical image-rendering kerning letter-spacing lighting-color marker marker-end marker-mid marker-start mask mask-type opacity overflow paint-order pointer-events shape-rendering stop-color stop-opacity stroke stroke-dasharray stroke-dashoffset stroke-linecap stroke-linejoin stroke-miterlimit stroke-opacity stroke-width text-anchor text-decoration text-overflow text-rendering transform transform-origin unicode-bidi vector-effect visibility white-space word-spacing writing-mode";
const STYLE_ONLY =
  "mix-blend-mode isolation transform-box translate scale rotate x y cx cy r rx ry width height font-kerning font-variant-ligatures font-variant-caps font-variant-numeric font-variant-east-asian font-variant-position font-variant-alternates font-feature-settings font-optical-sizing font-synthesis text-orientation text-transform text-indent text-align text-align-last inline-size shape-padding shape-margin line-height background background-color color-scheme text-decoration-line text-decoration-style text-decoration-color text-decoration-thickness text-underline-offset tab-size background-image max-width max-height min-width min-height";
const presentation = set(PRESENTATION);
const properties = set(`${PRESENTATION} ${STYLE_ONLY}`);

export const isPresentation = (name: string): boolean => presentation.has(name);
export const isProperty = (name: string): boolean => properties.has(name);

/** Properties that may change what is seen, and that nothing here judges. */
export const JUDGED_BY_NOBODY =
  /^(?:all|animation(?:-.*)?|transition-behavior|offset(?:-.*)?|motion(?:-.*)?|mask-.+|border(?!-(?:collapse|spacing)).*|outline(?!-(?:offset|color|width)$).*|padding.*|content|zoom|position|box-shadow|backdrop-filter|perspective(?:-origin)?|text-shadow|-webkit-(?:text|mask|clip|filter|box).*|shape-inside|shape-subtract|d|clip-path-.*)$/u;

/** What programs write into every file, and what says nothing. */
export const saysNothing = (element: string, name: string, value: string): boolean =>
  (element === "svg" && name === "version" && /^(?:1\.0|1\.1|1\.2|2\.0|2)$/u.test(value)) ||
  (name === "baseProfile" && /^(?:full|tiny|basic)$/u.test(value)) ||
  (name === "enable-background" && /^(?:new[\d .]*|accumulate)$/u.test(value)) ||
  (name === "focusable" && /^(?:true|false|auto)$/u.test(value)) ||
  (name === "zoomAndPan" && /^(?:magnify|disable)$/u.test(value)) ||
  (name === "externalResourcesRequired" && /^(?:true|false)$/u.test(value)) ||
  (name === "contentStyleType" && value === "text/css") ||
  (name === "contentScriptType" && /^(?:text|application)\/(?:ecmascript|javascript)$/u.test(value)) ||
  (name === "xlink:type" && value === "simple") ||
  (name === "xlink:show" && /^(?:new|replace|embed|other|none)$/u.test(value)) ||
  (name === "xlink:actuate" && /^on(?:Load|Request)$/u.test(value));

/** Elements of SVG that change what is seen in some program, and that are not kept. */
export const REFUSED: Readonly<Record<string, string>> = {
  foreignObject: "a piece of another kind of document (HTML) stands within the picture",
  meshgradient: "a colour mesh, which programs draw differently",
  meshGradient: "a colour mesh, which programs draw differently",
  hatch: "a hatching, which programs draw differently",
  solidcolor: "a paint that programs draw differently",
  solidColor: "a paint that programs draw differently",
  altGlyph: "letters by numbers of a font",
  video: "a video within the picture",
  audio: "sound within the picture",
  iframe: "a page within the picture",
  canvas: "a drawing surface within the picture",
};
