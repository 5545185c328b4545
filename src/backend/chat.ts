import type {ChatResponse, Message} from 'ollama';
import type {ChatRequest} from './chat-request.ts';
import {ChatError, type ChatOutcome} from './chat-request.ts';
import type {Configuration} from './configuration.ts';
import type {Conversation, Conversations, Turn} from './conversations.ts';
import type {InFlight} from './in-flight.ts';
import type {MemoryBudget} from './memory-budget.ts';
import type {BackendMetrics} from './metrics.ts';
import type {ReplyText} from './reply-text.ts';
import type {Slots} from './slots.ts';
import {type ChatReply, type Marks, readTimings} from './timings.ts';
import {askModel} from './upstream.ts';

/** Parts of the pod that a chat needs. */
export type ChatPod = {
	readonly configuration: Configuration;
	readonly conversations: Conversations;
	readonly inFlight: InFlight;
	/** For chats from their arrival until their reply is sent. */
	readonly memory: MemoryBudget;
	readonly slots: Slots;
	readonly metrics: BackendMetrics;
	/** Called at every sign of life of Ollama. */
	readonly whenHeard: () => void;
};

export type Arrival = {readonly receivedUnix: number; readonly received: number};

/**
 * Serves one chat: opens the conversation, asks the model with its history, keeps the turn.
 *
 * @param course - `signal` aborts the chat: its reason, a {@link ChatError}, is thrown; `text` takes the reply
 * @yields pieces of the reply's text
 * @throws {ChatError} 404 when the conversation is another tenant's, 503 when the pod is full, or as `askModel` does
 */
export async function* serveChat(
	pod: ChatPod,
	request: ChatRequest,
	{arrival, signal, text}: {arrival: Arrival; signal: AbortSignal; text: ReplyText},
): AsyncGenerator<string, ChatReply> {
	const conversation = admit(pod, request);
	const leave = pod.inFlight.enter(request.tenant);
	let turn: Turn | undefined;
	let outcome: ChatOutcome = 'client-gone'; // holds when the caller stops reading
	try {
		const reply = yield* converse(pod, request, {conversation, arrival, signal, text});
		pod.metrics.countReply(reply);
		turn = {prompt: request.prompt, text: reply.text}; // kept only once nothing can fail any more
		outcome = 'completed';
		return reply;
	} catch (error) {
		outcome = error instanceof ChatError ? error.outcome : 'failed';
		throw error;
	} finally {
		pod.conversations.close(request.conversation, conversation, turn);
		pod.metrics.countChat(request.tenant, outcome);
		leave();
	}
}

function admit(pod: ChatPod, {tenant, conversation: id}: ChatRequest): Conversation {
	const isFull = pod.inFlight.size >= pod.configuration.maxInFlight;
	const conversation = isFull ? undefined : pod.conversations.open(tenant, id);
	if (conversation) {
		return conversation;
	}

	pod.metrics.countChat(tenant, 'refused');
	if (isFull) {
		pod.metrics.countRefusal('in-flight');
	}

	throw isFull
		? new ChatError(503, 'refused', 'This pod has no room for another chat')
		: new ChatError(404, 'refused', 'No such conversation');
}

type Course = {
	readonly conversation: Conversation;
	readonly arrival: Arrival;
	readonly signal: AbortSignal;
	readonly text: ReplyText;
};

async function* converse(pod: ChatPod, request: ChatRequest, course: Course): AsyncGenerator<string, ChatReply> {
	const queued = performance.now();
	const giveBack = await pod.slots.take(course.signal);
	try {
		return yield* ask(pod, request, {...course, queued});
	} finally {
		giveBack();
	}
}

async function* ask(
	{configuration, whenHeard}: ChatPod,
	request: ChatRequest,
	{conversation, arrival, signal, text, queued}: Course & {readonly queued: number},
): AsyncGenerator<string, ChatReply> {
	const historyTurns = conversation.turns.length;
	const messages = [...conversation.turns.flatMap(turnMessages), {role: 'user', content: request.prompt}];
	const sent = performance.now();
	let firstToken: number | undefined;
	const pieces = askModel(configuration, {messages, maxTokens: request.maxTokens}, {signal, whenHeard});
	let next = await pieces.next();
	while (!next.done) {
		firstToken ??= performance.now();
		text.add(next.value);
		yield next.value;
		next = await pieces.next();
	}

	const ended = performance.now();
	const {tenant, conversation: id} = request;
	const marks = {...arrival, queued, sent, firstToken, ended, replied: performance.now()};
	const place = {text: text.toString(), tenant, conversation: id, pod: configuration.podName};
	return {...place, historyTurns, ...readReply(next.value, marks)};
}

function turnMessages({prompt, text}: Turn): Message[] {
	return [
		{role: 'user', content: prompt},
		{role: 'assistant', content: text},
	];
}

/** Whether the model said how many there are; anything else counts as not said. */
function isCount(value: unknown): value is number {
	return Number.isSafeInteger(value) && (value as number) >= 0;
}

function readReply(response: ChatResponse, marks: Marks) {
	const {prompt_eval_count: promptTokens, eval_count: outputTokens, done_reason: doneReason} = response;
	return {
		...(isCount(promptTokens) && {promptTokens}),
		...(isCount(outputTokens) && {outputTokens}),
		doneReason: typeof doneReason === 'string' ? doneReason : 'unknown',
		timings: readTimings(response, marks),
	};
}
