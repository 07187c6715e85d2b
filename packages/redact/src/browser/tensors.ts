/** TensorFlow.js on WebAssembly, and the files of models, all from the page's own origin. */
import { tf } from "@vladmandic/face-api/dist/face-api.esm.js";
import simdUrl from "@tensorflow/tfjs-backend-wasm/dist/tfjs-backend-wasm-simd.wasm?url";
import plainUrl from "@tensorflow/tfjs-backend-wasm/dist/tfjs-backend-wasm.wasm?url";
import { DoorFailure } from "./codes.ts";

/** A file of the page; `model_unreachable` where it can't be had. */
export async function loadFile(url: string): Promise<Response> {
  const response = await fetch(url).catch((error: unknown) => {
    throw new DoorFailure("model_unreachable", error);
  });
  if (!response.ok) throw new DoorFailure("model_unreachable");
  return response;
}

/** Loads WebAssembly and then the model; whatever goes wrong on the way is `model_unreachable`. */
export async function loadModel<T>(load: () => Promise<T>): Promise<T> {
  try {
    tf.setWasmPaths({
      "tfjs-backend-wasm.wasm": plainUrl,
      "tfjs-backend-wasm-simd.wasm": simdUrl,
      // Asked for by name and, without threads, never loaded.
      "tfjs-backend-wasm-threaded-simd.wasm": simdUrl,
    });
    // Threads need headers that the page doesn't send, and a third file.
    tf.env().set("WASM_HAS_MULTITHREAD_SUPPORT", false);
    if (!(await tf.setBackend("wasm"))) throw new DoorFailure("model_unreachable");
    await tf.ready();
    return await load();
  } catch (error) {
    throw error instanceof DoorFailure ? error : new DoorFailure("model_unreachable", error);
  }
}
