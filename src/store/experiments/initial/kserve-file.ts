import {existsSync, rmSync} from 'node:fs';
import {join} from 'node:path';
import {kubectlYaml} from '../../../autoscaler/kubectl-yaml.ts';
import {UserError} from '../../../errors.ts';
import {writeNewFiles} from '../../disk/write-new.ts';
import {isInferenceService, madeByKserve, predictorName} from '../../manifests/inference-service.ts';
import type {ManifestObject} from '../../manifests/parse-manifests.ts';
import {faultTexts} from '../../yaml/source-tree.ts';

/** Objects of KServe as the text of a file, and what is assumed of them, a sentence each. */
type KserveText = {readonly text: string; readonly assumed: readonly string[]};

/**
 * The Deployments and autoscalers that KServe makes of the InferenceServices among manifests; undefined without any, or where
 * the Deployments are there too.
 *
 * @throws {UserError} E_CONFIG where one of them cannot be simulated
 */
export function kserveText(objects: readonly ManifestObject[]): KserveText | undefined {
	const services = objects.filter(
		object =>
			isInferenceService(object) &&
			!objects.some(({kind, name}) => kind === 'Deployment' && name === predictorName(object.name ?? '')),
	);
	const made = services.map(service => {
		const one = madeByKserve(service, objects);
		if ('faults' in one) {
			throw new UserError('E_CONFIG', faultTexts(one.faults));
		}

		return one;
	});
	const documents = made.flatMap((one, index) => {
		const head = `What KServe makes of the InferenceService ${services[index]!.name} in its Standard mode, as far as it decides pods and their number.`;
		return one.objects.map(object => kubectlYaml(object, [head]));
	});
	return made.length === 0 ? undefined : {text: documents.join('---\n'), assumed: made.flatMap(({assumed}) => assumed)};
}

/** Runs what needs the file of KServe's objects in a folder; where it fails the file goes again, unless it was there. */
export async function withKserveFile<T>(folder: string, text: string, work: (file: string) => Promise<T>): Promise<T> {
	const file = join(folder, 'kserve.yaml');
	const isNew = !existsSync(file);
	writeNewFiles(folder, {'kserve.yaml': text});
	try {
		return await work(file);
	} catch (error) {
		if (isNew) {
			rmSync(file, {force: true});
		}

		throw error;
	}
}
