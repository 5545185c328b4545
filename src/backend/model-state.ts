import {setTimeout as sleep} from 'node:timers/promises';
import {Ollama} from 'ollama';
import type {Configuration} from './configuration.ts';
import {loopbackFetch} from './loopback-fetch.ts';
import {runnerOptions} from './upstream.ts';

type Log = (message: string) => void;

/** How long a probe waits for an answer that needs no model [ms]; less than its own timeout. */
const patience = 4000;
/** Bytes of an answer about models. */
const bodyLimit = 1_048_576;
const firstBackoff = 250;
const longestBackoff = 5000;

/** Whether the pod's model is loaded; loads it at the start and again when Ollama lost it. */
export class ModelState {
	readonly #configuration: Configuration;
	readonly #log: Log;
	readonly #stop = new AbortController();
	/** Ollama's probes ask for as long as the process runs. */
	readonly #untilEnd = new AbortController().signal;
	#preload: Promise<void> | undefined;
	#question: Promise<string[] | 'gone'> | undefined;
	/** Since when Ollama owes an answer [ms of `performance.now()`], if it does. */
	#silentSince: number | undefined;
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

	/** Whether the model is loaded, as far as Ollama answers. It lists one that it still loads, so the preload counts too. */
	async isLoaded(): Promise<boolean> {
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

	/** Whether Ollama answers at its port, or has not been silent for long. */
	async isOllamaAlive(): Promise<boolean> {
		return (await this.#listLoaded()) !== 'gone';
	}

	/** Notes a sign of life: an answer of any kind, a piece of a chat. */
	heard(): void {
		this.#silentSince = this.#question && performance.now();
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
		const client = new Ollama({host, fetch: this.#fetch(this.#stop.signal)});
		const options = runnerOptions(this.#configuration);
		await client.generate({model, prompt: '', keep_alive: -1, options, stream: false});
		this.#isLoaded = true;
		this.#log(`Ollama has loaded ${model}`);
	}

	/**
	 * Lists the models that Ollama has loaded. A question waits for its answer however long it takes, and callers share
	 * it: a pod short of CPU is `slow`, not broken. It is `gone` once it has said nothing at all for the time that the
	 * configuration allows.
	 */
	async #listLoaded(): Promise<string[] | 'slow' | 'gone'> {
		this.#silentSince ??= performance.now();
		this.#question ??= this.#ask().finally(() => {
			this.#question = undefined;
			this.#silentSince = undefined;
		});
		const waited = new AbortController();
		const {signal} = waited;
		const {silence} = this.#configuration;
		const slow = sleep(Math.min(patience, silence * 1000), 'slow' as const, {signal}).catch(() => 'slow' as const);
		const answer = await Promise.race([this.#question, slow]);
		waited.abort();
		const silentFor = performance.now() - (this.#silentSince ?? Number.POSITIVE_INFINITY);
		return answer === 'slow' && silentFor >= silence * 1000 ? 'gone' : answer;
	}

	async #ask(): Promise<string[] | 'gone'> {
		try {
			const {models} = await new Ollama({host: this.#configuration.ollamaUrl, fetch: this.#fetch(this.#untilEnd)}).ps();
			return models.map(({name}) => withTag(name));
		} catch {
			return 'gone';
		}
	}

	#fetch(signal: AbortSignal): typeof fetch {
		return loopbackFetch({signal, bodyLimit, whenHeard: () => this.heard()});
	}
}

function withTag(model: string): string {
	return model.slice(model.lastIndexOf('/') + 1).includes(':') ? model : `${model}:latest`;
}
