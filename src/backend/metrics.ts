import {Counter, Gauge, Histogram, Registry} from 'prom-client';
import type {ChatOutcome} from './chat-request.ts';
import type {Conversations} from './conversations.ts';
import type {InFlight} from './in-flight.ts';
import type {MemoryBudget} from './memory-budget.ts';
import type {ChatReply} from './timings.ts';

/** The label values that tenants can make, bounded: the first `limit` names keep theirs, later ones share `other`. */
class TenantLabels {
	readonly #limit: number;
	readonly #labels = new Set<string>();

	constructor(limit: number) {
		this.#limit = limit;
	}

	/** @returns the label of a tenant, the same one whenever it is asked for */
	of(tenant: string): string {
		const label = this.#labels.has(tenant) || this.#labels.size < this.#limit ? tenant : 'other';
		this.#labels.add(label);
		return label;
	}

	/** Every label that was given out. */
	given(): Iterable<string> {
		return this.#labels;
	}
}

const buckets = [0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 25, 50, 100, 250];

/** Reason why something was refused before it could become a chat, or instead. */
type Refusal = 'in-flight' | 'memory' | 'slow-request' | 'connections' | 'pipelining';

export type BackendMetrics = {
	readonly countReply: (reply: ChatReply) => void;
	readonly countChat: (tenant: string, outcome: ChatOutcome) => void;
	readonly countRefusal: (reason: Refusal) => void;
	readonly contentType: string;
	/** The Prometheus text. */
	readonly text: () => Promise<string>;
};

/**
 * Makes the backend's metrics, by tenant.
 *
 * @param labelLimit - tenants that get a label of their own; all further ones share `other`
 */
export function makeMetrics({inFlight, conversations, memory}: Observed, labelLimit: number): BackendMetrics {
	const registry = new Registry();
	const labels = new TenantLabels(labelLimit);
	const chats = makeChatMetrics(registry);
	addGauges(registry, {inFlight, conversations, memory}, labels);
	return {
		countReply({tenant: name, promptTokens, outputTokens, timings}) {
			const tenant = labels.of(name);
			chats.waiting.observe({tenant}, timings.waitingSeconds);
			chats.service.observe({tenant}, timings.promptEvalSeconds + timings.evalSeconds);
			chats.loopback.observe(timings.loopbackSeconds);
			chats.latency.observe(
				{tenant},
				timings.queuedSeconds + timings.ollamaSeconds + timings.loopbackSeconds + timings.backendSeconds,
			);
			if (timings.firstTokenSeconds !== undefined) {
				chats.firstToken.observe({tenant}, timings.firstTokenSeconds);
			}

			chats.promptTokens.inc({tenant}, promptTokens ?? 0);
			chats.outputTokens.inc({tenant}, outputTokens ?? 0);
		},
		countChat(tenant, outcome) {
			chats.total.inc({tenant: labels.of(tenant), outcome});
		},
		countRefusal(reason) {
			chats.refusals.inc({reason});
		},
		contentType: registry.contentType,
		text: () => registry.metrics(),
	};
}

function makeChatMetrics(registry: Registry) {
	const registers = [registry];
	const labelNames = ['tenant'] as const;
	const describe = (name: string, help: string) => ({name: `replicast_backend_${name}`, help, registers});
	return {
		total: new Counter({...describe('chats_total', 'Chats that ended'), labelNames: ['tenant', 'outcome'] as const}),
		refusals: new Counter({
			...describe('refusals_total', 'Chats, requests and connections refused for a limit of the pod'),
			labelNames: ['reason'] as const,
		}),
		waiting: new Histogram({...describe('waiting_seconds', 'Wait for a slot of Ollama'), labelNames, buckets}),
		service: new Histogram({
			...describe('service_seconds', 'Prompt evaluation and generation'),
			labelNames,
			buckets,
		}),
		latency: new Histogram({...describe('latency_seconds', 'Arrival to the end of the reply'), labelNames, buckets}),
		firstToken: new Histogram({
			...describe('first_token_seconds', 'Arrival to the first piece of text'),
			labelNames,
			buckets,
		}),
		loopback: new Histogram({...describe('loopback_seconds', 'Hop between backend and Ollama'), buckets}),
		promptTokens: new Counter({...describe('prompt_tokens_total', 'Tokens of prompts, history included'), labelNames}),
		outputTokens: new Counter({...describe('output_tokens_total', 'Tokens that the model wrote'), labelNames}),
	};
}

type Observed = {
	readonly inFlight: InFlight;
	readonly conversations: Conversations;
	readonly memory: MemoryBudget;
};

/** Gauges are computed from the pod's state when they are scraped. */
function addGauges(registry: Registry, {inFlight, conversations, memory}: Observed, labels: TenantLabels): void {
	const registers = [registry];
	const byTenant = (name: string, help: string, counts: (chat: {waits: boolean}) => boolean) =>
		new Gauge({
			name: `replicast_backend_${name}`,
			help,
			registers,
			labelNames: ['tenant'] as const,
			collect() {
				for (const tenant of labels.given()) {
					this.set({tenant}, 0);
				}

				for (const chat of inFlight) {
					this.inc({tenant: labels.of(chat.tenant)}, counts(chat) ? 1 : 0);
				}
			},
		});
	const plain = (name: string, help: string, read: () => number) =>
		new Gauge({
			name: `replicast_backend_${name}`,
			help,
			registers,
			collect() {
				this.set(read());
			},
		});
	byTenant('in_flight', 'Chats that wait or run', () => true);
	byTenant('queue_length', 'Chats that wait for a slot of Ollama', ({waits}) => waits);
	byTenant('running', 'Chats that have a slot of Ollama', ({waits}) => !waits);
	plain('conversations', 'Conversations that the pod remembers', () => conversations.size);
	plain('history_bytes', 'Text of all kept turns', () => conversations.bytes);
	plain('held_bytes', 'Memory that chats under way are counted with', () => memory.held);
	plain('resident_memory_bytes', 'Resident memory of the backend', () => process.memoryUsage.rss());
}
