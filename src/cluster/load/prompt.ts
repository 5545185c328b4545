/** Common English words, each one token in the vocabularies of Llama, SmolLM and their kin. */
export const vocabulary: readonly string[] = [
	...'time people way water word day part place back work number sound year name home line'.split(' '),
	...'hand school light group land form side room park book car team city road house tree'.split(' '),
	...'food fish bird game field horse stone wind fire sea sun moon rain snow river lake'.split(' '),
	...'hill farm door wall floor table chair bed cup bowl coat hat shoe ball bell box'.split(' '),
];

/** Token count of a model's prompts: `overhead` tokens of its template and `perWord` for each word. */
export type TokenCount = {readonly overhead: number; readonly perWord: number};

/**
 * Prompt of about the wanted number of tokens, which begins differently from every other one: the model's server caches
 * its computation for an equal beginning.
 *
 * @param serial - number of the request
 */
export function promptOf(serial: number, tokens: number, {overhead, perWord}: TokenCount): string {
	const words = Math.max(1, Math.round((tokens - overhead) / perWord));
	const {length} = vocabulary;
	let rest = serial;
	let state = (serial * 2_654_435_761 + 1) >>> 0;
	return Array.from({length: words}, (_, place) => {
		// The lowest digit comes first, so that neighbours in time differ in their first word.
		const digit = rest % length;
		rest = Math.floor(rest / length);
		state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
		return vocabulary[place === 0 || rest > 0 || digit > 0 ? digit : (state >>> 16) % length]!;
	}).join(' ');
}

/** Token count of a model, from two probes of different lengths. */
export function tokenCountOf(short: Probe, long: Probe): TokenCount {
	const perWord = (long.tokens - short.tokens) / (long.words - short.words);
	return {perWord: Math.max(0.1, perWord), overhead: short.tokens - perWord * short.words};
}

type Probe = {readonly words: number; readonly tokens: number};
