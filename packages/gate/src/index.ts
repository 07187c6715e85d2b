/** The public face of @recourse/gate. */
export { createGate, type Gate, type GateEvent, type GateOptions } from "./gate.ts";
