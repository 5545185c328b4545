import type {ChatResponse} from 'ollama';

/** Times of a chat's events in milliseconds of `performance.now()`; `received` is on the wall clock too. */
export type Marks = {
	readonly receivedUnix: number;
	readonly received: number;
	readonly queued: number;
	readonly sent: number;
	readonly firstToken: number | undefined;
	readonly ended: number;
	readonly replied: number;
};

/** Stages of a chat's time [s]. */
type Timings = {
	/** Unix time at which the request's headers had arrived. */
	readonly receivedAt: number;
	/** For one of Ollama's slots: in the backend's queue and then, shortly, in Ollama's. */
	readonly waitingSeconds: number;
	/** The part of it in the backend's queue. */
	readonly queuedSeconds: number;
	/** In Ollama, until the model was there; under load it overlaps the work of the request before. */
	readonly loadSeconds: number;
	readonly promptEvalSeconds: number;
	readonly evalSeconds: number;
	/** In Ollama altogether. */
	readonly ollamaSeconds: number;
	/** From received to the first piece of text; absent when the reply is empty. */
	readonly firstTokenSeconds?: number;
	/** At work in the backend itself, before the request went to Ollama and after the reply was whole. */
	readonly backendSeconds: number;
	/** On the way between backend and Ollama: what the backend waited beyond Ollama's own total. */
	readonly loopbackSeconds: number;
};

/** Splits a chat's time. Ollama gives nanoseconds; what is no duration, and differences below 0, count as 0. */
export function readTimings(reply: ChatResponse, marks: Marks): Timings {
	const total = nanoseconds(reply.total_duration);
	const load = nanoseconds(reply.load_duration);
	const promptEval = nanoseconds(reply.prompt_eval_duration);
	const evaluation = nanoseconds(reply.eval_duration);
	const queued = difference(marks.sent, marks.queued) / 1000;
	const upstream = (marks.ended - marks.sent) / 1000;
	return {
		receivedAt: marks.receivedUnix,
		waitingSeconds: difference(queued + total, load + promptEval + evaluation),
		queuedSeconds: queued,
		loadSeconds: load,
		promptEvalSeconds: promptEval,
		evalSeconds: evaluation,
		ollamaSeconds: total,
		...(marks.firstToken !== undefined && {firstTokenSeconds: difference(marks.firstToken, marks.received) / 1000}),
		backendSeconds: difference((marks.replied - marks.received) / 1000, queued + upstream),
		loopbackSeconds: difference(upstream, total),
	};
}

/** The longest that a chat can take [ns]: more than a day is no duration that Ollama measured. */
const longest = 86_400e9;

function nanoseconds(value: unknown): number {
	return typeof value === 'number' && value >= 0 && value <= longest ? value / 1e9 : 0;
}

/** Rounds to the microsecond, the resolution of the clocks. */
function difference(a: number, b: number): number {
	return Math.max(0, Math.round((a - b) * 1e6) / 1e6);
}

/** Reply to a chat as it is sent. */
export type ChatReply = {
	readonly text: string;
	readonly tenant: string;
	readonly conversation: string;
	readonly pod: string;
	/**
	 * Turns of the conversation that were sent along; 0 for the first turn, or when the conversation is new to this pod.
	 */
	readonly historyTurns: number;
	/** As the model counted them; absent when it did not say. */
	readonly promptTokens?: number;
	readonly outputTokens?: number;
	readonly doneReason: string;
	readonly timings: Timings;
};
