import {setTimeout as sleep} from 'node:timers/promises';
import {UserError} from '../../errors.ts';
import {unbroken} from '../../printable.ts';
import {AnswerFault, mapOf} from '../../store/history/parse-answer.ts';
import {addressOf, type ServerAddress} from './credentials.ts';
import {SilenceWatch} from './silence-watch.ts';

/** The server will not answer a question as large as this one; a smaller one may do. */
export class TooMuchAsked extends Error {
	override readonly name = 'TooMuchAsked';
}

/** Limits of the patience with a server. */
export type RequestPatience = {
	/** Longest silence before and within an answer [s]. */
	readonly seconds: number;
	/** Times that a request is sent again after a fault that may pass. */
	readonly retries: number;
	/** Pause before the first repetition [s]; each further one is twice as long. */
	readonly pause: number;
	/** Largest answer [bytes]. */
	readonly largest: number;
};

const usualPatience: RequestPatience = {seconds: 60, retries: 3, pause: 0.5, largest: 64 * 2 ** 20};

/** Longest query string of a GET; a longer question is sent by POST, which Prometheus takes for the same. */
const longestQueryString = 4000;

type Asked = Readonly<Record<string, string | readonly string[]>>;

/** Fault that may pass. */
class Passing extends Error {}

/** Reader of one Prometheus server, or of what answers its HTTP API. It changes nothing there. */
export class PrometheusApi {
	/** Address without credentials. */
	readonly url: string;
	readonly #address: ServerAddress;
	readonly #signal: AbortSignal | undefined;
	readonly #patience: RequestPatience;
	#hasAnswered = false;

	/** @throws {UserError} as {@link addressOf} does */
	constructor(
		url: string,
		{
			tokenFile,
			signal,
			patience,
		}: {readonly tokenFile?: string; readonly signal?: AbortSignal; readonly patience?: Partial<RequestPatience>} = {},
	) {
		this.#address = addressOf(url, tokenFile);
		this.url = this.#address.url;
		this.#signal = signal;
		this.#patience = {...usualPatience, ...patience};
	}

	/**
	 * Asks one of the API's paths.
	 *
	 * @param path - below `/api/v1/`
	 * @returns `data` of the answer, and its warnings
	 * @throws {UserError} E_CLUSTER in one line that shows no credentials
	 * @throws {TooMuchAsked} when the server or the size of the answer says so
	 */
	async ask(path: string, asked: Asked): Promise<{readonly data: unknown; readonly warnings: readonly string[]}> {
		for (let tries = 0; ; tries++) {
			try {
				return await this.#once(path, asked);
			} catch (error) {
				this.#signal?.throwIfAborted();
				if (!(error instanceof Passing)) {
					throw error;
				}

				if (tries >= this.#patience.retries) {
					throw this.#fault(error.message);
				}
			}

			await sleep(this.#patience.pause * 2 ** tries * 1000, undefined, {...(this.#signal && {signal: this.#signal})});
		}
	}

	async #once(path: string, asked: Asked): Promise<{data: unknown; warnings: readonly string[]}> {
		const watch = new SilenceWatch(this.#patience.seconds, this.#signal);
		try {
			const response = await this.#send(path, asked, watch);
			const body = await this.#bodyOf(response, watch);
			return this.#answerOf(response, body);
		} finally {
			watch.end();
		}
	}

	async #send(path: string, asked: Asked, watch: SilenceWatch): Promise<Response> {
		const form = new URLSearchParams(
			Object.entries(asked).flatMap(([key, value]) => [value].flat().map((one): [string, string] => [key, one])),
		).toString();
		const isLong = form.length > longestQueryString;
		const url = `${this.url}/api/v1/${path}${isLong || form === '' ? '' : `?${form}`}`;
		const {authorization} = this.#address;
		try {
			return await fetch(url, {
				method: isLong ? 'POST' : 'GET',
				redirect: 'manual', // else the proof would go elsewhere
				signal: watch.signal,
				headers: {
					accept: 'application/json',
					...(authorization !== undefined && {authorization}),
					...(isLong && {'content-type': 'application/x-www-form-urlencoded'}),
				},
				...(isLong && {body: form}),
			});
		} catch (error) {
			throw this.#broken(error, watch, 'no answer');
		}
	}

	async #bodyOf(response: Response, watch: SilenceWatch): Promise<string> {
		const chunks: Uint8Array[] = [];
		let size = 0;
		try {
			for await (const chunk of response.body ?? []) {
				watch.heard();
				size += (chunk as Uint8Array).length;
				if (size > this.#patience.largest) {
					throw new TooMuchAsked(`an answer above ${this.#patience.largest} bytes`);
				}

				chunks.push(chunk as Uint8Array);
			}
		} catch (error) {
			throw error instanceof TooMuchAsked ? error : this.#broken(error, watch, 'an answer that breaks off');
		}

