import {setTimeout as sleep} from 'node:timers/promises';
import {Ollama} from 'ollama';
import type {Configuration} from './configuration.ts';
import {loopbackFetch} from './loopback-fetch.ts';
import {runnerOptions} from './upstream.ts';

type Log = (message: string) => void;

/** How long Ollama may take to answer a question that needs no model [ms]; less than the probes' own timeout. */
const patience = 4000;
const firstBackoff = 250;
const longestBackoff = 5000;

/** Whether the pod's model is loaded; loads it at the start and again when Ollama lost it. */
export class ModelState {
	readonly #configuration: Configuration;
	readonly #log: Log;
	readonly #stop = new AbortController();
	#preload: Promise<void> | undefined;
	#check: Promise<boolean> | undefined;
	#isLoaded = false;

	constructor(configuration: Configuration, log: Log) {
		this.#configuration = configuration;
		this.#log = log;
	}

	/** Loads the model in the background, again and again with growing pauses until Ollama has done it. */
	preload(): void {
		this.#preload ??= this.#loadUntilDone().finally(() => {
			this.#preload = undefined;
		});
	}

	/** Asks Ollama whether the model is loaded. Callers at the same time share one question. */
	isLoaded(): Promise<boolean> {
		this.#check ??= this.#ask().finally(() => {
			this.#check = undefined;
		});
		return this.#check;
	}

	/** Whether anything answers at Ollama's port. */
	async isOllamaAlive(): Promise<boolean> {
		return (await this.#listLoaded()) !== 'gone';
	}

	stop(): void {
		this.#stop.abort();
	}

	async #loadUntilDone(): Promise<void> {
		const {signal} = this.#stop;
		for (let backoff = firstBackoff; !signal.aborted; backoff = Math.min(longestBackoff, backoff * 2)) {
			try {
				await this.#load();
				return;
			} catch (error) {
				this.#log(`Ollama has not loaded the model yet: ${(error as Error).message}`);
				await sleep(backoff, undefined, {signal}).catch(() => undefined);
			}
		}
	}

	/** An empty prompt makes Ollama load the model and generate nothing. */
	async #load(): Promise<void> {
		const {ollamaUrl: host, model} = this.#configuration;
		const client = new Ollama({host, fetch: loopbackFetch(this.#stop.signal)});
		const options = runnerOptions(this.#configuration);
		await client.generate({model, prompt: '', keep_alive: -1, options, stream: false});
		this.#isLoaded = true;
		this.#log(`Ollama has loaded ${model}`);
	}

	/** Ollama lists a model that it is still loading, so its own preload must have come back too. */
	async #ask(): Promise<boolean> {
		const loaded = await this.#listLoaded();
		if (loaded === 'slow') {
			return this.#isLoaded; // a pod short of CPU answers late; that is not a no
		}

		if (loaded === 'gone' || !loaded.includes(withTag(this.#configuration.model))) {
			this.#isLoaded = false;
			this.preload();
		}

		return this.#isLoaded;
	}

	async #listLoaded(): Promise<string[] | 'slow' | 'gone'> {
		const signal = AbortSignal.timeout(patience);
		try {
			const client = new Ollama({host: this.#configuration.ollamaUrl, fetch: loopbackFetch(signal)});
			return (await client.ps()).models.map(({name}) => withTag(name));
		} catch {
			return signal.aborted ? 'slow' : 'gone';
		}
	}
}

function withTag(model: string): string {
	return model.slice(model.lastIndexOf('/') + 1).includes(':') ? model : `${model}:latest`;
}
