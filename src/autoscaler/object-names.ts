import * as z from 'zod';

/*
 * Names as the API server takes them. Each error message is a rule, the text that follows "Expected … to be".
 *
 * See kubernetes apimachinery v0.32 pkg/util/validation/validation.go.
 */

const subdomainRule = "a name of small letters, digits, '-' and '.', at most 253 of them";
const labelRule = "a name of small letters, digits and '-', at most 63 of them";
const kindRule = 'a kind such as Deployment';
const versionRule = 'a version such as apps/v1';

const label = '[a-z0-9]([-a-z0-9]*[a-z0-9])?';
const kind = /^[A-Za-z][-A-Za-z0-9]{0,61}[A-Za-z0-9]$/;

/** The name of an object, and of most of what Kubernetes knows (DNS-1123 subdomain). */
export const ObjectName = z
	.string({error: subdomainRule})
	.max(253, {error: subdomainRule})
	.regex(new RegExp(`^${label}(\\.${label})*$`), {error: subdomainRule});

/** The name of a namespace or of a container (DNS-1123 label). */
export const LabelName = z
	.string({error: labelRule})
	.max(63, {error: labelRule})
	.regex(new RegExp(`^${label}$`), {error: labelRule});

export const Kind = z.string({error: kindRule}).regex(kind, {error: kindRule});

/** A group, if any, and a version of it. */
export const ApiVersion = z
	.string({error: versionRule})
	.max(253, {error: versionRule})
	.regex(new RegExp(`^(${label}(\\.${label})*/)?${label}$`), {error: versionRule});

/** Metadata of an object as far as it is read; what else stands there is passed over. */
export const ObjectMetadata = z.looseObject({name: ObjectName.nullish(), namespace: LabelName.nullish()});
