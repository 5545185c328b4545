import {hpaObjectSpec, hpaSchemaFor, hpaSpecOf} from '../../autoscaler/hpa-manifest.ts';
import type {HpaSpec} from '../../autoscaler/hpa-spec.ts';
import {kedaHpaOf, kedaHpaSpecOf} from '../../autoscaler/keda/keda-hpa.ts';
import {ScaledObject} from '../../autoscaler/keda/scaled-object-schema.ts';
import {UserError} from '../../errors.ts';
import {readNamedText} from '../disk/read-text.ts';
import {largestYaml} from '../experiments/referenced-files.ts';
import {parseManifests} from '../manifests/parse-manifests.ts';
import {readHpa, splitName} from '../manifests/read-hpa.ts';
import {checkTree, faultLines} from '../yaml/describe-issues.ts';
import {faultTexts, plainValue, textAt} from '../yaml/source-tree.ts';

/** HPA of a second manifest: as the autoscaler obeys it, and its metrics in the API's form. */
type SecondManifest = {readonly spec: HpaSpec; readonly metrics: readonly object[]};

/**
 * Reads the HPA of a file of manifests, or the one that KEDA makes of a ScaledObject in it.
 *
 * @param given - `rendered.yaml`, or `rendered.yaml#chat` where it holds several
 * @throws {UserError} E_CONFIG with one line for each fault, E_FILE when the file cannot be read
 */
export async function readSecondManifest(given: string): Promise<SecondManifest> {
	const {path, name} = splitName(given);
	const found = readHpa(parseManifests(await readNamedText(path, largestYaml), path), {path, name});
	if ('lines' in found) {
		throw new UserError('E_CONFIG', faultTexts(found.lines));
	}

	if ('rule' in found) {
		throw new UserError('E_CONFIG', `Expected --against to be ${found.rule}, got ${found.got}`);
	}

	const {tree} = found;
	const value = plainValue(tree);
	const isKedas = textAt(tree, 'kind') === 'ScaledObject';
	const checked = checkTree(isKedas ? ScaledObject : hpaSchemaFor(value), tree);
	if ('faults' in checked) {
		throw new UserError('E_CONFIG', faultTexts(faultLines(tree, checked.faults)));
	}

	if (isKedas) {
		return {spec: kedaHpaSpecOf(value), metrics: kedaHpaOf(value).spec.metrics};
	}

	const spec = hpaSpecOf(value);
	const {metrics} = (value as {readonly spec?: {readonly metrics?: readonly object[] | null}}).spec ?? {};
	return {spec, metrics: metrics ?? hpaObjectSpec(spec).metrics};
}
