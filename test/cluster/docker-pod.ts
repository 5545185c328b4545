import {randomBytes} from 'node:crypto';
import {execa} from 'execa';
import {readiness} from '../backend/start-bundle.ts';

export type DockerPod = {
	readonly url: string;
	readonly backend: string;
	readonly ollama: string;
	readonly remove: () => Promise<void>;
};

const images = {backend: 'replicast-backend:test', ollama: 'replicast-ollama:test'};
/** As the Deployment runs them. */
const confined = ['--read-only', '--cap-drop=ALL', '--security-opt=no-new-privileges', '--user=1000:1000'];

/** Builds both images from this checkout. */
export async function buildImages(): Promise<void> {
	await execa('node', ['scripts/bundle-backend.js']);
	await docker('build', '-t', images.backend, '-f', 'k8s/backend/Dockerfile', 'dist/backend-image');
	await docker('build', '-t', images.ollama, 'k8s/ollama');
}

/** Runs the two containers with one network between them, as a pod does, and waits until they are ready. */
export async function startDockerPod(environment: Record<string, string> = {}): Promise<DockerPod> {
	const name = `replicast-test-${randomBytes(4).toString('hex')}`;
	const [backend, ollama] = [`${name}-backend`, `${name}-ollama`];
	const variables = Object.entries({POD_NAME: name, OLLAMA_CPU_LIMIT_MILLICORES: '1000', ...environment});
	await docker(
		...['run', '-d', '--name', backend, '-p', '127.0.0.1::8080', '--memory=128m', ...confined],
		...variables.flatMap(([key, value]) => ['-e', `${key}=${value}`]),
		images.backend,
	);
	await docker(
		...['run', '-d', '--name', ollama, '--network', `container:${backend}`, '--memory=1g', '--cpus=1', ...confined],
		...['--tmpfs=/tmp', '--tmpfs=/home/ollama:uid=1000', '-e', 'OLLAMA_HOST=127.0.0.1:11434', images.ollama],
	);
	const url = `http://${await docker('port', backend, '8080/tcp')}`;
	const remove = async () => {
		await docker('rm', '-f', ollama, backend);
	};
	await waitUntilReady(url, remove);
	return {url, backend, ollama, remove};
}

/** @param remove - called when the pod does not become ready within two minutes */
export async function waitUntilReady(url: string, remove?: () => Promise<void>): Promise<void> {
	for (const end = Date.now() + 120_000; (await readiness(url)) !== 200; ) {
		if (Date.now() > end) {
			await remove?.();
			throw new Error('The pod is not ready after 120 s');
		}

		await new Promise(resolve => setTimeout(resolve, 200));
	}
}

/** Standard output of a docker command; it must succeed. */
export async function docker(...parameters: string[]): Promise<string> {
	return (await execa('docker', parameters)).stdout;
}

/** How often Ollama started a runner, which is how often it loaded a model. */
export async function countLoads(ollama: string): Promise<number> {
	const {all} = await execa('docker', ['logs', ollama], {all: true});
	return all.split('\n').filter(line => line.includes('msg="starting runner"')).length;
}
