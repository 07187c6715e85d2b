/** What a benchmark answers, and how a run picks, completes and prints figures. */

/** One measured number. Names are stable: whoever compares two runs compares by name. */
export interface Figure {
  /** Dotted name, the unit last: `match.scan100k.us`. */
  readonly figure: string;
  readonly value: number;
  readonly unit: string;
  /** How many measurements the value is made from. */
  readonly n: number;
  /** The other program measured in the same run, on the same input. */
  readonly peer?: string;
  /** The peer's value, in the same unit. */
  readonly peerValue?: number;
}

/** Measures and answers its figures; each of their names begins with the key it stands under. */
export type Benchmark = () => Promise<readonly Figure[]>;

/** What each module under `src/` exports as `figures`. */
export type Benchmarks = Readonly<Record<string, Benchmark>>;

/** A figure as it is printed with `--json`. */
export interface PrintedFigure extends Figure {
  /** `value / peerValue`: 0.5 is half of what the peer takes. */
  readonly ratio?: number;
  readonly machine: Machine;
  readonly versions: Readonly<Record<string, string>>;
}

export interface Machine {
  readonly cpu: string;
  readonly cores: number;
  readonly memoryGb: number;
  readonly os: string;
}

/** True when a figure of this name was asked for: by its beginning, or by no name at all. */
export const isWanted = (figure: string, names: readonly string[]): boolean =>
  names.length === 0 || names.some((name) => figure.startsWith(name));

/** True when a benchmark can answer a figure that was asked for. */
export const mayAnswer = (key: string, names: readonly string[]): boolean =>
  names.length === 0 || names.some((name) => key.startsWith(name) || name.startsWith(key));

/** Four significant digits: more would be noise. */
export const round = (value: number): number => Number(value.toPrecision(4));

export const completeFigure = (
  figure: Figure,
  machine: Machine,
  versions: Readonly<Record<string, string>>,
): PrintedFigure => {
  const { figure: name, value, unit, n, peer, peerValue } = figure;
  return {
    figure: name,
    value: round(value),
    unit,
    n,
    ...(peer === undefined ? {} : { peer }),
    ...(peerValue === undefined ? {} : { peerValue: round(peerValue), ratio: round(value / peerValue) }),
    machine,
    versions,
  };
};

/** A figure as a row for people: name, value with unit, measurements, peer. */
export const asRow = (figure: Figure): readonly [string, string, string, string] => [
  figure.figure,
  `${round(figure.value)} ${figure.unit}`,
  `n=${figure.n}`,
  figure.peer === undefined || figure.peerValue === undefined
    ? ""
    : `${figure.peer}: ${round(figure.peerValue)} ${figure.unit}, ratio ${round(figure.value / figure.peerValue)}`,
];
