interface Run {
  controller: AbortController;
  done: Promise<void>;
}

/**
 * Works of which only the newest under a name counts: starting one aborts the one before, whose
 * caller then waits for the newest instead.
 */
export class Newest {
  readonly #runs = new Map<string, Run>();

  run(name: string, work: (signal: AbortSignal) => Promise<void>): Promise<void> {
    this.#runs.get(name)?.controller.abort();
    const controller = new AbortController();
    const done = work(controller.signal).catch((error: unknown) => {
      const newest = this.#runs.get(name);
      if (newest && newest.controller !== controller) return newest.done;
      throw error;
    });
    this.#runs.set(name, { controller, done });
    return done;
  }

  /** Abort the work under a name, if there is one. */
  stop(name: string): void {
    this.#runs.get(name)?.controller.abort();
  }
}
