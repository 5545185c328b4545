import {type AvailableMemory, availableMemory, defaultHeld, mostHeld} from './available-memory.ts';

/**
 * Configuration from the environment, in seconds and bytes; docs/backend.md lists the variables with their defaults.
 */
export type Configuration = {
	readonly host: string;
	readonly port: number;
	readonly podName: string;
	readonly ollamaUrl: string;
	readonly model: string;
	readonly numThread: number;
	readonly numCtx: number;
	readonly seed: number;
	/** Requests that Ollama works on at once; it only separates waiting from running in the metrics. */
	readonly parallel: number;
	readonly maxInFlight: number;
	readonly maxTokens: number;
	readonly deadline: number;
	/** After which an Ollama that says nothing counts as gone. */
	readonly silence: number;
	readonly lameDuck: number;
	readonly drain: number;
	readonly historyTurns: number;
	readonly historyBytes: number;
	readonly conversations: number;
	readonly tenantLabels: number;
	readonly bodyBytes: number;
	/** Memory for chats, histories and bodies that arrive, together. */
	readonly heldBytes: number;
	readonly maxConnections: number;
	/** For a request to arrive whole. */
	readonly requestTime: number;
	readonly logLevel: string;
};

export type Environment = Readonly<Record<string, string | undefined>>;

const logLevels = ['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'];

/**
 * Reads the backend's configuration.
 *
 * @param environment - variables as `process.env` holds them; an empty one counts as absent
 * @param memory - what there is to hold clients' bytes in
 * @throws {RangeError} when a variable is not what it should be
 */
export function readConfiguration(environment: Environment, memory = availableMemory()): Configuration {
	const integer: ReadInteger = (name, fallback, bounds) => readInteger(environment, {name, fallback, bounds});
	const logLevel = environment['LOG_LEVEL'] || 'info';
	if (!logLevels.includes(logLevel)) {
		throw new RangeError(`Expected LOG_LEVEL to be one of ${logLevels.join(', ')}, got ${logLevel}`);
	}

	const numCtx = integer('NUM_CTX', 2048, {min: 16, max: 1_048_576});
	return {
		host: environment['HOST'] || '0.0.0.0',
		port: integer('PORT', 8080, {min: 0, max: 65_535}),
		podName: environment['POD_NAME'] || environment['HOSTNAME'] || 'unknown',
		ollamaUrl: readUrl(environment, 'OLLAMA_URL', 'http://127.0.0.1:11434'),
		model: environment['MODEL'] || 'smollm2:135m',
		numThread: threadsWithin(integer('OLLAMA_CPU_LIMIT_MILLICORES', 1000, {min: 1, max: 1_000_000})),
		numCtx,
		seed: integer('SEED', 0, {min: 0, max: 2_147_483_647}),
		parallel: integer('OLLAMA_NUM_PARALLEL', 1, {min: 1, max: 1024}),
		maxTokens: integer('MAX_TOKENS', Math.min(128, numCtx), {min: 1, max: numCtx}),
		deadline: integer('DEADLINE_SECONDS', 600, {min: 1, max: 86_400}),
		silence: integer('OLLAMA_SILENCE_SECONDS', 300, {min: 1, max: 86_400}), // as long as Ollama lets a load stall
		lameDuck: integer('LAME_DUCK_SECONDS', 2, {min: 0, max: 600}),
		drain: integer('DRAIN_SECONDS', 25, {min: 0, max: 3600}),
		historyTurns: integer('HISTORY_TURNS', 8, {min: 0, max: 1000}),
		historyBytes: integer('HISTORY_BYTES', 8192, {min: 0, max: 1_048_576}),
		conversations: integer('MAX_CONVERSATIONS', 1000, {min: 1, max: 1_000_000}),
		tenantLabels: integer('MAX_TENANT_LABELS', 20, {min: 0, max: 1000}),
		logLevel,
		...readLimits(integer, memory),
	};
}

type ReadInteger = (name: string, fallback: number, bounds: Bounds) => number;

/**
 * Reads the bounds of the memory. A body takes at most an eighth of what may be held, so that one always finds room.
 */
function readLimits(integer: ReadInteger, memory: AvailableMemory) {
	const heldBytes = integer('MAX_HELD_BYTES', defaultHeld(memory), {min: 1_048_576, max: mostHeld(memory)});
	const maxInFlight = integer('MAX_IN_FLIGHT', 1024, {min: 1, max: 100_000});
	const spare = 128; // connections for probes, metrics and clients between two chats
	return {
		heldBytes,
		maxInFlight,
		maxConnections: integer('MAX_CONNECTIONS', maxInFlight + spare, {min: maxInFlight + 16, max: 200_000}),
		bodyBytes: integer('MAX_BODY_BYTES', 65_536, {min: 64, max: Math.min(16_777_216, Math.floor(heldBytes / 8))}),
		requestTime: integer('REQUEST_SECONDS', 30, {min: 1, max: 600}),
	};
}

/** Threads for a CPU limit: one more than the quota can run throttles them all, so the limit is rounded down. */
function threadsWithin(limitMillicores: number): number {
	return Math.max(1, Math.floor(limitMillicores / 1000));
}

type Bounds = {readonly min: number; readonly max: number};

export function readInteger(
	environment: Environment,
	{name, fallback, bounds: {min, max}}: {name: string; fallback: number; bounds: Bounds},
): number {
	const text = environment[name] || String(fallback);
	const value = /^\d+$/.test(text) ? Number(text) : Number.NaN;
	if (!(value >= min && value <= max)) {
		throw new RangeError(`Expected ${name} to be an integer from ${min} to ${max}, got ${text}`);
	}

	return value;
}

export function readUrl(environment: Environment, name: string, fallback: string): string {
	const text = environment[name] || fallback;
	if (!URL.canParse(text) || new URL(text).protocol !== 'http:') {
		throw new RangeError(`Expected ${name} to be an http URL, got ${text}`);
	}

	return text;
}
