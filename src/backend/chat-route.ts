import {Readable} from 'node:stream';
import type {FastifyReply, FastifyRequest} from 'fastify';
import {type Arrival, type ChatPod, serveChat} from './chat.ts';
import {holdFor, reservedForReply} from './chat-memory.ts';
import {ChatError, parseChatRequest} from './chat-request.ts';
import type {Lifecycle} from './lifecycle.ts';
import {ReplyText} from './reply-text.ts';
import type {ChatReply} from './timings.ts';

type Chat = AsyncGenerator<string, ChatReply>;

/**
 * Answers `POST /v1/chat`: the reply as one JSON document or, when asked, line by line.
 * The first piece of text decides between an error status and a stream, so a chat that fails early has a true status.
 */
export async function handleChat(pod: ChatPod, lifecycle: Lifecycle, request: FastifyRequest, reply: FastifyReply) {
	if (lifecycle.phase === 'draining') {
		throw new ChatError(503, 'refused', 'This pod is shutting down');
	}

	const chatRequest = parseChatRequest(request.body, pod.configuration);
	request.body = undefined; // nothing but the prompt waits
	const hold = holdFor(pod, request.raw, chatRequest);
	reply.raw.once('close', hold.release);
	const signal = endOfChat(pod, lifecycle, reply);
	const text = new ReplyText(hold, reservedForReply(chatRequest));
	const chat = serveChat(pod, chatRequest, {arrival: request.getDecorator<Arrival>('arrival'), signal, text});
	reply.raw.once('close', () => void chat.return(undefined as never)); // also wakes one that waits to be read
	const first = await chat.next();
	if (chatRequest.stream) {
		reply.header('content-type', 'application/x-ndjson');
		return reply.send(Readable.from(replyLines(first, chat), {objectMode: false}));
	}

	return wholeReply(first, chat);
}

/** For the last words to a client whose chat was ended [ms]; then its connection is cut. */
const farewellTime = 2000;

/** Aborts a chat when its client goes, its deadline passes or the pod cuts what is left. */
function endOfChat({configuration: {deadline}}: ChatPod, lifecycle: Lifecycle, {raw}: FastifyReply): AbortSignal {
	const controller = new AbortController();
	let farewell: NodeJS.Timeout | undefined;
	const end = (reason: ChatError) => {
		controller.abort(reason);
		farewell = setTimeout(() => raw.destroy(), farewellTime); // a client that does not read would keep its slot
	};
	const onDeadline = () => end(new ChatError(504, 'timed-out', `No reply within ${deadline} s`));
	const onCut = () => end(lifecycle.cut.reason);
	const timer = setTimeout(onDeadline, deadline * 1000);
	lifecycle.cut.addEventListener('abort', onCut);
	raw.once('close', () => {
		clearTimeout(timer);
		clearTimeout(farewell);
		lifecycle.cut.removeEventListener('abort', onCut);
		controller.abort(new ChatError(499, 'client-gone', 'The client is gone')); // too late to matter after a whole reply
	});
	return controller.signal;
}

async function wholeReply(first: IteratorResult<string, ChatReply>, chat: Chat): Promise<ChatReply> {
	let next = first;
	while (!next.done) {
		next = await chat.next();
	}

	return next.value;
}

/** One line per piece, then the whole reply with `done: true`; where it breaks off, a line with `error`. */
async function* replyLines(first: IteratorResult<string, ChatReply>, chat: Chat): AsyncGenerator<string> {
	try {
		let next = first;
		while (!next.done) {
			yield `${JSON.stringify({text: next.value})}\n`;
			next = await chat.next();
		}

		if (next.value) {
			yield `${JSON.stringify({done: true, ...next.value})}\n`;
		}
	} catch (error) {
		const {statusCode: status = 500, message} = error as ChatError;
		yield `${JSON.stringify({error: message, status})}\n`;
	}
}