		return Buffer.concat(chunks).toString('utf8');
	}

	/** Fault of a connection, as something that may pass. */
	#broken(error: unknown, watch: SilenceWatch, otherwise: string): Error {
		this.#signal?.throwIfAborted();
		if (watch.isOver) {
			return this.#fault(`no answer in ${this.#patience.seconds} s`);
		}

		const {cause} = error as {cause?: {code?: unknown; message?: unknown}};
		if (cause?.message === 'bad port') {
			return this.#fault('a port that no HTTP client asks');
		}

		const code = typeof cause?.code === 'string' ? cause.code : '';
		const got = reasons[code] ?? (/^[A-Z][A-Z\d_]{1,60}$/.test(code) ? `${otherwise} (${code})` : otherwise);
		// A server that has answered is being started again.
		const mayPass = !lasting.has(code) || (code === 'ECONNREFUSED' && this.#hasAnswered);
		return mayPass ? new Passing(got) : this.#fault(got);
	}

	#answerOf(response: Response, body: string): {data: unknown; warnings: readonly string[]} {
		const {status} = response;
		if (status >= 300 && status < 400) {
			throw this.#fault(`a redirect (status ${status}): give the address that it leads to`);
		}

		if (status === 401 || status === 403) {
			const said = status === 401 ? 'not authenticated' : 'forbidden';
			throw this.#fault(`status ${status}, ${said}: give a token, or a name and a password, that may read`);
		}

		const answer = parsed(body);
		const error = this.#said(answer?.['error']);
		if (status >= 500 || status === 429) {
			if (status === 503 && /time|abort/i.test(error ?? '')) {
				throw new TooMuchAsked(error);
			}

			throw new Passing(`status ${status}${error === undefined ? '' : `: ${error}`}`);
		}

		if (
			error !== undefined &&
			(status === 422 || answer?.['status'] === 'error') &&
			/too many samples|exceed|limit/i.test(error)
		) {
			throw new TooMuchAsked(error);
		}

		if (status !== 200 || answer?.['status'] === 'error') {
			const hint = status === 404 ? ', which may be another path: Prometheus may be below one such as /prometheus' : '';
			throw this.#fault(error === undefined ? `status ${status}${hint}` : `status ${status}: ${error}`);
		}

		if (answer === undefined) {
			const type =
				/html/i.test(response.headers.get('content-type') ?? '') || /^\s*</.test(body) ? 'an HTML page' : 'no JSON';
			throw this.#fault(body.length > 0 && /^\s*\{/.test(body) ? 'JSON that breaks off' : type);
		}

		try {
			if (mapOf(answer, 'the answer')['status'] !== 'success') {
				throw new AnswerFault('status to be success', answer['status']);
			}
		} catch (fault) {
			throw this.refuse(fault);
		}

		this.#hasAnswered = true;
		const {warnings} = answer;
		const texts = Array.isArray(warnings) ? warnings.flatMap(one => this.#said(one) ?? []) : [];
		return {data: answer['data'], warnings: texts};
	}

	/** A fault in the form of an answer, as a fault of this server. */
	refuse(fault: unknown): unknown {
		return fault instanceof AnswerFault
			? this.#fault(`an answer of another form: ${this.#said(fault.message) ?? ''}`)
			: fault;
	}

	/** Text of the server, in one line and without credentials. */
	#said(text: unknown): string | undefined {
		if (typeof text !== 'string' || text.trim() === '') {
			return undefined;
		}

		const safe = this.#address.secrets.reduce((rest, secret) => rest.replaceAll(secret, '…'), text);
		const line = unbroken(safe.trim());
		return line.length > 300 ? `${line.slice(0, 300)}…` : line;
	}

	#fault(got: string): UserError {
		return new UserError('E_CLUSTER', `Expected Prometheus at ${this.url} to answer, got ${got}`);
	}
}

const reasons: Readonly<Record<string, string>> = {
	ECONNREFUSED: 'no server there (connection refused)',
	ENOTFOUND: 'no host of that name',
	EAI_AGAIN: 'no host of that name for now',
	ECONNRESET: 'a connection that breaks off',
	UND_ERR_SOCKET: 'a connection that breaks off',
	ETIMEDOUT: 'no connection in time',
	UND_ERR_CONNECT_TIMEOUT: 'no connection in time',
	EHOSTUNREACH: 'no way to the host',
	DEPTH_ZERO_SELF_SIGNED_CERT:
		'a certificate that nobody has signed (NODE_EXTRA_CA_CERTS names a file of further authorities)',
	SELF_SIGNED_CERT_IN_CHAIN:
		'a certificate of an unknown authority (NODE_EXTRA_CA_CERTS names a file of further authorities)',
	UNABLE_TO_VERIFY_LEAF_SIGNATURE:
		'a certificate of an unknown authority (NODE_EXTRA_CA_CERTS names a file of further authorities)',
	CERT_HAS_EXPIRED: 'a certificate that has expired',
	ERR_TLS_CERT_ALTNAME_INVALID: 'a certificate for another host',
	ERR_SSL_WRONG_VERSION_NUMBER: 'no TLS: the address may have to begin with http:',
	ERR_SSL_PACKET_LENGTH_TOO_LONG: 'no TLS: the address may have to begin with http:',
};

/** Faults that no repetition mends. */
const lasting = new Set(Object.keys(reasons).filter(code => /CERT|SSL|SIGN|ENOTFOUND|ECONNREFUSED/.test(code)));

function parsed(body: string): {readonly [Key in string]?: unknown} | undefined {
	try {
		const value: unknown = JSON.parse(body);
		return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : undefined;
	} catch {
		return undefined;
	}
}
