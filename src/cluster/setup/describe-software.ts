import {UserError} from '../../errors.ts';
import {type Address, ChatClient} from '../load/chat-client.ts';
import {promptOf, type TokenCount, tokenCountOf} from '../load/prompt.ts';
import {runTool} from '../machine/run-tool.ts';
import {unixNow} from '../observe/clock.ts';
import type {Cluster} from './cluster.ts';
import {namespace} from './cluster.ts';
import {type ClusterController, readControllerFlags} from './controller-settings.ts';

/** Software in the cluster, and the way in which its model counts tokens. */
export type Software = {
	readonly versions: Readonly<Record<string, string>>;
	/** Digest by model name. */
	readonly models: Readonly<Record<string, string>>;
	readonly tokenCount: TokenCount;
	readonly controller: ClusterController;
};

type Asked = {
	readonly pod: string;
	readonly llmContainer: string;
	readonly model: string;
	readonly signal: AbortSignal;
};

/** Asks a Ready pod, before any measurement. */
export async function describeSoftware(cluster: Cluster, asked: Asked): Promise<Software> {
	const {gitVersion} = await cluster.api.get<{gitVersion: string}>('/version');
	const said = await inContainer(cluster, asked, describeContainer(asked.model));
	const {ollama = '', digest = '', processor = ''} = readWords(said);
	return {
		versions: {kubernetes: gitVersion, ollama, node: process.version, ...(processor !== '' && {processor})},
		models: {[asked.model]: digest},
		tokenCount: await probeTokens(cluster.address, asked.signal),
		controller: {gitVersion, flags: await readControllerFlags(cluster.api)},
	};
}

/**
 * Version of Ollama, the digest of the model's manifest, which is how Ollama itself names a model, and the node's processor
 * where Linux knows its name.
 */
function describeContainer(model: string): string {
	const [name = '', tag = 'latest'] = model.split(':');
	return `echo "ollama=$(ollama --version 2>/dev/null | sed -n 's/.*version is //p' | head -n 1)"
echo "digest=$(sha256sum "\${OLLAMA_MODELS:-$HOME/.ollama/models}"/manifests/*/*/${name}/${tag} | cut -c 1-64 | head -n 1)"
echo "processor=$(sed -n 's/^model name[^:]*: //p' /proc/cpuinfo | head -n 1)"`;
}

/** Reads lines `name=value`. */
function readWords(text: string): Readonly<Record<string, string>> {
	const lines = text.split('\n').map(line => /^(\w+)=(.*)$/.exec(line.trim()));
	return Object.fromEntries(lines.flatMap(line => (line === null ? [] : [[line[1], line[2]]])));
}

async function inContainer({kubeconfig}: Cluster, {pod, llmContainer, signal}: Asked, script: string): Promise<string> {
	const words = ['--kubeconfig', kubeconfig, '--namespace', namespace, 'exec', pod, '--container', llmContainer];
	return runTool('kubectl', [...words, '--', 'sh', '-c', script], {signal, timeout: 60});
}

const [shortProbe, longProbe] = [4, 24];

/** Sends two prompts of known words and sees how many tokens the model counts. */
async function probeTokens(address: Address, signal: AbortSignal): Promise<TokenCount> {
	const client = new ChatClient(address);
	const probe = async (words: number) => {
		const prompt = promptOf(words, words, {overhead: 0, perWord: 1});
		const chat = {tenant: 'probe', conversation: `probe-${words}`, prompt, maxTokens: 1};
		const {reply, error, outcome} = await client.send(chat, {deadline: unixNow() + 60, signal});
		signal.throwIfAborted();
		if (reply?.promptTokens === undefined) {
			const said = error ?? outcome;
			throw new UserError(
				'E_CLUSTER',
				`Expected the Service at ${address.host}:${address.port} to answer, got ${said}`,
			);
		}

		return {words, tokens: reply.promptTokens};
	};

	const short = await probe(shortProbe);
	return tokenCountOf(short, await probe(longProbe));
}
