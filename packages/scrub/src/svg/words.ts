/**
 * Words that values may hold: the keywords of SVG 1.1 and 2, of the parts of CSS that draw, and colours by name. A value
 * with any other word means nothing to a browser either, and goes.
 */

const COLOURS =
  "aliceblue antiquewhite aqua aquamarine azure beige bisque black blanchedalmond blue blueviolet brown burlywood cadetblue chartreuse chocolate coral cornflowerblue cornsilk crimson cyan darkblue darkcyan darkgoldenrod darkgray darkgreen darkgrey darkkhaki darkmagenta darkolivegreen darkorange darkorchid darkred darksalmon darkseagreen darkslateblue darkslategray darkslategrey darkturquoise darkviolet deeppink deepskyblue dimgray dimgrey dodgerblue firebrick floralwhite forestgreen fuchsia gainsboro ghostwhite gold goldenrod gray green greenyellow grey honeydew hotpink indianred indigo ivory khaki lavender lavenderblush lawngreen lemonchiffon lightblue lightcoral lightcyan lightgoldenrodyellow lightgray lightgreen lightgrey lightpink lightsalmon lightseagreen lightskyblue lightslategray lightslategrey lightsteelblue lightyellow lime limegreen linen magenta maroon mediumaquamarine mediumblue mediumorchid mediumpurple mediumseagreen mediumslateblue mediumspringgreen mediumturquoise mediumvioletred midnightblue mintcream mistyrose moccasin navajowhite navy oldlace olive olivedrab orange orangered orchid palegoldenrod palegreen paleturquoise palevioletred papayawhip peachpuff peru pink plum powderblue purple rebeccapurple red rosybrown royalblue saddlebrown salmon sandybrown seagreen seashell sienna silver skyblue slateblue slategray slategrey snow springgreen steelblue tan teal thistle tomato turquoise violet wheat white whitesmoke yellow yellowgreen transparent currentColor activeborder activecaption appworkspace background buttonface buttonhighlight buttonshadow buttontext captiontext graytext highlight highlighttext inactiveborder inactivecaption inactivecaptiontext infobackground infotext menu menutext scrollbar threeddarkshadow threedface threedhighlight threedlightshadow threedshadow window windowframe windowtext canvas canvastext linktext accentcolor";

const KEYWORDS =
  "none auto inherit initial unset revert normal default always never all both block inline inline-block contents flex table list-item run-in compact visible hidden scroll collapse clip ellipsis " +
  "nonzero evenodd butt round square miter miter-clip bevel arcs fill stroke markers context-fill context-stroke linearRGB sRGB accumulate new " +
  "bold bolder lighter italic oblique small-caps all-small-caps petite-caps all-petite-caps unicase titling-caps larger smaller xx-small x-small small medium large x-large xx-large xxx-large wider narrower ultra-condensed extra-condensed condensed semi-condensed semi-expanded expanded extra-expanded ultra-expanded serif sans-serif cursive fantasy monospace system-ui ui-serif ui-sans-serif ui-monospace ui-rounded math emoji caption icon message-box small-caption status-bar " +
  "start middle end left right center top bottom justify baseline sub super text-top text-bottom text-before-edge text-after-edge central ideographic alphabetic hanging mathematical before-edge after-edge no-change reset-size use-script top-right " +
  "underline overline line-through blink solid double dotted dashed wavy capitalize uppercase lowercase full-width pre pre-wrap pre-line nowrap break-spaces preserve optional " +
  "ltr rtl lr lr-tb rl rl-tb tb tb-rl horizontal-tb vertical-rl vertical-lr sideways-rl sideways-lr embed isolate bidi-override isolate-override plaintext mixed upright sideways sideways-right glyph-orientation-vertical " +
  "optimizeSpeed optimizeQuality optimizeLegibility geometricPrecision crispEdges crisp-edges pixelated smooth high-quality " +
  "visiblePainted visibleFill visibleStroke visible painted bounding-box fill-box stroke-box view-box border-box content-box padding-box margin-box " +
  "multiply screen overlay darken lighten color-dodge color-burn hard-light soft-light difference exclusion hue saturation color luminosity plus-lighter plus-darker " +
  "common-ligatures no-common-ligatures discretionary-ligatures no-discretionary-ligatures historical-ligatures no-historical-ligatures contextual no-contextual lining-nums oldstyle-nums proportional-nums tabular-nums diagonal-fractions stacked-fractions ordinal slashed-zero historical-forms jis78 jis83 jis90 jis04 simplified traditional proportional-width ruby weight style " +
  "luminance alpha non-scaling-stroke non-scaling-size non-rotation fixed-position at closest-side farthest-side " +
  "userSpaceOnUse objectBoundingBox userSpace pad reflect repeat spacing spacingAndGlyphs align stretch exact text strokeWidth auto-start-reverse " +
  "xMinYMin xMidYMin xMaxYMin xMinYMid xMidYMid xMaxYMid xMinYMax xMidYMax xMaxYMax meet slice defer " +
  "over in out atop xor lighter arithmetic matrix saturate hueRotate luminanceToAlpha identity table discrete linear gamma erode dilate R G B A duplicate wrap magnify fractalNoise turbulence stitch noStitch true false " +
  "translate scale rotate skewX skewY paced spline sum replace freeze remove indefinite auto-reverse CSS XML whenNotActive " +
  "ease ease-in ease-out ease-in-out step-start step-end infinite alternate alternate-reverse forwards backwards running paused reverse jump-start jump-end jump-none jump-both from-image deg";

