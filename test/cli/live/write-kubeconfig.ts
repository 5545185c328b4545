import {writeFile} from 'node:fs/promises';
import {join} from 'node:path';
import {temporaryFolder} from '../run-command.ts';

/** Writes a kubeconfig of the API server on a port of this machine, namespace `llm`. @returns its path */
export async function writeKubeconfig(port: number): Promise<string> {
	const path = join(await temporaryFolder(), 'config');
	await writeFile(
		path,
		JSON.stringify({
			apiVersion: 'v1',
			kind: 'Config',
			'current-context': 'fake',
			clusters: [{name: 'fake', cluster: {server: `http://127.0.0.1:${port}`}}],
			users: [{name: 'fake', user: {}}],
			contexts: [{name: 'fake', context: {cluster: 'fake', user: 'fake', namespace: 'llm'}}],
		}),
	);
	return path;
}
