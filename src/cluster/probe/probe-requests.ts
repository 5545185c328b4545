import type {ProbedRequest} from '../../records/machine.ts';
import {type Address, ChatClient} from '../load/chat-client.ts';
import {promptOf, type TokenCount} from '../load/prompt.ts';
import {unixNow} from '../observe/clock.ts';

/** Longest time of a probe [s]: a request that has not ended by then is left out. */
export const longestProbe = 40;

/** Tokens of the requests: long prompts and long answers in turn, of the size that the experiments send. */
const tokens = [
	{prompt: 16, output: 24},
	{prompt: 48, output: 8},
] as const;
const pairs = 4;

type Sending = {readonly address: Address; readonly tokenCount: TokenCount; readonly signal: AbortSignal};

/**
 * Sends the requests of a probe one after the other, each to an idle pod: the same ones every time. The first request of a
 * new pod is slower than the others and is not counted.
 *
 * @returns the answered ones
 */
export async function sendProbe({address, tokenCount, signal}: Sending): Promise<ProbedRequest[]> {
	const client = new ChatClient(address);
	const deadline = unixNow() + longestProbe;
	const wanted = [{prompt: 16, output: 1}, ...Array.from({length: pairs}, () => tokens).flat()];
	const probed: ProbedRequest[] = [];
	for (const [number, {prompt, output}] of wanted.entries()) {
		const sentAt = unixNow();
		const chat = {
			tenant: 'probe',
			conversation: `probe-${number}`,
			prompt: promptOf(number + 1, prompt, tokenCount),
			maxTokens: output,
		};
		const {reply, at} = await client.send(chat, {deadline, signal});
		signal.throwIfAborted();
		if (number > 0 && reply?.promptTokens !== undefined) {
			const {promptEvalSeconds, evalSeconds, loadSeconds} = reply.timings;
			probed.push({
				promptTokens: reply.promptTokens,
				outputTokens: reply.outputTokens ?? output,
				serviceSeconds: Math.min(at - sentAt, promptEvalSeconds + evalSeconds + loadSeconds),
				promptSeconds: promptEvalSeconds,
				answerSeconds: evalSeconds,
			});
		}
	}

	client.close();
	return probed;
}
