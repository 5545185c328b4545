/** Catalogue of instance types that the package ships. */
export const catalogue = `${process.cwd()}/models/instances/aws-us-east-1.yaml`;

/** NodePool whose template has this spec, with what else the pool says after it. */
export const poolText = (spec: string) => `apiVersion: karpenter.sh/v1
kind: NodePool
metadata: {name: general}
spec:
  template:
    spec:
${spec}`;
