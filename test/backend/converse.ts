import {setTimeout as sleep} from 'node:timers/promises';
import type {ChatBody} from './fake-ollama.ts';
import {send, sendStreamed} from './start-backend.ts';

export type Load = {
	/** Conversations that go on at the same time, each with one request under way. */
	readonly conversations: number;
	/** How long new requests are sent [s]. */
	readonly seconds: number;
	/** Turns that the backend keeps. */
	readonly historyTurns: number;
	/** Pauses until the first requests are spread over this long [s], as people do not begin at one instant. */
	readonly spread: number;
};

export type Talk = {readonly chats: number; readonly fewestTurns: number; readonly faults: readonly string[]};

const padding = 'word '.repeat(20);
/** Faults beyond these tell nothing new, and a test that fails is to fail soon. */
const enough = 20;

/** What a prompt says of where it belongs; a reply has it too. */
export const markOf = (conversation: number, turn: number) => `<c${conversation}:${turn}>`;

/**
 * Holds many conversations at once: each sends its next turn when the last one was answered, every other one streamed.
 * An answer is right when it has the mark of its own turn, the names of its own tenant and conversation, and was given
 * with all the turns that are kept.
 *
 * @returns how many chats were answered rightly, and what was wrong with others
 */
export async function converse(url: string, load: Load): Promise<Talk> {
	const faults: string[] = [];
	const end = performance.now() + load.seconds * 1000;
	const talks = Array.from({length: load.conversations}, async (_, number) => {
		await sleep((number / load.conversations) * load.spread * 1000);
		let turn = 0;
		while (performance.now() < end && faults.length < enough) {
			const fault = await playTurn(url, {number, turn, historyTurns: load.historyTurns});
			if (fault !== undefined) {
				faults.push(fault);
				return turn; // later turns would only repeat it
			}

			turn += 1;
		}

		return turn;
	});
	const turns = await Promise.all(talks);
	return {chats: turns.reduce((sum, count) => sum + count, 0), fewestTurns: Math.min(...turns), faults};
}

type Turn = {readonly number: number; readonly turn: number; readonly historyTurns: number};

async function playTurn(url: string, {number, turn, historyTurns}: Turn): Promise<string | undefined> {
	const mark = markOf(number, turn);
	const request = {tenant: `t${number % 5}`, conversation: `c${number}`, prompt: `${mark} ${padding}`};
	try {
		const {status, body} = await (number % 2 === 0 ? send : sendStreamed)(url, request);
		const reply = Array.isArray(body) ? body.at(-1) : body;
		const text = Array.isArray(body) ? body.map(line => line.done ?? line.text).join('') : `${reply.text}true`;
		const isRight =
			status === 200 &&
			text === `${reply.text}true` &&
			reply.text === replyTo(request.prompt).join('') &&
			reply.tenant === request.tenant &&
			reply.conversation === request.conversation &&
			reply.historyTurns === Math.min(turn, historyTurns);
		return isRight ? undefined : `${mark} was answered ${status} ${JSON.stringify(reply)}`;
	} catch (error) {
		return `${mark} was not answered: ${String((error as Error).cause ?? error)}`;
	}
}

/** The model's reply to a prompt: 8 pieces, of which each has the prompt's mark. */
export function replyTo(prompt: string): string[] {
	const [mark] = prompt.split(' ', 1);
	return Array.from(
		{length: 8},
		(_, index) => `${mark} says ${index} and something more that takes its place in the history, `,
	);
}

/** What is wrong with a request that came to the model: turns of another conversation, or not the latest ones in order. */
export function faultUpstream({messages}: ChatBody): string | undefined {
	const marks = messages.map(({content}) => content.split(' ', 1)[0]!);
	const [, conversation, turn] = /^<c(\d+):(\d+)>$/.exec(marks.at(-1)!)!;
	const first = Number(turn) - (messages.length - 1) / 2;
	const expected = messages.map((_, index) => markOf(Number(conversation), first + Math.floor(index / 2)));
	return expected.join() === marks.join() ? undefined : `${marks.at(-1)} was sent with ${marks.join(' ')}`;
}