const spellings = new Map(`${KEYWORDS} ${COLOURS}`.split(" ").map((word) => [word.toLowerCase(), word]));

/** As the standard spells it, whatever case it comes in; null if it is none. */
export const keyword = (word: string): string | null => spellings.get(word.toLowerCase()) ?? null;

export const UNITS = new Set(
  "em ex ch rem ic lh rlh cap vw vh vmin vmax vi vb svw svh lvw lvh dvw dvh px in cm mm q pt pc % deg grad rad turn s ms x dpi".split(
    " ",
  ),
);

export const FUNCTIONS = new Set(
  "rgb rgba hsl hsla hwb matrix translate translatex translatey translatez translate3d scale scalex scaley scalez scale3d rotate rotatex rotatey rotatez rotate3d skew skewx skewy matrix3d perspective calc min max clamp blur brightness contrast drop-shadow grayscale hue-rotate invert opacity saturate sepia inset circle ellipse polygon rect cubic-bezier steps".split(
    " ",
  ),
);

/**
 * Families that come with systems, office programs, browsers and free collections: to use one says next to nothing.
 * Of any other the name goes, because a rare font leads to who has it; whoever lacks it sees no difference.
 */
const FAMILIES =
  "Arial|Arial Black|Arial Narrow|Arial Unicode MS|ArialMT|Arial-BoldMT|Bitstream Vera Sans|Bitstream Vera Serif|Book Antiqua|Bookman|Bookman Old Style|Calibri|Cambria|Cambria Math|Candara|Cantarell|Century|Century Gothic|Comic Sans MS|Consolas|Constantia|Corbel|Courier|Courier New|DejaVu Sans|DejaVu Sans Mono|DejaVu Serif|Droid Sans|Droid Sans Mono|Droid Serif|Fira Code|Fira Mono|Fira Sans|FreeMono|FreeSans|FreeSerif|Futura|Garamond|Geneva|Georgia|Gill Sans|Helvetica|Helvetica Neue|Impact|Inter|Lato|Liberation Mono|Liberation Sans|Liberation Sans Narrow|Liberation Serif|Lucida Console|Lucida Grande|Lucida Sans|Lucida Sans Unicode|Malgun Gothic|Menlo|Meiryo|Microsoft JhengHei|Microsoft Sans Serif|Microsoft YaHei|MingLiU|Monaco|Montserrat|MS Gothic|MS Mincho|MS PGothic|MS Sans Serif|MS Serif|MyriadPro-Regular|MyriadPro-Bold|Myriad Pro|Nimbus Mono L|Nimbus Roman No9 L|Nimbus Sans L|Noto Color Emoji|Noto Mono|Noto Sans|Noto Sans Arabic|Noto Sans CJK JP|Noto Sans CJK KR|Noto Sans CJK SC|Noto Sans CJK TC|Noto Sans Hebrew|Noto Sans Mono|Noto Serif|Open Sans|Oswald|Palatino|Palatino Linotype|PingFang SC|PingFang TC|Poppins|PT Sans|PT Serif|Raleway|Roboto|Roboto Condensed|Roboto Mono|Roboto Slab|Sans|Segoe UI|Segoe UI Emoji|Segoe UI Symbol|Serif|SimHei|SimSun|Source Code Pro|Source Sans Pro|Source Serif Pro|Symbol|Tahoma|Times|Times New Roman|TimesNewRomanPSMT|Trebuchet MS|Ubuntu|Ubuntu Mono|URW Gothic L|Utopia|Verdana|Webdings|Wingdings|Zapf Dingbats|Apple Color Emoji|Apple Symbols|BlinkMacSystemFont|-apple-system|San Francisco|SFMono-Regular|SF Pro Text|Hiragino Sans|Hiragino Kaku Gothic Pro|Yu Gothic|Batang|Dotum|Gulim";

const families = new Map(FAMILIES.split("|").map((name) => [name.toLowerCase(), name]));
const GENERIC =
  /^(?:serif|sans-serif|cursive|fantasy|monospace|system-ui|ui-serif|ui-sans-serif|ui-monospace|ui-rounded|math|emoji|inherit|initial|unset|revert|default)$/iu;

export const isGenericFamily = (name: string): boolean => GENERIC.test(name);
export const knownFamily = (name: string): string | null => families.get(name.toLowerCase()) ?? null;
/** Stands for any family that is not known: no font is called so. */
export const UNKNOWN_FAMILY = "f";
